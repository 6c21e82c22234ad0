"""Taking a step of one dossier: its form, and the act."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from casework.law.money_lines import items_told
from casework.law.money_sight import sees_sheet_of
from casework.law.reckoned import recovery_proposed
from casework.take_step import take_step
from casework.views.dossier import show_dossier
from casework.views.history import dossier_history
from casework.views.naming import named
from casework.views.next_steps import next_steps, step_to_fill
from rules.reasons import Reason, Refused
from rules.windows import local_day
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.pages.dossier import entry_of
from web.queued import queued_of, with_queue
from web.reasons import common_reasons, folded, namesakes, pins, pins_in, reason_given, why_not
from web.steps import inputs_of, judges, leaves_out, point_at, takes, votes
from web.visit import Posted, SignedIn, Visit, said

router = APIRouter()


@router.get("/dossiers/{code}/steps/{event}")
def form(code: str, event: str, visit: SignedIn, done: int = 0) -> Response:
    """The form of a step. ``done`` is the number of an entry that was written on the way to it (a paper added)."""
    return _form(visit, code, event, done=done)


@router.post("/dossiers/{code}/steps/{event}")
def act(code: str, event: str, visit: SignedIn, posted: Posted) -> Response:
    """Take the step."""
    with visit.reading() as connection:
        visit.must_see(connection, code)
        # Where somebody took it further meanwhile, the act itself says who.
        step, nominations = step_to_fill(connection, code, event, visit.now, visit.me.code)
        pinned = (
            show_dossier(connection, code, visit.now, visit.lang, visit.sight)
            if pins_in(posted, event)
            else {}
        )
    needed = takes(step).get("reason", False)
    reason = reason_given(posted, pinned, visit.words, needed=needed)
    inputs = inputs_of(posted, step, nominations, reason)
    if posted.faults:
        return _form(visit, code, event, posted)
    try:
        receipt = take_step(visit.database, code, event, visit.call(posted), inputs)
    except Refused as refusal:
        point_at(posted, refusal.reasons)
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
    visit: Visit,
    code: str,
    event: str,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    done: int = 0,
) -> Response:
    with visit.reading() as connection:
        number = visit.must_see(connection, code)
        shown = show_dossier(connection, code, visit.now, visit.lang, visit.sight)
        step = _step(next_steps(connection, code, visit.now, visit.lang, visit.me.code), event)
        demands = step is not None and "recovery" in takes(step)
        reckoned = recovery_proposed(connection, number) if demands else None
        money_seen = demands and sees_sheet_of(connection, visit.sight, number, local_day(visit.now))
        told = named(connection, reasons, visit.lang, code)
        receipt = entry_of(dossier_history(connection, code, visit.lang), done) if done else None
    if step is None and posted is None:
        raise NotFound
    against = step["reasons"] if step else []
    return visit.page(
        "dossier_step.html",
        status=REFUSED if posted else 200,
        dossier=shown,
        event=event,
        step=step,
        receipt=receipt,
        asked=takes(step) if step else {},
        reckoned=reckoned,
        money_seen=money_seen,
        reckoned_items=items_told(reckoned.items, visit.lang) if reckoned else [],
        judges=judges(event),
        votes=votes(event),
        refuses=step is not None and leaves_out(event, step),
        pins=pins(event),
        there=frozenset(paper["kind"] for paper in shown["papers"]),
        common=common_reasons("opinion", visit.lang),
        common_of_step=common_reasons(event, visit.lang),
        namesakes=namesakes(shown["nominations"]),
        form=said(posted),
        pinned_papers=posted.wholes("pin_paper") if posted else [],
        pinned_nominations=posted.wholes("pin_nomination") if posted else [],
        refused_nominations=posted.wholes("refuse") if posted else [],
        faults=posted.faults if posted else {},
        reasons=folded(told),
        against=folded(against),
        why_not=why_not(against),
        queued=_queued(visit, posted),
    )
