"""Taking a step of one dossier: its form, and the act."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from casework.take_step import take_step
from casework.views.dossier import show_dossier
from casework.views.naming import named
from casework.views.next_steps import next_steps
from rules.reasons import Reason, Refused
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.queued import queued_of, with_queue
from web.steps import inputs_of, judges, takes
from web.visit import Posted, SignedIn, Visit

router = APIRouter()


@router.get("/dossiers/{code}/steps/{event}")
def form(code: str, event: str, visit: SignedIn) -> Response:
    """The form of a step."""
    return _form(visit, code, event)


@router.post("/dossiers/{code}/steps/{event}")
def act(code: str, event: str, visit: SignedIn, posted: Posted) -> Response:
    """Take the step."""
    with visit.reading() as connection:
        visit.must_see(connection, code)
        shown = show_dossier(connection, code, visit.now, visit.lang)
        step = _step(next_steps(connection, code, visit.now, visit.lang, visit.me.code), event)
    if step is None:
        # Somebody took it further meanwhile: the act itself says who.
        step = {"event": event, "provides": (), "needs": ()}
    inputs = inputs_of(posted, step, [nomination["id"] for nomination in shown["nominations"]])
    if posted.faults:
        return _form(visit, code, event, posted)
    try:
        receipt = take_step(visit.database, code, event, visit.call(posted), inputs)
    except Refused as refusal:
        return _form(visit, code, event, posted, refusal.reasons)
    return visit.on_to(with_queue(f"/dossiers/{code}?done={receipt.version}", _queued(visit, posted)))


def _queued(visit: Visit, posted: Form | None) -> str | None:
    """The filter of the queue that the dossier was opened from."""
    if posted is None:
        return queued_of(visit.request.query_params.get("queue"))
    return queued_of(posted.text("queue", longest=4_000)) if "queue" in posted.fields else None


def _step(steps: list[dict[str, Any]], event: str) -> dict[str, Any] | None:
    return next((step for step in steps if step["event"] == event and step["unit"] is not None), None)


def _form(
    visit: Visit, code: str, event: str, posted: Form | None = None, reasons: tuple[Reason, ...] = ()
) -> Response:
    with visit.reading() as connection:
        visit.must_see(connection, code)
        shown = show_dossier(connection, code, visit.now, visit.lang)
        step = _step(next_steps(connection, code, visit.now, visit.lang, visit.me.code), event)
        told = named(connection, reasons, visit.lang, code)
    if step is None and posted is None:
        raise NotFound
    return visit.page(
        "dossier_step.html",
        status=REFUSED if posted else 200,
        dossier=shown,
        event=event,
        step=step,
        asked=takes(step) if step else {},
        judges=judges(event),
        form=posted.typed() if posted else {},
        faults=posted.faults if posted else {},
        reasons=told,
        queued=_queued(visit, posted),
    )
