"""The office as its administrator keeps it: units as a tree, one unit, people found by words."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from casework.views.at_unit import at_unit
from casework.views.obligations import list_obligations
from casework.views.office import list_people, show_unit
from casework.views.unit_tree import unit_tree
from rules.reasons import Refused
from rules.windows import local_day
from states.vocabulary import DUTIES
from web.errors import NotFound
from web.paging import SHOWN, line_of, paging, start_of
from web.visit import Administrator

router = APIRouter()


@router.get("/office")
def units(visit: Administrator, words: str = "", start: int = 0) -> Response:
    """The units of the day, each under its authority; those that hold every word, where words are given."""
    words, start = line_of(words), start_of(start)
    with visit.reading() as connection:
        rows, total = unit_tree(connection, local_day(visit.now), words, limit=SHOWN, start=start)
    shown = paging("/office", {"words": words}, start, total)
    return visit.page("office/units.html", rows=rows, words=words, pages=shown)


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
