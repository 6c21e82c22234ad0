"""One dossier: its way, nominations, papers, what may be done with it, its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.law.money_sight import sees_sheet_of
from casework.load import dossier_by_code
from casework.record_step import subject_of
from casework.sight import seen_among
from casework.views.dossier import show_dossier
from casework.views.eligibility_lacks import lacks_of
from casework.views.history import dossier_history
from casework.views.letters import letters_about
from casework.views.next_steps import next_steps
from casework.views.other_acts import acts_open_to
from casework.views.senders import senders_of
from rules.windows import local_day
from web.queued import next_of, queued_of
from web.small_acts import SMALL_ACTS
from web.visit import SignedIn, Visit
from web.way import ways

router = APIRouter()


@router.get("/dossiers/{code}")
def dossier(
    code: str, visit: SignedIn, done: int = 0, since: int | None = None, queue: str | None = None
) -> Response:
    """The dossier as a page.

    ``done`` is the number of the entry that an act has just written. Entries after number ``since`` are marked as new;
    where it is not given, those after the last act of whoever asks. ``queue`` is the filter of the queue that it was
    opened from: after an act the next of it is offered.
    """
    queued = queued_of(queue)
    with visit.reading() as connection:
        number = visit.must_see(connection, code)
        shown = read_dossier(connection, visit, code)
        letters, waiting = letters_about(
            connection, subject_of(number), person=None if visit.sight.administers else visit.me.id
        )
        history = shown["history"]
        receipt = entry_of(history, done)
        onward = next_of(connection, visit, code, queued, history, done) if receipt else None
        row = dossier_by_code(connection, code)
        lacks = lacks_of(connection, [row], local_day(visit.now), visit.lang).get(number)
        money_seen = sees_sheet_of(connection, visit.sight, number, local_day(visit.now))
    seen = since if since is not None else last_own(history, visit.me.code)
    return visit.page(
        "dossier.html",
        **shown,
        receipt=receipt,
        money_seen=money_seen,
        lacks=lacks,
        queued=queued,
        onward=onward,
        letters=letters,
        letters_waiting=waiting,
        since=seen,
        news=sum(entry["seq"] > seen for entry in history) if seen is not None else 0,
    )


def read_dossier(connection: Connection, visit: Visit, code: str) -> dict[str, Any]:
    """Everything that the page of a dossier shows to this visitor, who may see it."""
    shown = show_dossier(connection, code, visit.now, visit.lang, visit.sight)
    steps = next_steps(connection, code, visit.now, visit.lang, visit.me.code)
    # The main step first; what nobody at the keyboard can do (the calendar's own steps) is not offered.
    steps = [step for step in steps if step["unit"] is not None]
    steps.sort(key=lambda step: (not step["possible"], step["event"] != shown["next_event"]))
    may = acts_open_to(connection, code, visit.now, visit.me.code)
    foundations = (row["foundation"]["dossier"] for row in shown["nominations"] if row["foundation"])
    return {
        "dossier": shown,
        "steps": steps,
        "may": may,
        # The page of nominations lists people and takes nominations back: both are open to whoever may do the latter.
        "lists": "strike" in may,
        "small_acts": tuple(SMALL_ACTS),
        "linked": seen_among(connection, visit.sight, foundations),
        "senders": senders_of(connection, code, visit.sight) if shown["objections"] else {},
        "history": dossier_history(connection, code, visit.lang),
        "ways": ways(shown["way"], visit.lang),
    }


def entry_of(history: Sequence[Mapping[str, Any]], number: int) -> Mapping[str, Any] | None:
    """The entry of a number; None where there is none."""
    return next((entry for entry in history if entry["seq"] == number), None)


def last_own(history: Sequence[Mapping[str, Any]], person: str) -> int | None:
    """The number of the last entry that a person wrote; None where there is none, and so nothing to compare with."""
    own = (
        entry["seq"] for entry in reversed(history) if entry["person"] and entry["person"]["code"] == person
    )
    return next(own, None)
