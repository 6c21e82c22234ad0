"""The sample is in a home once, whole, and says what of it is real."""

from __future__ import annotations

import pytest
from sqlalchemy import func, insert, select

from casework.call import Call
from casework.home_clock import business_now, set_clock
from casework.regulations import published
from kit.database import Database
from models.base import metadata
from models.decision import Award, Decision
from models.person import Duty, Employment, Person
from models.unit import Placement, Unit
from rehearsal.load_sample import START, load_sample
from rules.reasons import Refused

LOAD = Call(None, START, "sample/load", "test")
TABLES = (Unit, Placement, Person, Employment, Duty, Award, Decision)


def counts(database: Database) -> list[int]:
    with database.read() as connection:
        return [
            connection.execute(select(func.count()).select_from(table.__table__)).scalar_one()
            for table in TABLES
        ]


def test_the_sample_is_loaded_once_and_a_clock_that_was_advanced_stays(database: Database) -> None:
    first = load_sample(database, LOAD)
    before = counts(database)
    with database.read() as connection:
        assert business_now(connection) == START
    later = START.replace(year=2025)
    set_clock(database, "fixed", later, Call(None, START, "somebody", "test"))
    second = load_sample(database, LOAD)
    assert (first.fresh, second.fresh) == (True, False)
    assert counts(database) == before
    # 2 units, their placements, 23 people and 53 awards are of the instructive cases, 3 awards of their initiatives.
    assert before[:6] == [77 + 2, 136 + 2, 953 + 23, 953 + 25 + 23, 238, 3311 + 53 + 3]
    # One decision of an earlier year covers many titles.
    assert before[6] < 200
    with database.read() as connection:
        assert business_now(connection) == later


def test_schools_of_every_kind_are_schools_and_all_regulations_are_published(database: Database) -> None:
    load_sample(database, LOAD)
    unit = Unit.__table__
    with database.read() as connection:
        rows = connection.execute(select(unit).where(unit.c.kind == "school")).all()
        schools = {row.code: (row.school_type, row.invented) for row in rows}
        kinds = ("procedure", "calendar", "holidays", "titles", "scorecard")
        names = {kind: [name for name, _ in published(connection, kind)] for kind in kinds}
    assert len(schools) == 28 + 2
    assert schools["ptcs-son-hai"] == ("basic", False)
    assert schools["th-mau-1"] == ("primary", True)
    assert names == {
        "procedure": [
            "bloc-prize-2024",
            "bloc-prize-2025",
            "initiative-2024",
            "initiative-2025",
            "school-certificate",
            "sudden-2024",
            "three-tier-2024",
            "two-tier-2025",
        ],
        "scorecard": ["cao-dang-2021", "tieu-hoc-600-200-200"],
        "calendar": ["2024-2025", "2024-2025-two-tier", "2025-2026", "2026-2027"],
        "holidays": ["2024", "2025", "2026", "2027"],
        "titles": ["titles"],
    }


def test_a_home_with_units_of_somebody_else_is_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.execute(
            insert(Unit.__table__), {"code": "truong-that", "kind": "school", "name": "Trường"}
        )
    with pytest.raises(Refused) as refusal:
        load_sample(database, LOAD)
    assert [reason.code for reason in refusal.value.reasons] == ["home_not_empty"]
    assert counts(database)[2] == 0


def test_what_verdicts_rest_on_fits_the_titles_and_says_where_silence_is_no_answer(
    database: Database,
) -> None:
    load_sample(database, LOAD)
    with database.read() as connection:

        def found(table: str, **where: object) -> list[dict[str, object]]:
            rows = metadata.tables[table]
            query = select(rows).where(*(rows.c[name] == value for name, value in where.items()))
            return [dict(row) for row in connection.execute(query).mappings()]

        graded = {(row["person_id"], row["school_year"]): row["grade"] for row in found("grade")}
        people = {row["code"]: row["id"] for row in found("person")}
        # Those of the instructive cases are there to lack something.
        cases = {number for code, number in people.items() if str(code).startswith("gv-9")}
        fighters = [row for row in found("award", title="CSTDCS") if row["person_id"] not in cases]
        assert {graded[row["person_id"], row["school_year"]] for row in fighters} == {"HTXSNV"}
        assert len([one for one, _ in graded if one is not None and one not in cases]) == 3_835
        assert (len(found("discipline")), len(found("service"))) == (3 + 5, 912 + 5)
        stated = {(row["person_id"], row["what"], row["school_year"]) for row in found("complete_year")}
        units = {row["code"]: row["id"] for row in found("unit")}
        told = {row["unit_id"] for row in found("complete_year")}
    assert (people["gv-0156"], "whole", "") in stated
    assert (people["gv-0156"], "grades", "2021-2022") in stated
    assert units["th-kien-binh-2"] in told and units["th-mau-3"] not in told
