"""What pages read of movements and exemplars: who stands below whom, who sees what, in which order."""

from __future__ import annotations

from sqlalchemy import select, true

from casework.exemplars.stages import Finding, find_exemplar
from casework.movements.rows import movement_by_code
from casework.routing import UNIT
from casework.sight import may_see_unit, sight_of
from casework.views.below import units_below
from casework.views.exemplar import mates_of, seen_units
from casework.views.exemplars import list_exemplars
from casework.views.movement import movement_page
from casework.views.movements import list_movements
from casework.views.planning import askable_by
from tests.build import PEOPLE, Office, noon
from tests.movements.cascade import DAY, DISTRICT, EDUCATION, TOP, cascade

TODAY = DAY("2025-02-05")


def test_units_below_are_just_those_that_may_be_seen_from_above(office: Office) -> None:
    with office.database.read() as connection:
        everywhere = set(connection.execute(select(UNIT.c.id)).scalars())
        for person in PEOPLE:
            sight = sight_of(connection, office.people[person], TODAY)
            if sight.administers:
                continue
            seen = {unit for unit in everywhere if may_see_unit(connection, sight, unit, TODAY)}
            assert units_below(connection, sight.units, TODAY, true()) == seen, person


def test_a_plan_asks_those_below_and_not_the_offices_beside(office: Office) -> None:
    with office.database.read() as connection:
        asked = {
            code: [row["code"] for row in askable_by(connection, office.units[code], TODAY).units]
            for code in ("pgd", "khoi", "huyen", "th-mau-1")
        }
    assert asked["pgd"] == ["khoi", "th-mau-1", "th-mau-2"]
    assert asked["khoi"] == ["th-mau-1", "th-mau-2"]
    assert set(asked["huyen"]) == {"khoi", "pgd", "pnv", "th-mau-1", "th-mau-2"}
    assert asked["th-mau-1"] == []


def test_a_movement_page_tells_each_reader_what_she_may_follow(office: Office) -> None:
    cascade(office)
    told = {}
    with office.database.read() as connection:
        row = movement_by_code(connection, EDUCATION.code)
        for person in ("office-head", "clerk", "clerk-2"):
            sight = sight_of(connection, office.people[person], TODAY)
            page = movement_page(connection, sight, row, noon("2025-02-05"))
            told[person] = (
                [plan["link"] for plan in page.above],
                [(call["unit"]["code"], call["reads"], call["link"]) for call in page.calls],
                [own["act"] for own in page.own],
            )
    assert told == {
        "office-head": ([False, True], [("th-mau-2", True, False), ("th-mau-1", True, True)], []),
        "clerk": ([False, False], [("th-mau-2", False, False), ("th-mau-1", True, True)], ["review"]),
        "clerk-2": ([False, False], [("th-mau-2", True, False), ("th-mau-1", False, False)], ["answer"]),
    }


def test_what_runs_stands_first(office: Office) -> None:
    cascade(office, 3)
    with office.database.read() as connection:
        for day in ("2025-02-05", "2030-01-01"):
            rows = list_movements(connection, None, first=DAY(day)).rows
            assert [row["code"] for row in rows] == [EDUCATION.code, DISTRICT.code, TOP.code]
        # Of plans that began later than the day, none runs before its own first day.
        assert list_movements(connection, None, running_on=DAY("2024-01-01")).rows == []


def test_schools_of_a_bloc_see_of_each_other_what_was_made_known(office: Office) -> None:
    found = Finding("th-mau-1", None, "Trường xanh", DAY("2025-02-01"))
    find_exemplar(office.database, None, found, office.call("clerk", "2025-02-05"))
    with office.database.read() as connection:
        sight = sight_of(connection, office.people["clerk-2"], TODAY)
        assert office.units["th-mau-1"] in mates_of(connection, sight, TODAY)
        seen = seen_units(connection, sight, TODAY)
        assert list_exemplars(connection, seen.units, made_known=seen.mates) == ([], 0)
        above = seen_units(connection, sight_of(connection, office.people["bloc-head"], TODAY), TODAY)
        assert list_exemplars(connection, above.units)[1] == 1
