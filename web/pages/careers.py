"""Histories of people and units as lines of time, files of earlier years taken over, grades, corrections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection, select
from starlette.responses import Response

from casework.career.columns import COLUMNS, MOST_ROWS
from casework.career.import_file import import_file, look_at_file
from casework.career.reach import AT_SCHOOL, KEEPERS
from casework.career.record_grades import (
    MOST_LISTED,
    GradeDecision,
    TypedGrade,
    look_at_grades,
    record_grades,
    typed_grades,
)
from casework.career.seen import SeenFile
from casework.career.take_back import take_back_import
from casework.people import PERSON, UNIT
from casework.views.career import csv_rows, list_imports, person_career, unit_career
from casework.views.naming import named
from documents.csv_lines import MARK, csv_lines
from documents.table_text import NotReadable, rows_of
from rules.reasons import Reason, Refused
from rules.school_years import name_on, year_named
from rules.windows import local_day
from web.career_form import ACTS, do_career_act, given_file, said_of
from web.errors import REFUSED, NotFound, OthersOnly
from web.forms import Form
from web.visit import Posted, SignedIn, Visit, said

router = APIRouter()
_SHORT, _PASTE = 200, 200_000
#: rows of a preview that are shown of each standing; beyond them the numbers speak
SHOWN = 100


@router.get("/careers")
def hub(visit: SignedIn, find: str = "", done: int = 0) -> Response:
    """Whose history is looked for, and, for keepers, the files that were taken over."""
    wanted = find.strip()[:_SHORT]
    with visit.reading() as connection:
        if wanted:
            path = _found(connection, wanted)
            if path is not None:
                return visit.on_to(path)
        keeps = _keeps(visit)
        imports = list_imports(connection) if keeps or visit.sight.administers else []
    return visit.page(
        "careers/hub.html",
        find=wanted,
        imports=imports,
        keeps=keeps,
        grades=bool(_graded_units(visit)) or keeps,
        done=done,
        reasons=(),
    )


@router.get("/careers/import")
def import_form(visit: SignedIn) -> Response:
    """The form of a file."""
    return _import(visit)


@router.post("/careers/import")
def look(visit: SignedIn, posted: Posted) -> Response:
    """Look at a file; write it once it was confirmed as it was shown."""
    _only_keepers(visit)
    given, kept = given_file(posted)
    if given is None:
        return _import(visit, posted, status=REFUSED)
    call = visit.call(posted)
    try:
        with visit.reading() as connection:
            seen = look_at_file(connection, given, call)
        if posted.text("do") == "write" and seen.ready:
            done = import_file(visit.database, given, call, mark=posted.text("mark", longest=_SHORT))
            return visit.on_to(f"/careers?done={done.subject.partition(':')[2]}")
    except Refused as refusal:
        return _import(visit, posted, reasons=refusal.reasons, status=REFUSED)
    return _import(visit, posted, seen, kept=kept, file_name=given.file_name)


@router.post("/careers/imports/{number}/take-back")
def take_back(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Take back what an import wrote."""
    _only_keepers(visit)
    reason = posted.text("reason", needed=True)
    try:
        take_back_import(visit.database, number, reason, visit.call(posted))
    except Refused as refusal:
        with visit.reading() as connection:
            told, imports = named(connection, refusal.reasons, visit.lang), list_imports(connection)
        shown = {"find": "", "imports": imports, "keeps": True, "grades": True, "done": 0, "reasons": told}
        return visit.page("careers/hub.html", status=REFUSED, **shown)
    return visit.on_to("/careers")


@router.get("/careers/grades")
def grades_form(visit: SignedIn, unit: str = "") -> Response:
    """The form of a list of grades."""
    return _grades(visit, unit)


@router.post("/careers/grades")
def grades(visit: SignedIn, posted: Posted) -> Response:
    """Look at a list of grades; write it once it was confirmed."""
    unit = posted.text("unit", longest=_SHORT, needed=True)
    year, number = posted.text("year", longest=9), posted.text("number", longest=80, needed=True)
    on, body = posted.day("on", needed=True), posted.text("body", longest=_SHORT, needed=True)
    rows = _typed(posted)
    if not rows and not posted.faults:
        posted.faults["list"] = "needed"
    if posted.faults or on is None:
        return _grades(visit, unit, posted, status=REFUSED)
    of = GradeDecision(year, number, on, body)
    call = visit.call(posted)
    try:
        with visit.reading() as connection:
            seen = look_at_grades(connection, unit, of, rows, call)
        if posted.text("do") == "write" and seen.ready:
            done = record_grades(visit.database, unit, of, rows, call)
            return visit.on_to(f"/careers/units/{unit}?done={done.seq}")
    except Refused as refusal:
        return _grades(visit, unit, posted, reasons=refusal.reasons, status=REFUSED)
    return _grades(visit, unit, posted, seen=seen, rows=rows, status=REFUSED if seen.reasons else 200)


