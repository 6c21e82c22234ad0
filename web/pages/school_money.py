"""What a school and its people are paid for the titles of a school year: for the screen, for paper, and as a file."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from casework.law.money_lines import totals_told
from casework.law.money_unit import money_of_unit
from rules.school_years import name_on, year_named
from rules.windows import local_day
from web.errors import NotFound
from web.money import A_PAGE, money_csv, paged
from web.pages.school import seen_unit
from web.visit import SignedIn, Visit

router = APIRouter()


@router.get("/schools/{unit}/money")
def school_money(unit: str, visit: SignedIn, year: str = "", page: int = 1) -> Response:
    """What a school year pays, for the school and the offices above it; without ``year`` the newest with an award."""
    row, found = _sheet(visit, unit, year)
    shown = paged(found, page, visit.lang)
    told = totals_told(found["totals"], visit.lang)
    return visit.page("school_money.html", unit=row, sheet=found, shown=shown, per_page=A_PAGE, told=told)


@router.get("/schools/{unit}/money.csv")
def school_money_file(unit: str, visit: SignedIn, year: str = "") -> Response:
    """The same as a file."""
    row, found = _sheet(visit, unit, year)
    return money_csv(found, visit.words, f"{row['code']}-{found['school_year']}")


def _sheet(visit: Visit, unit: str, year: str) -> tuple[dict[str, Any], dict[str, Any]]:
    day = local_day(visit.now)
    with visit.reading() as connection:
        row = seen_unit(connection, visit, unit, "school")
        asked = year if year_named(year) is not None else None
        found = money_of_unit(connection, int(row["id"]), asked, visit.lang, day, visit.sight)
    if found is None:
        raise NotFound
    return row, {**found, "school_year": found["school_year"] or name_on(day)}
