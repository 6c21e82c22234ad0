"""Which units are near to which: one at a time and many at once tell the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import event, insert

from casework.routing import PLACEMENT, nearest_by_kind, nearest_of_many
from tests.build import Office

DAY = date(2025, 6, 10)


def test_many_units_at_once_are_told_what_each_is_told_alone(office: Office) -> None:
    with office.database.write() as connection:
        # Under its own district: a slip that must not keep anybody walking for ever.
        row = {"unit_id": office.units["tinh"], "relation": "authority", "under_id": office.units["huyen"]}
        connection.execute(insert(PLACEMENT), row | {"since": date(2025, 7, 1)})
    with office.database.read() as connection:
        for day in (DAY, date(2025, 7, 2), date(2019, 1, 1)):
            units = sorted(office.units.values())
            assert nearest_of_many(connection, units, day) == {
                unit: nearest_by_kind(connection, unit, day) for unit in units
            }


def test_a_thousand_schools_are_asked_for_in_as_many_statements_as_one(office: Office) -> None:
    counted: list[Any] = []
    with office.database.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *said: counted.append(said[2]))
        nearest_of_many(connection, [office.units["th-mau-1"]], DAY)
        one = len(counted)
        nearest_of_many(connection, list(office.units.values()), DAY)
    assert len(counted) == 2 * one


def test_where_nothing_is_asked_for_nothing_is_found(office: Office) -> None:
    with office.database.read() as connection:
        assert nearest_of_many(connection, [], DAY) == {}
