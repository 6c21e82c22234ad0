"""A decision as a page: the money of what it awarded, for the screen, for paper, and as a file for spreadsheets."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from casework.law.money_lines import totals_told
from casework.law.money_sheet import money_sheet
from rules.windows import local_day
from web.errors import NotFound
from web.money import A_PAGE, money_csv, paged
from web.visit import SignedIn, Visit

router = APIRouter()


@router.get("/decisions/{number}")
def decision(number: int, visit: SignedIn, page: int = 1) -> Response:
    """The money sheet of a decision, for who decided it, the awardees' schools and the offices above these.

    The sums are of all of it; the awards are shown a page at a time, what is no longer held after what is.
    """
    found = _sheet(visit, number)
    shown = paged(found, page, visit.lang)
    told = totals_told(found["totals"], visit.lang)
    return visit.page("decision.html", sheet=found, shown=shown, per_page=A_PAGE, told=told)


@router.get("/decisions/{number}/money.csv")
def money_file(number: int, visit: SignedIn) -> Response:
    """The same as a file."""
    return money_csv(_sheet(visit, number), visit.words, str(number))


def _sheet(visit: Visit, number: int) -> dict[str, Any]:
    with visit.reading() as connection:
        found = money_sheet(connection, number, visit.lang, local_day(visit.now), visit.sight)
    if found is None:
        raise NotFound
    return found
