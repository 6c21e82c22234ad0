"""The instructive cases of the sample (docs/cases.md): two schools that were merged, their people and histories.

What no act makes (units and people) is loaded as rows with the rest of the sample; histories, initiatives among them,
are taken over by the acts that a keeper has: files of earlier years, years stated as complete, a grade corrected.
None of it is part of the simulated year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from casework.call import Call
from casework.career.complete import state_complete, state_whole
from casework.career.correct_grade import correct_grade
from casework.career.import_file import Given, import_file
from casework.career.open_matter import open_matter
from casework.career.record_grades import GradeDecision
from casework.history import ENTRY
from casework.people import PERSON
from casework.regulations import publish_regulation
from kit.database import Database
from models.person import Duty, Employment
from models.unit import Placement, Unit
from rehearsal.edition import Edition
from rehearsal.sample_files import CASES, SCHOOL_TYPES, day_or_none, rows_of
from rules.school_years import year_named

#: in the order in which they are taken over
FILES = ("titles", "grades", "disciplines", "service", "initiatives")
_KEY = "sample/cases"
UNIT, PLACEMENT = Unit.__table__, Placement.__table__
EMPLOYMENT, DUTY = Employment.__table__, Duty.__table__


def case_rows(connection: Connection, call: Call) -> int:
    """Load units and people, and publish what became of the two schools; how many rows there are."""
    units, people = rows_of("units", CASES), rows_of("people", CASES)
    connection.execute(insert(UNIT), [_unit(row) for row in units])
    connection.execute(insert(PERSON), [_person(row) for row in people])
    unit_ids, person_ids = _ids(connection, UNIT), _ids(connection, PERSON)
    placements = rows_of("placements", CASES)
    connection.execute(insert(PLACEMENT), [_placement(row, unit_ids) for row in placements])
    employed = [
        {"person_id": person_ids[row["code"]], "unit_id": unit_ids[row["unit"]], **_span(row)}
        for row in people
    ]
    connection.execute(insert(EMPLOYMENT), employed)
    publish_regulation(connection, "succession", (CASES / "succession.yaml").read_bytes(), call)
    return len(units) + len(placements) + len(people) + len(employed)


def take_over_cases(database: Database, played: Edition, via: str) -> None:
    """Let an appraiser of the province take over the histories; what was done before is not done again.

    Raises:
        Refused: a row of the files is not as the acts want it.
        StorageTrouble: the database could not be written.
    """
    acts = rows_of("acts", CASES)
    last = f"{_KEY}/{len(acts)}"
    with database.read() as connection:
        if connection.execute(select(ENTRY.c.seq).where(ENTRY.c.request_key == last)).first():
            return
        keepers = select(DUTY.c.person_id).where(DUTY.c.duty == "province_appraiser").order_by(DUTY.c.id)
        keeper = connection.execute(keepers.limit(1)).scalar_one()

    def call(part: object) -> Call:
        return Call(keeper, played.start, f"{_KEY}/{part}", via)

    for kind in FILES:
        file = Path(CASES / f"{kind}.csv")
        import_file(database, Given(kind, file.name, file.read_bytes()), call(kind))
    for number, row in enumerate(acts, start=1):
        _act(database, row, call(number))


def _act(database: Database, row: Mapping[str, str], call: Call) -> None:
    who, what = row["who"], row["what"]
    if row["act"] == "correct_grade":
        decision = GradeDecision(
            row["since_year"], row["number"], date.fromisoformat(row["day"]), "Trường Tiểu học Mẫu 8"
        )
        correct_grade(database, who, what, decision, row["text"], call)
    elif row["act"] == "state_complete":
        first, last = (year_named(row[name]) or 0 for name in ("since_year", "until_year"))
        state_complete(database, who, what, range(first, last + 1), call)
    elif row["act"] == "state_whole":
        state_whole(database, who, call)
    elif row["act"] == "open_matter":
        open_matter(database, who, what, date.fromisoformat(row["day"]), row["text"], call)
    else:
        raise LookupError(row["act"])


def _ids(connection: Connection, table: Any) -> dict[str, int]:
    return {row.code: row.id for row in connection.execute(select(table.c.code, table.c.id))}


def _span(row: Mapping[str, str]) -> dict[str, Any]:
    return {"since": day_or_none(row["since"]), "until": day_or_none(row["until"])}


def _unit(row: Mapping[str, str]) -> dict[str, Any]:
    school = row["kind"] in SCHOOL_TYPES
    return {
        "code": row["code"],
        "kind": "school" if school else row["kind"],
        "school_type": row["kind"] if school else "",
        "name": row["name"],
        "verified": row["verified"] == "true",
        "source": row["source"],
        "invented": row["invented"] == "true",
        **_span(row),
    }


def _person(row: Mapping[str, str]) -> dict[str, Any]:
    plain = ("code", "name", "gender", "email", "locale")
    return {**{name: row[name] for name in plain}, "birth_date": day_or_none(row["birth_date"])}


def _placement(row: Mapping[str, str], units: Mapping[str, int]) -> dict[str, Any]:
    ends = {"unit_id": units[row["unit"]], "under_id": units[row["under"]]}
    return {**ends, "relation": row["relation"], **_span(row)}