@router.get("/careers/people/{code}")
def person(code: str, visit: SignedIn, done: int = 0) -> Response:
    """The history of a person."""
    return _career(visit, "person", code, done=done)


@router.get("/careers/people/{code}/history.csv")
def person_csv(code: str, visit: SignedIn) -> Response:
    """The history of a person as a file."""
    return _csv(visit, "person", code)


@router.get("/careers/units/{code}")
def unit(code: str, visit: SignedIn, done: int = 0) -> Response:
    """The history of a unit, with that of the units whose work it took over."""
    return _career(visit, "unit", code, done=done)


@router.get("/careers/units/{code}/history.csv")
def unit_csv(code: str, visit: SignedIn) -> Response:
    """The history of a unit as a file."""
    return _csv(visit, "unit", code)


@router.get("/careers/people/{code}/acts/{act}")
def person_act_form(code: str, act: str, visit: SignedIn, row: int = 0) -> Response:
    """The form of an act on a person's history."""
    return _act_form(visit, "person", code, act, row=row)


@router.post("/careers/people/{code}/acts/{act}")
def person_act(code: str, act: str, visit: SignedIn, posted: Posted) -> Response:
    """Do it."""
    return _act(visit, "person", code, act, posted)


@router.get("/careers/units/{code}/acts/{act}")
def unit_act_form(code: str, act: str, visit: SignedIn, row: int = 0) -> Response:
    """The form of an act on a unit's history."""
    return _act_form(visit, "unit", code, act, row=row)


@router.post("/careers/units/{code}/acts/{act}")
def unit_act(code: str, act: str, visit: SignedIn, posted: Posted) -> Response:
    """Do it."""
    return _act(visit, "unit", code, act, posted)


_PATHS = {"person": "/careers/people/", "unit": "/careers/units/"}


def _found(connection: Connection, wanted: str) -> str | None:
    """The page of a code; whether somebody may see it, the page itself says."""
    for table, of in ((PERSON, "person"), (UNIT, "unit")):
        if connection.execute(select(table.c.id).where(table.c.code == wanted)).first():
            return f"{_PATHS[of]}{wanted}"
    return None


def _keeps(visit: Visit) -> bool:
    return any(holding.duty in KEEPERS for holding in visit.sight.holdings)


def _only_keepers(visit: Visit) -> None:
    if not _keeps(visit):
        raise OthersOnly(KEEPERS)


def _graded_units(visit: Visit) -> list[int]:
    return sorted({h.unit_id for h in visit.sight.holdings if h.duty in AT_SCHOOL})


def _shown(connection: Connection, visit: Visit, of: str, code: str) -> dict[str, Any]:
    look_of = person_career if of == "person" else unit_career
    try:
        return look_of(connection, code, visit.now, visit.lang, sight=visit.sight)
    except Refused as refusal:
        raise NotFound from refusal


def _career(visit: Visit, of: str, code: str, *, done: int = 0) -> Response:
    with visit.reading() as connection:
        career = _shown(connection, visit, of, code)
    acts = [act for act in ACTS.values() if career["keeps"] and of in act.of and not act.row]
    whole = "whole" in career["complete"]
    hidden = {"state_whole"} if whole else {"state_incomplete"}
    return visit.page(
        "careers/career.html",
        career=career,
        of=of,
        path=f"{_PATHS[of]}{code}",
        acts=[act for act in acts if act.name not in hidden],
        done=done,
    )


