"""Which units are near to which: one at a time and many at once tell the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import event, insert

from casework.routing import PLACEMENT, nearest_by_kind, nearest_of_many
from tests.build import Office

DAY = date(2025, 6, 10)


PROVINCE = {
    "province_committee": "tinh",
    "interior_department": "snv",
    "provincial_council": "hoi-dong-tinh",
    "education_department": "sgd",
}
DISTRICT = PROVINCE | {
    "people_committee": "huyen",
    "education_office": "pgd",
    "interior_office": "pnv",
    "emulation_council": "hoi-dong",
}


def near(office: Office, day: date) -> dict[str, dict[str, str]]:
    """Unit → kind → the nearest unit of that kind, by codes, of all units at once; each alone is told the same."""
    codes = {unit: code for code, unit in office.units.items()}
    with office.database.read() as connection:
        found = nearest_of_many(connection, sorted(codes), day)
        for unit, nearest in found.items():
            assert nearest_by_kind(connection, unit, day) == nearest
    return {codes[unit]: {k: codes[n] for k, n in nearest.items()} for unit, nearest in found.items()}


def test_the_nearest_are_the_unit_itself_its_bloc_its_authorities_and_their_offices(office: Office) -> None:
    found = near(office, DAY)
    assert found["th-mau-1"] == DISTRICT | {"school": "th-mau-1", "bloc": "khoi"}
    assert found["khoi"] == DISTRICT | {"bloc": "khoi"}
    assert found["pgd"] == DISTRICT
    # Beside an office of the province stand its districts too, of which the first is taken.
    assert found["snv"] == PROVINCE | {"people_committee": "huyen"}
    assert found["bo"] == {"ministry": "bo"}
    # Before anybody stood under anybody.
    assert near(office, date(2019, 1, 1))["th-mau-1"] == {"school": "th-mau-1"}


def test_a_unit_that_stands_under_its_own_district_keeps_nobody_walking_for_ever(office: Office) -> None:
    with office.database.write() as connection:
        row = {"unit_id": office.units["tinh"], "relation": "authority", "under_id": office.units["huyen"]}
        connection.execute(insert(PLACEMENT), row | {"since": date(2025, 7, 1)})
    assert near(office, date(2025, 7, 2))["th-mau-1"] == DISTRICT | {"school": "th-mau-1", "bloc": "khoi"}


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
