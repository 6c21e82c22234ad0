"""Asking for a new password by letter: the same answer whoever is meant."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from casework.accounts.ask_reset import ask_for_reset
from casework.call import Call
from kit.clock import wall_now
from rules.reasons import Reason, Refused
from web.errors import REFUSED
from web.forms import Form
from web.visit import Anybody, Posted, Visit
from web.waiting import address_of, without_waits

router = APIRouter()


@router.get("/reset")
def show(visit: Anybody, asked: str = "") -> Response:
    """The form; ``asked``: what happens next."""
    return _page(visit, asked=bool(asked))


@router.post("/reset")
def ask(visit: Anybody, posted: Posted) -> Response:
    """Let a letter go to whoever is meant."""
    name = posted.text("name", longest=200, needed=True)
    if posted.faults:
        return _page(visit, posted)
    call = Call(None, visit.now, posted.key, "web")
    try:
        ask_for_reset(visit.database, name, call, address=address_of(visit), real_now=wall_now())
    except Refused as refusal:
        return _page(visit, posted, refusal.reasons)
    return visit.on_to("/reset?asked=1")


def _page(
    visit: Visit, posted: Form | None = None, reasons: tuple[Reason, ...] = (), *, asked: bool = False
) -> Response:
    return visit.page(
        "reset.html",
        status=REFUSED if posted else 200,
        asked=asked,
        form=posted.typed() if posted else {},
        faults=posted.faults if posted else {},
        told=without_waits(reasons, visit.words, wall_now()),
    )
