"""A school's own page: its dossiers by year, what they lack, what it owes, its people."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.law.money_sight import sees_money
from casework.reads import Reads
from casework.routing import unit_by_code
from casework.sight import may_see_unit
from casework.views.bloc_sheets import blocs_of, sheets_waiting
from casework.views.nominees import people_of
from casework.views.obligations import list_obligations, near
from casework.views.openings import opening_duties
from casework.views.queue import PAGE
from casework.views.school import CHECKED, checklists, dossiers_of
from casework.views.today import running
from rules.reasons import Refused
from rules.school_years import name_on
from rules.windows import local_day
from web.errors import NotFound
from web.visit import SignedIn, Visit

router = APIRouter()


@router.get("/schools/{unit}")
def school(unit: str, visit: SignedIn, people: str = "", page: int = 1, people_page: int = 1) -> Response:
    """The page of a school, for whoever holds a duty there or above it; its people for the former alone."""
    with visit.reading() as connection:
        row = seen_unit(connection, visit, unit, "school")
        at, day = int(row["id"]), local_day(visit.now)
        dossiers, total = dossiers_of(
            connection, visit.sight, at, visit.now, visit.lang, start=(max(page, 1) - 1) * PAGE
        )
        lists = checklists(connection, visit.sight, at, visit.now, visit.lang)
        calendars = running(Reads(connection, day))
        owed = near(
            list_obligations(connection, visit.now, visit.lang, units=[at], sight=visit.sight), calendars
        )
        own = visit.sight.administers or at in visit.sight.units
        staff = (
            people_of(connection, at, day, people, start=(max(people_page, 1) - 1) * PAGE) if own else None
        )
        sheets = sheets_waiting(connection, visit.sight, visit.now, [at])
        blocs = blocs_of(connection, at, day, calendars[0].school_year if calendars else name_on(day))
        money = at in sees_money(connection, visit.sight, (), [at], day).units
        opens = not visit.sight.at(at).isdisjoint(opening_duties(connection, day))
    return visit.page(
        "school.html",
        unit=row,
        dossiers=dossiers,
        total=total,
        page=max(page, 1),
        per_page=PAGE,
        lists=lists,
        checked=CHECKED,
        owed=owed,
        staff=staff,
        wanted=people,
        people_page=max(people_page, 1),
        money=money,
        opens=opens,
        sheets=sheets,
        blocs=blocs,
    )


def seen_unit(connection: Connection, visit: Visit, code: str, kind: str = "") -> dict[str, Any]:
    """The row of a unit that this person may see.

    Raises:
        NotFound: there is none of that code and kind, or none for this person: the two look alike.
    """
    try:
        row = unit_by_code(connection, code)
    except Refused as refusal:
        raise NotFound from refusal
    unit = int(str(row["id"]))
    if kind not in ("", row["kind"]) or not may_see_unit(connection, visit.sight, unit, local_day(visit.now)):
        raise NotFound
    return row
