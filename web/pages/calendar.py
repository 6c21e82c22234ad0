"""What the units of whoever asks owe by the calendar, the reminders to come, and the feed for phones and computers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from casework.preview import preview
from casework.reads import Reads
from casework.views.feed import feed_of
from casework.views.obligations import list_obligations, near
from casework.views.openings import schools_of
from casework.views.queue import PAGE
from casework.views.today import kinds_of, running
from rules.windows import local_day
from web.ribbon import ribbons
from web.visit import SignedIn

router = APIRouter()
STANDINGS = ("open", "late", "coming", "met")
#: reminders further away than this are not shown
_AHEAD = timedelta(days=60)
MOST_REMINDERS = 50


@router.get("/calendar")
def calendar(visit: SignedIn, standing: str = "", unit: str = "", later: str = "", page: int = 1) -> Response:
    """What is owed, by due day, with filters; the year as a ribbon."""
    with visit.reading() as connection:
        reads = Reads(connection, local_day(visit.now))
        calendars = running(reads)
        kinds = kinds_of(connection, visit.sight)
        everything = list_obligations(
            connection, visit.now, visit.lang, units=visit.sight.units, sight=visit.sight
        )
        places = {kind: schools_of(connection, visit.sight, kind) for kind in ("school", "bloc")}
    rows = everything if later else near(everything, calendars)
    units = {row["unit"]["code"]: row["unit"]["name"] for row in rows}
    counts = {name: sum(row["standing"] == name for row in rows) for name in STANDINGS}
    wanted = [row for row in rows if standing in ("", row["standing"]) and unit in ("", row["unit"]["code"])]
    start = (max(page, 1) - 1) * PAGE
    return visit.page(
        "calendar.html",
        rows=wanted[start : start + PAGE],
        total=len(wanted),
        page=max(page, 1),
        per_page=PAGE,
        standing=standing,
        standings=STANDINGS,
        counts=counts,
        unit=unit,
        later=later,
        hidden=len(everything) - len(rows),
        units=sorted(units.items()),
        places=places,
        ribbons=ribbons(calendars, kinds, local_day(visit.now), visit.lang),
    )


@router.get("/calendar/reminders")
def reminders(visit: SignedIn) -> Response:
    """The reminders that this person would get of what her units owe, if nobody did anything."""
    until = local_day(visit.now) + _AHEAD
    with visit.reading() as connection:
        rows: list[dict[str, Any]] = preview(
            connection, visit.now, visit.lang, person=visit.me.code, units=visit.sight.units, until=until
        )
    return visit.page(
        "reminders.html", rows=rows[:MOST_REMINDERS], total=len(rows), most=MOST_REMINDERS, until=until
    )


@router.get("/calendar.ics")
def feed(visit: SignedIn) -> Response:
    """One's own deadlines as a feed."""
    with visit.reading() as connection:
        body = feed_of(connection, visit.me.code, visit.now, visit.lang)
    headers = {"Content-Disposition": 'attachment; filename="thidua.ics"'}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)
