"""Councils: the list, one council with its members and sessions, and calling it to a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.act import Done
from casework.council.call_session import call_session
from casework.council.form import appoint, dismiss, form_council
from casework.council.sight import may_see_council
from casework.council.tables import council_subject
from casework.views.councils import list_awaiting, list_councils, may_form, show_council
from casework.views.naming import named
from casework.views.receipts import receipt_in
from models.council import ROLES
from rules.reasons import Reason, Refused
from rules.windows import local_day
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.visit import Posted, SignedIn, Visit, said

router = APIRouter()
_LONGEST = 100


def see_council(connection: Connection, visit: Visit, council: int) -> None:
    """Nothing, where the person may see a council.

    Raises:
        NotFound: there is none, or none for this person.
    """
    if not may_see_council(connection, visit.sight, council):
        raise NotFound


@router.get("/councils")
def councils(visit: SignedIn) -> Response:
    """The councils that a person belongs to or looks after."""
    return _all(visit)


@router.post("/councils/form")
def form(visit: SignedIn, posted: Posted) -> Response:
    """Set up a council of a unit that one heads."""
    which, since = posted.text("which", longest=200, needed=True), posted.day("since", needed=True)
    decision = posted.text("decision")
    unit, _, rules = which.partition("/")
    if posted.faults or since is None:
        return _all(visit, posted)
    try:
        done = form_council(visit.database, unit, rules, since, visit.call(posted), decision=decision)
    except Refused as refusal:
        return _all(visit, posted, refusal.reasons)
    return visit.on_to(f"/councils/{done.payload['council']}?done={done.seq}")


def _all(visit: Visit, posted: Form | None = None, reasons: tuple[Reason, ...] = ()) -> Response:
    day = local_day(visit.now)
    with visit.reading() as connection:
        rows = list_councils(connection, visit.sight, day, visit.lang)
        forms = may_form(connection, visit.sight, visit.lang)
        told = named(connection, reasons, visit.lang)
    return visit.page(
        "council/all.html",
        status=REFUSED if posted else 200,
        rows=rows,
        forms=forms,
        form=said(posted) or {"since": visit.words.say("pages.council.day_typed", day=day)},
        faults=posted.faults if posted else {},
        reasons=told,
    )


@router.get("/councils/{number}")
def council(number: int, visit: SignedIn, done: int = 0) -> Response:
    """One council."""
    return _one(visit, number, done=done)


@router.post("/councils/{number}/members")
def add_member(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Make somebody a member."""
    person, role = posted.text("person", longest=_LONGEST, needed=True), posted.text("role", longest=20)
    since, until = posted.day("since", needed=True), posted.day("until")
    if role not in ROLES:
        posted.faults.setdefault("role", "no_choice")

    def act() -> Done:
        assert since is not None  # noqa: S101  (read above; a fault is told before the act)
        return appoint(visit.database, number, person, role, since, until, visit.call(posted))

    return _acted(visit, number, posted, "appoint", act)


@router.post("/councils/{number}/dismiss")
def end_member(number: int, visit: SignedIn, posted: Posted) -> Response:
    """End a membership."""
    person = posted.text("person", longest=_LONGEST, needed=True)
    last_day = posted.day("last_day", needed=True)

    def act() -> Done:
        assert last_day is not None  # noqa: S101  (read above; a fault is told before the act)
        return dismiss(visit.database, number, person, last_day, visit.call(posted))

    return _acted(visit, number, posted, "dismiss", act)


def _acted(visit: Visit, number: int, posted: Form, act: str, work: Callable[[], Done]) -> Response:
    with visit.reading() as connection:
        see_council(connection, visit, number)
    if posted.faults:
        return _one(visit, number, posted, act=act)
    try:
        done = work()
    except Refused as refusal:
        return _one(visit, number, posted, refusal.reasons, act=act)
    return visit.on_to(f"/councils/{number}?done={done.seq}")


def _one(
    visit: Visit,
    number: int,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    *,
    act: str = "",
    done: int = 0,
) -> Response:
    day = local_day(visit.now)
    with visit.reading() as connection:
        see_council(connection, visit, number)
        shown = show_council(connection, number, visit.sight, day, visit.lang)
        receipt = receipt_in(connection, council_subject(number), done) if done else None
        told = named(connection, reasons, visit.lang)
    today = visit.words.say("pages.council.day_typed", day=day)
    return visit.page(
        "council/one.html",
        status=REFUSED if posted else 200,
        council=shown,
        receipt=receipt,
        roles=[(role, visit.words.word("council_roles", role)) for role in ROLES],
        act=act,
        form=said(posted) or {"since": today, "last_day": today},
        faults=posted.faults if posted else {},
        reasons=told,
    )


@router.get("/councils/{number}/call")
def new_session(number: int, visit: SignedIn) -> Response:
    """The form that calls a council to a session."""
    return _call(visit, number)


@router.post("/councils/{number}/call")
def call(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Call it."""
    with visit.reading() as connection:
        see_council(connection, visit, number)
    held_on, begins = posted.day("held_on", needed=True), posted.text("begins", longest=5, needed=True)
    place, chosen = posted.text("place", needed=True), posted.wholes("nomination")
    if posted.faults or held_on is None:
        return _call(visit, number, posted)
    try:
        done = call_session(visit.database, number, held_on, begins, place, chosen, visit.call(posted))
    except Refused as refusal:
        return _call(visit, number, posted, refusal.reasons)
    return visit.on_to(f"/sessions/{done.payload['session']}?done={done.seq}")


def _call(
    visit: Visit, number: int, posted: Form | None = None, reasons: tuple[Reason, ...] = ()
) -> Response:
    day = local_day(visit.now)
    with visit.reading() as connection:
        see_council(connection, visit, number)
        shown = show_council(connection, number, visit.sight, day, visit.lang)
        if not shown["calls"]:
            # What waits at a desk is for those who make lists of it.
            raise NotFound
        rows: list[dict[str, Any]] = list_awaiting(connection, number, visit.lang)
        told = named(connection, reasons, visit.lang)
    free = [row for row in rows if row["on_list"] is None]
    chosen = set(posted.wholes("nomination")) if posted else {row["nomination"] for row in free}
    return visit.page(
        "council/call.html",
        status=REFUSED if posted else 200,
        council=shown,
        rows=free,
        elsewhere=[row for row in rows if row["on_list"] is not None],
        chosen=chosen,
        form=said(posted) or {"begins": "08:00"},
        faults=posted.faults if posted else {},
        reasons=told,
    )
