"""One's own account: who one is here, one's duties in words, one's sign-ins, one's password."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection, select
from starlette.responses import Response

from casework.accounts.change_password import change_password, has_password
from casework.accounts.end_sign_in import end_other_sign_ins, end_own_sign_in
from casework.accounts.list_sign_ins import list_sign_ins
from casework.call import Call
from casework.duties import duties_subject
from casework.history import ENTRY
from casework.views.office import show_person
from casework.views.own_letters import letters_of
from kit.clock import wall_now
from rules.reasons import Reason, Refused
from rules.windows import local_day
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.new_password import new_password
from web.pages.letters import MARKS
from web.paging import SHOWN, start_of
from web.visit import Posted, SignedIn, Visit
from web.waiting import address_of, without_waits

router = APIRouter()


@router.get("/account")
def show(visit: SignedIn, done: int = 0, ended: str = "") -> Response:
    """My account. ``done`` is the number of the entry that a change of the password has just written."""
    return _page(visit, done=done, ended=bool(ended))


@router.get("/account/letters")
def letters(visit: SignedIn, before: int = 0) -> Response:
    """The letters that I was sent, the newest first. There is no filter by person: nobody asks for another's."""
    with visit.reading() as connection:
        rows = letters_of(connection, visit.me.id, visit.lang, before=start_of(before), limit=SHOWN + 1)
    older = rows[SHOWN - 1]["letter"] if len(rows) > SHOWN else 0
    return visit.page("account_letters.html", letters=rows[:SHOWN], before=before, older=older, marks=MARKS)


@router.post("/account/password")
def password(visit: SignedIn, posted: Posted) -> Response:
    """Change my password; every other sign-in of mine is ended."""
    old, new = posted.text("old_password", needed=True), new_password(posted)
    if posted.faults:
        return _page(visit, posted)
    here = visit.presence.sign_in if visit.presence else None
    at = {"address": address_of(visit), "real_now": wall_now()}
    try:
        changed = change_password(visit.database, old, new, visit.call(posted), keep=here, **at)
    except Refused as refusal:
        return _page(visit, posted, refusal.reasons)
    return visit.on_to(f"/account?done={changed.seq}")


@router.post("/account/sign-ins/{number}/end")
def end_one(number: int, visit: SignedIn, posted: Posted) -> Response:
    """End one of my sign-ins. One of somebody else does not exist here."""
    if not end_own_sign_in(visit.database, visit.me.id, number, real_now=wall_now()):
        raise NotFound
    # Whoever ended the sign-in at hand is led to the sign-in page by the next page.
    return visit.on_to("/account?ended=1")


@router.post("/account/sign-ins/end-others")
def end_others(visit: SignedIn, posted: Posted) -> Response:
    """End all of my sign-ins but this one."""
    here = visit.presence.sign_in if visit.presence else 0
    end_other_sign_ins(visit.database, visit.me.id, here, real_now=wall_now())
    return visit.on_to("/account?ended=1")


def _page(
    visit: Visit,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    *,
    done: int = 0,
    ended: bool = False,
) -> Response:
    me, real_now = visit.me, wall_now()
    with visit.reading() as connection:
        shown = {
            "who": show_person(connection, me.code, local_day(visit.now)),
            "has_password": has_password(connection, me.id),
            "receipt": _receipt(connection, me.id, done),
        }
    asking = Call(me.id, visit.now, "", "web")
    return visit.page(
        "account.html",
        status=REFUSED if posted else 200,
        **shown,
        sign_ins=list_sign_ins(visit.database, me.code, asking, real_now=real_now),
        here=visit.presence.sign_in if visit.presence else 0,
        ended=ended,
        faults=posted.faults if posted else {},
        told=without_waits(reasons, visit.words, real_now),
    )


def _receipt(connection: Connection, person: int, number: int) -> dict[str, Any] | None:
    """The entry of my own chain that an act of mine has just written."""
    query = select(ENTRY.c.event, ENTRY.c.at, ENTRY.c.seq).where(
        ENTRY.c.subject == duties_subject(person), ENTRY.c.seq == number, ENTRY.c.actor_id == person
    )
    row = connection.execute(query).mappings().first() if number > 0 else None
    return dict(row) if row else None
