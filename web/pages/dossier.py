"""One dossier: its way, nominations, papers, what may be done with it, its history."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.views.dossier import show_dossier
from casework.views.history import dossier_history
from casework.views.next_steps import next_steps
from web.queued import next_of, queued_of
from web.visit import SignedIn, Visit
from web.way import ways

router = APIRouter()


@router.get("/dossiers/{code}")
def dossier(code: str, visit: SignedIn, done: int = 0, queue: str | None = None) -> Response:
    """The dossier as a page. ``done`` is the number of the entry that an act has just written, ``queue`` the filter of
    the queue that it was opened from."""
    queued, onward = queued_of(queue), None
    with visit.reading() as connection:
        visit.must_see(connection, code)
        shown = read_dossier(connection, visit, code)
        receipt = next((entry for entry in shown["history"] if entry["seq"] == done), None)
        if receipt is not None:
            onward = next_of(connection, visit, code, queued, shown["history"], done)
    return visit.page("dossier.html", **shown, receipt=receipt, queued=queued, onward=onward)


def read_dossier(connection: Connection, visit: Visit, code: str) -> dict[str, Any]:
    """Everything that the page of a dossier shows to this visitor, who may see it."""
    shown = show_dossier(connection, code, visit.now, visit.lang)
    steps = next_steps(connection, code, visit.now, visit.lang, visit.me.code)
    # The main step first; what nobody at the keyboard can do (the calendar's own steps) is not offered.
    steps = [step for step in steps if step["unit"] is not None]
    steps.sort(key=lambda step: (not step["possible"], step["event"] != shown["next_event"]))
    return {
        "dossier": shown,
        "steps": steps,
        "history": dossier_history(connection, code, visit.lang),
        "ways": ways(shown["way"], visit.lang),
    }
