"""Files of earlier years: the rows that each wrote, against its chain; and titles that came by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import and_, exists, func, or_, select

from casework.career.import_file import import_subject
from casework.career.reader import LATEST_YEARS
from casework.career.tables import (
    IMPORT,
    IMPORTED,
    WRITTEN_BY_IMPORT,
)
from casework.decided import AWARD, DECISION
from casework.doctor.finding import fault
from casework.doctor.recorded import IMPORTING
from casework.doctor.view import View, payload_of
from casework.history import ENTRY
from rules.school_years import first_day, last_day, year_named

TAKEN_BACK = "take_back_career"
# Kind of file → kind of row that each of its lines becomes.
_LINES = {"titles": "award", "grades": "grade", "disciplines": "discipline", "service": "service"}


def imported_row_gone(view: View) -> Iterator[str]:
    """A row that an import wrote is not there, although the import stands; or the import itself is not there."""
    for kind, table in WRITTEN_BY_IMPORT.items():
        gone = table.c.id.is_(None)
        query = (
            select(IMPORTED.c.import_id)
            .outerjoin(IMPORT, IMPORT.c.id == IMPORTED.c.import_id)
            .outerjoin(table, table.c.id == IMPORTED.c.row_id)
            .where(
                IMPORTED.c.kind == kind,
                or_(IMPORT.c.id.is_(None), and_(IMPORT.c.taken_back_at.is_(None), gone)),
            )
            .distinct()
        )
        yield from view.ids("career-import", query.order_by(IMPORTED.c.import_id))


def taken_back_import_has_rows(view: View) -> Iterator[str]:
    """An import was taken back, and rows are still noted as written by it."""
    rows = exists().where(IMPORTED.c.import_id == IMPORT.c.id)
    query = select(IMPORT.c.id).where(IMPORT.c.taken_back_at.is_not(None), rows)
    yield from view.ids("career-import", query.order_by(IMPORT.c.id))


def row_of_two_imports(view: View) -> Iterator[str]:
    """Two imports claim to have written one row: to take one back would take from the other."""
    newest = func.max(IMPORTED.c.import_id)
    query = select(newest).group_by(IMPORTED.c.kind, IMPORTED.c.row_id).having(func.count() > 1).distinct()
    yield from view.ids("career-import", query.order_by(newest))


def import_differs_from_history(view: View) -> Iterator[str]:
    """An import, or how many rows it wrote or gave back, is not what its chain says."""
    counted: dict[int, dict[str, int]] = {}
    rows = select(IMPORTED.c.import_id, IMPORTED.c.kind, func.count().label("rows")).group_by(
        IMPORTED.c.import_id, IMPORTED.c.kind
    )
    for row in view.connection.execute(rows).mappings():
        counted.setdefault(row["import_id"], {})[row["kind"]] = row["rows"]
    chains = ENTRY.c.subject.startswith("career-import:", autoescape=True)
    query = select(ENTRY.c.subject, ENTRY.c.event, ENTRY.c.payload).where(chains)
    acts = {(row.subject, row.event): payload_of(row.payload) for row in view.connection.execute(query)}
    for row in view.rows(select(IMPORT).order_by(IMPORT.c.id)):
        subject = import_subject(row["id"])
        wrote, removed = acts.get((subject, IMPORTING)), acts.get((subject, TAKEN_BACK))
        back = row["taken_back_at"] is not None
        same = wrote is not None and all(
            wrote.get(name) == row[name] for name in ("kind", "sha256", "rows", "written")
        )
        if wrote is None or not same or back != (removed is not None):
            yield f"career-import:{row['id']}"
            continue
        found = removed.get("removed") if removed is not None else counted.get(row["id"], {})
        if not _counts(wrote, found):
            yield f"career-import:{row['id']}"


def _counts(wrote: Mapping[str, Any], found: Any) -> bool:
    """Whether as many rows of each kind are there, or were given back, as were written."""
    if not isinstance(found, dict):
        return False
    complete, stated = found.get("complete_year", 0), wrote.get("stated", 0)
    # Statements may have been taken back by themselves.
    if not (isinstance(complete, int) and isinstance(stated, int)) or complete > stated:
        return False
    if wrote["kind"] == "initiatives":
        # A line may say again what another one says: how many recognitions and uses came of them is not told.
        listed = wrote.get("initiatives")
        expected = {"initiative": listed.get("count", 0) if isinstance(listed, dict) else 0}
        kinds = {"initiative", "decision"}
    else:
        expected = {_LINES[str(wrote["kind"])]: wrote["written"]}
        kinds = {*expected, *found, "decision"} - {"complete_year"}
    expected["decision"] = wrote.get("decisions", 0)
    return all(found.get(kind, 0) == expected.get(kind, 0) for kind in kinds)


def imported_title_outside_its_year(view: View) -> Iterator[str]:
    """A title that a file brought was decided before its school year began, or years after it ended."""
    query = (
        select(AWARD.c.id, AWARD.c.school_year, DECISION.c.decided_on)
        .join(IMPORTED, and_(IMPORTED.c.kind == "award", IMPORTED.c.row_id == AWARD.c.id))
        .join(DECISION, DECISION.c.id == AWARD.c.decision_id)
    )
    for row in view.rows(query.order_by(AWARD.c.id)):
        year = year_named(row["school_year"])
        if year is None or not first_day(year) <= row["decided_on"] <= last_day(year + LATEST_YEARS):
            yield f"award:{row['id']}"


def imported_title_twice(view: View) -> Iterator[str]:
    """Files brought one title of one holder and school year twice."""
    newest = func.max(AWARD.c.id)
    query = (
        select(newest)
        .join(IMPORTED, and_(IMPORTED.c.kind == "award", IMPORTED.c.row_id == AWARD.c.id))
        .where(AWARD.c.standing == "held")
        .group_by(
            AWARD.c.person_id,
            AWARD.c.unit_id,
            AWARD.c.initiative_id,
            AWARD.c.title,
            AWARD.c.school_year,
            AWARD.c.award_type,
        )
        .having(func.count() > 1)
    )
    yield from view.ids("award", query.order_by(newest))


INVARIANTS = (
    fault(imported_row_gone),
    fault(taken_back_import_has_rows),
    fault(row_of_two_imports),
    fault(import_differs_from_history),
    fault(imported_title_outside_its_year),
    fault(imported_title_twice),
)
