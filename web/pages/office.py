"""The office as its administrator keeps it: units level by level, one unit, people found by words."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from casework.views.at_unit import at_unit
from casework.views.bounded import COUNTED
from casework.views.obligations import list_obligations
from casework.views.office import list_people, show_unit
from casework.views.unit_tree import units_at, units_found
from rules.reasons import Refused
from rules.windows import local_day
from states.vocabulary import DUTIES, UNIT_KINDS
from web.errors import NotFound
from web.paging import SHOWN, line_of, paging, start_of
from web.visit import Administrator

router = APIRouter()


@router.get("/office")
def units(visit: Administrator, words: str = "", kind: str = "", under: str = "", start: int = 0) -> Response:
    """A level of the units of the day, the top one or that under one; with words or a kind those found among all."""
    words, under, start = line_of(words), line_of(under), start_of(start)
    kind = kind if kind in UNIT_KINDS else ""
    asked = {"words": words, "kind": kind, "under": "" if words or kind else under}
    day = local_day(visit.now)
    with visit.reading() as connection:
        try:
            found = (
                units_found(connection, day, words, kind, limit=SHOWN, start=start)
                if words or kind
                else units_at(connection, day, under or None, limit=SHOWN, start=start)
            )
        except Refused as refusal:
            raise NotFound from refusal
    return visit.page(
        "office/units.html",
        found=found,
        asked=asked,
        kinds=[(kind, visit.words.word("unit_kinds", kind)) for kind in reversed(UNIT_KINDS)],
        most=COUNTED,
        pages=paging("/office", asked, start, min(found.total, COUNTED)),
    )


@router.get("/office/units/{code}")
def unit(code: str, visit: Administrator) -> Response:
    """One unit: where it stands, who holds what, what it has and owes."""
    day = local_day(visit.now)
    with visit.reading() as connection:
        try:
            shown = show_unit(connection, code, day)
        except Refused as refusal:
            raise NotFound from refusal
        shown |= at_unit(connection, code, day)
        owed = list_obligations(connection, visit.now, visit.lang, unit=code)
    open_now = [row for row in owed if row["standing"] != "met"]
    return visit.page("office/unit.html", unit=shown, owed=open_now[:SHOWN], owed_count=len(open_now))


@router.get("/office/people")
def people(visit: Administrator, words: str = "", unit: str = "", duty: str = "", start: int = 0) -> Response:
    """People with where they work; by words, unit and duty."""
    words, unit, start = line_of(words), line_of(unit), start_of(start)
    duty = duty if duty in DUTIES else ""
    asked = {"words": words, "unit": unit, "duty": duty}
    rows, total, fault = [], 0, ""
    with visit.reading() as connection:
        try:
            rows, total = list_people(
                connection,
                local_day(visit.now),
                unit=unit or None,
                duty=duty or None,
                name=words or None,
                limit=SHOWN,
                start=start,
            )
        except Refused:
            fault = "no_unit"
    return visit.page(
        "office/people.html",
        rows=rows,
        asked=asked,
        fault=fault,
        duties=DUTIES,
        pages=paging("/office/people", asked, start, total),
    )
