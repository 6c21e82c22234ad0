"""Everybody's own duties: what she holds, what she lends and is lent."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from casework.duties import delegate, duties_subject, end_delegation
from casework.views.colleagues import colleagues_of
from casework.views.naming import named
from casework.views.office import show_person
from casework.views.receipts import receipt_in
from notifications.words import plain_day
from rules.reasons import Reason, Refused
from rules.windows import local_day
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.visit import Posted, SignedIn, Visit

router = APIRouter()
_LONGEST = 100


@router.get("/account/duties")
def duties(visit: SignedIn, done: int = 0) -> Response:
    """My duties and delegations. ``done`` is the number of the entry that an act has just written."""
    return _page(visit, done=done)


@router.post("/account/duties/lend")
def lend(visit: SignedIn, posted: Posted) -> Response:
    """Lend one of my duties to a colleague for some days."""
    spell, to = posted.whole("spell", needed=True), posted.text("to", longest=_LONGEST, needed=True)
    since, until = posted.day("since", needed=True), posted.day("until", needed=True)
    with visit.reading() as connection:
        mine = show_person(connection, visit.me.code, local_day(visit.now))["duties"]
    held = next((row for row in mine if row["id"] == spell), None)
    if held is None:
        posted.faults.setdefault("spell", "no_choice")
    if posted.faults or held is None or since is None or until is None:
        return _page(visit, posted)
    unit, duty = held["unit"]["code"], held["duty"]
    try:
        made = delegate(visit.database, unit, duty, to, since, until, visit.call(posted))
    except Refused as refusal:
        return _page(visit, posted, refusal.reasons)
    return visit.on_to(f"/account/duties?done={made.seq}")


@router.post("/account/duties/delegations/{number}/end")
def end(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Take back what I lent. What somebody else lent is none of this page, not for an administrator either."""
    with visit.reading() as connection:
        lent = show_person(connection, visit.me.code, local_day(visit.now))["delegations"]
    if not any(row["id"] == number and row["from"]["code"] == visit.me.code for row in lent):
        raise NotFound
    try:
        ended = end_delegation(visit.database, number, visit.call(posted))
    except Refused as refusal:
        return _page(visit, None, refusal.reasons)
    return visit.on_to(f"/account/duties?done={ended.seq}")


def _page(
    visit: Visit, posted: Form | None = None, reasons: tuple[Reason, ...] = (), *, done: int = 0
) -> Response:
    day = local_day(visit.now)
    with visit.reading() as connection:
        shown = show_person(connection, visit.me.code, day)
        colleagues = colleagues_of(connection, visit.me.id, day)
        receipt = receipt_in(connection, duties_subject(visit.me.id), done) if done else None
        told = named(connection, reasons, visit.lang)
    lendable = [row for row in shown["duties"] if row["until"] is None or row["until"] >= day.isoformat()]
    return visit.page(
        "account_duties.html",
        status=REFUSED if posted is not None or reasons else 200,
        person=shown,
        lendable=lendable,
        colleagues=colleagues,
        receipt=receipt,
        form=posted.typed() if posted else {"since": plain_day(day)},
        faults=posted.faults if posted else {},
        reasons=told,
    )
