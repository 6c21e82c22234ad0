"""Today: the first page of everybody."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from casework.views.concerns import concerns_shown
from casework.views.councils import sessions_of
from casework.views.openings import schools_of
from casework.views.today import today_of
from rules.windows import local_day
from web.reasons import folded
from web.ribbon import ribbons
from web.visit import Anybody

router = APIRouter()


@router.get("/")
def today(visit: Anybody) -> Response:
    """What waits for whoever asks; for somebody who is not signed in, what is public and the way in."""
    if visit.person is None:
        return visit.page("welcome.html")
    with visit.reading() as connection:
        shown = today_of(connection, visit.sight, visit.now, visit.lang)
        sessions = sessions_of(connection, visit.sight.person, local_day(visit.now))
        places = {kind: schools_of(connection, visit.sight, kind) for kind in ("school", "bloc")}
        administers = visit.sight.administers
        looks = concerns_shown(connection, visit.house.settings, visit.lang) if administers else []
    pictures = ribbons(shown.calendars, shown.kinds, local_day(visit.now), visit.lang)
    in_the_way = {row["dossier"]: folded(row["reasons"]) for row in shown.dossiers}
    return visit.page(
        "today.html",
        today=shown,
        looks=looks,
        sessions=sessions,
        in_the_way=in_the_way,
        ribbons=pictures,
        places=places,
    )
