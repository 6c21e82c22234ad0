"""A bloc's page: its dates, what it owes, its schools with dossiers, scores and ranks."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from casework.reads import Reads
from casework.views.bloc import bloc_schools, years_of
from casework.views.obligations import list_obligations, near
from casework.views.today import running
from rules.windows import local_day
from web.pages.school import seen_unit
from web.visit import SignedIn

router = APIRouter()


@router.get("/blocs/{unit}")
def bloc(unit: str, visit: SignedIn, year: str = "") -> Response:
    """The page of a bloc, for its head and for whoever holds a duty above it."""
    with visit.reading() as connection:
        row = seen_unit(connection, visit, unit, "bloc")
        at = int(str(row["id"]))
        calendars = running(Reads(connection, local_day(visit.now)))
        years = years_of(connection, at, [calendar.school_year for calendar in calendars])
        current = calendars[0].school_year if calendars else (years or [""])[0]
        shown = year if year in years else current
        schools, whole = bloc_schools(connection, visit.sight, at, shown, visit.now, visit.lang)
        owed = near(
            list_obligations(connection, visit.now, visit.lang, units=[at], sight=visit.sight), calendars
        )
    own = {(c.name, name) for c in calendars for name, m in c.milestones.items() if m.own_dates == "bloc"}
    return visit.page(
        "bloc.html",
        unit=row,
        year=shown,
        years=years,
        schools=schools,
        whole=whole,
        waiting=sum(len(school["wait"]) for school in schools),
        owed=[line for line in owed if line["unit"]["code"] == row["code"]],
        own_dates=own,
    )