def _csv(visit: Visit, of: str, code: str) -> Response:
    with visit.reading() as connection:
        career = _shown(connection, visit, of, code)
    body = MARK + csv_lines(csv_rows(career["lines"], visit.lang))
    name = f"{code}-{local_day(visit.now).isoformat()}.csv"
    return Response(
        body.encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _act_form(
    visit: Visit,
    of: str,
    code: str,
    name: str,
    posted: Form | None = None,
    reasons: Sequence[Reason] = (),
    *,
    row: int = 0,
) -> Response:
    act = ACTS.get(name)
    if act is None or of not in act.of:
        raise NotFound
    with visit.reading() as connection:
        career = _shown(connection, visit, of, code)
        told = named(connection, reasons, visit.lang)
    if not career["keeps"]:
        raise OthersOnly(KEEPERS)
    now = name_on(local_day(visit.now))
    last = year_named(now) or 0
    return visit.page(
        "careers/act.html",
        status=REFUSED if posted else 200,
        act=act,
        career=career,
        of=of,
        path=f"{_PATHS[of]}{code}",
        row=row or (said(posted).get("row") or 0),
        years=[f"{year}-{year + 1}" for year in range(last, last - 41, -1)],
        form=said(posted),
        faults=posted.faults if posted else {},
        reasons=told,
    )


def _act(visit: Visit, of: str, code: str, name: str, posted: Form) -> Response:
    act = ACTS.get(name)
    if act is None or of not in act.of:
        raise NotFound
    with visit.reading() as connection:
        career = _shown(connection, visit, of, code)
    if not career["keeps"]:
        raise OthersOnly(KEEPERS)
    given = said_of(act, posted)
    if given is None:
        return _act_form(visit, of, code, name, posted)
    try:
        done = do_career_act(visit.database, act, code, given, visit.call(posted), unit=of == "unit")
    except Refused as refusal:
        return _act_form(visit, of, code, name, posted, refusal.reasons)
    return visit.on_to(f"{_PATHS[of]}{code}?done={done.seq}")


def _import(
    visit: Visit,
    posted: Form | None = None,
    seen: SeenFile | None = None,
    *,
    reasons: Sequence[Reason] = (),
    kept: str = "",
    file_name: str = "",
    status: int = 200,
) -> Response:
    _only_keepers(visit)
    with visit.reading() as connection:
        refused = seen.of("refused")[:SHOWN] if seen else ()
        inside = [reason for row in refused for reason in row.reasons]
        every = named(connection, [*reasons, *(seen.reasons if seen else ()), *inside], visit.lang)
    told = every[: len(every) - len(inside)]
    rest = iter(every[len(told) :])
    by_row = {row.line: [next(rest) for _ in row.reasons] for row in refused}
    return visit.page(
        "careers/import.html",
        status=status,
        seen=seen,
        kinds=tuple(COLUMNS),
        columns=COLUMNS,
        most=MOST_ROWS,
        shown=SHOWN,
        by_row=by_row,
        kept=kept,
        file_name=file_name,
        form=said(posted),
        faults=posted.faults if posted else {},
        reasons=told,
    )


def _typed(posted: Form) -> list[TypedGrade]:
    kept = posted.wholes("keep")[:MOST_LISTED]
    if kept:
        return [
            TypedGrade(
                posted.text(f"who-{n}", longest=_SHORT),
                posted.text(f"grade-{n}", longest=_SHORT),
                posted.text(f"birth-{n}", longest=40),
            )
            for n in kept
        ]
    try:
        return typed_grades(rows_of(posted.text("list", longest=_PASTE), MOST_LISTED + 1))
    except NotReadable as trouble:
        posted.faults["list"] = trouble.code
        return []


def _grades(
    visit: Visit,
    unit: str,
    posted: Form | None = None,
    *,
    seen: SeenFile | None = None,
    rows: Sequence[TypedGrade] = (),
    reasons: Sequence[Reason] = (),
    status: int = 200,
) -> Response:
    mine = _graded_units(visit)
    if not mine and not _keeps(visit):
        raise OthersOnly((*AT_SCHOOL, *KEEPERS))
    with visit.reading() as connection:
        units = connection.execute(select(UNIT.c.code, UNIT.c.name).where(UNIT.c.id.in_(mine))).all()
        inside = [reason for row in seen.rows for reason in row.reasons] if seen else []
        every = named(connection, [*reasons, *(seen.reasons if seen else ()), *inside], visit.lang)
    told = every[: len(every) - len(inside)]
    rest = iter(every[len(told) :])
    by_row = {row.line: [next(rest) for _ in row.reasons] for row in (seen.rows if seen else ())}
    now = name_on(local_day(visit.now))
    last = year_named(now) or 0
    back = 1 if not _keeps(visit) else 40
    return visit.page(
        "careers/grades.html",
        status=status,
        seen=seen,
        rows=rows,
        by_row=by_row,
        unit=unit or (units[0].code if units else ""),
        units=units,
        years=[f"{year}-{year + 1}" for year in range(last, last - back - 1, -1)],
        most=MOST_LISTED,
        form=said(posted),
        faults=posted.faults if posted else {},
        reasons=told,
    )
