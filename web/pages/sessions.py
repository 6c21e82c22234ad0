"""A council's session: who is there, the vote on a phone, the count, the cut, the minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy import select
from starlette.responses import Response

from casework.act import Done
from casework.council.call_session import attend, recuse, write_opinion
from casework.council.close import annul, close_session
from casework.council.close_publicity import close_publicity
from casework.council.count import count
from casework.council.places import cut_list
from casework.council.tables import SESSION, council_subject
from casework.council.vote import cast, open_ballot
from casework.views.councils import recusals_said, show_session
from casework.views.naming import named
from casework.views.receipts import receipt_in
from rules.reasons import Reason, Refused
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.pages.councils import see_council
from web.visit import Posted, SignedIn, Visit

router = APIRouter()
_LONGEST, _LONG = 100, 2_000
_HERE = "/sessions/{number}"


def _council_of(visit: Visit, number: int) -> int:
    """The council of a session that the person may see.

    Raises:
        NotFound: there is none, or none for this person.
    """
    with visit.reading() as connection:
        council = connection.execute(select(SESSION.c.council_id).where(SESSION.c.id == number)).scalar()
        if council is None:
            raise NotFound
        see_council(connection, visit, council)
    return int(council)


@router.get(_HERE)
def session(number: int, visit: SignedIn, done: int = 0) -> Response:
    """The session as it stands."""
    return _page(visit, number, done=done)


@router.post(_HERE + "/attend")
def say_present(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Write down who is there."""
    present = posted.texts("present")
    return _acted(
        visit, number, posted, "attend", lambda: attend(visit.database, number, present, visit.call(posted))
    )


@router.post(_HERE + "/recuse")
def stand_aside(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Stand aside for one nomination; the secretary may write it down for a member."""
    person = posted.text("person", longest=_LONGEST) or visit.me.code
    nomination = posted.whole("nomination", needed=True)
    reason = posted.text("reason", needed=True)
    return _acted(
        visit,
        number,
        posted,
        "recuse",
        lambda: recuse(visit.database, number, person, nomination or 0, reason, visit.call(posted)),
    )


@router.post(_HERE + "/open")
def begin_vote(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Open the vote."""
    return _acted(
        visit, number, posted, "open", lambda: open_ballot(visit.database, number, visit.call(posted))
    )


@router.post(_HERE + "/count")
def count_votes(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Count it."""
    return _acted(visit, number, posted, "count", lambda: count(visit.database, number, visit.call(posted)))


@router.post(_HERE + "/cut")
def cut(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Cut what passed down to the places there are."""
    chosen, reason = posted.wholes("chosen"), posted.text("reason")
    bases = {
        cap: base
        for cap in range(1, 21)
        if f"base-{cap}" in posted.fields and (base := posted.whole(f"base-{cap}")) is not None
    }
    return _acted(
        visit,
        number,
        posted,
        "cut",
        lambda: cut_list(
            visit.database, number, visit.call(posted), chosen=chosen, reason=reason, bases=bases
        ),
    )


@router.post(_HERE + "/close")
def close(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Close it: the outcomes become opinions."""
    return _acted(
        visit, number, posted, "close", lambda: close_session(visit.database, number, visit.call(posted))
    )


@router.post(_HERE + "/publicity")
def close_window(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Close its window: what lay open, and what came of it."""
    text = posted.text("conclusion", longest=_LONG, needed=True)
    return _acted(
        visit,
        number,
        posted,
        "publicity",
        lambda: close_publicity(visit.database, number, text, visit.call(posted)),
    )


@router.post(_HERE + "/annul")
def annul_it(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Annul it, with the reason."""
    reason = posted.text("annul_reason", needed=True)
    return _acted(
        visit, number, posted, "annul", lambda: annul(visit.database, number, reason, visit.call(posted))
    )


def _acted(visit: Visit, number: int, posted: Form, act: str, work: Callable[[], Done]) -> Response:
    _council_of(visit, number)
    if posted.faults:
        return _page(visit, number, posted, act=act)
    try:
        done = work()
    except Refused as refusal:
        return _page(visit, number, posted, refusal.reasons, act=act)
    return visit.on_to(f"/sessions/{number}?done={done.seq}")


def _page(
    visit: Visit,
    number: int,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    *,
    act: str = "",
    done: int = 0,
) -> Response:
    council = _council_of(visit, number)
    with visit.reading() as connection:
        shown = show_session(connection, number, visit.me.id, visit.now, visit.lang)
        receipt = receipt_in(connection, council_subject(council), done) if done else None
        told = named(connection, reasons, visit.lang)
    return visit.page(
        "council/session.html",
        status=REFUSED if posted else 200,
        session=shown,
        receipt=receipt,
        act=act,
        form=posted.typed() if posted else {},
        ticked=posted.texts("present") if posted and act == "attend" else None,
        faults=posted.faults if posted else {},
        reasons=told,
    )


@router.get(_HERE + "/vote")
def ballot(number: int, visit: SignedIn) -> Response:
    """The ballot of the person who asks."""
    return _ballot(visit, number)


@router.post(_HERE + "/vote")
def vote(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Cast it. The codes are shown in this answer alone: an address with them would stand in histories and logs."""
    _council_of(visit, number)
    try:
        given = cast(visit.database, number, _choices(posted), visit.call(posted))
    except Refused as refusal:
        return _ballot(visit, number, posted, refusal.reasons)
    return visit.page("council/voted.html", number=number, given=given)


@router.get(_HERE + "/write")
def opinion(number: int, visit: SignedIn, person: str = "") -> Response:
    """The form of a written opinion: one's own, or that of a member who gave it on paper."""
    return _ballot(visit, number, writer=person[:_LONGEST] or visit.me.code)


@router.post(_HERE + "/write")
def write(number: int, visit: SignedIn, posted: Posted) -> Response:
    """Keep it."""
    person = posted.text("person", longest=_LONGEST) or visit.me.code
    _council_of(visit, number)
    try:
        done = write_opinion(visit.database, number, person, _choices(posted), visit.call(posted))
    except Refused as refusal:
        return _ballot(visit, number, posted, refusal.reasons, writer=person)
    return visit.on_to(f"/sessions/{number}?done={done.seq}")


def _choices(posted: Form) -> dict[int, str]:
    """What was chosen, by the number of the nomination: fields named ``on-12``."""
    return {
        int(name[3:]): posted.text(name, longest=20)
        for name in posted.fields
        if name.startswith("on-")
        and name[3:].isascii()
        and name[3:].isdigit()
        and len(name) < len("on-") + 10
    }


def _ballot(
    visit: Visit,
    number: int,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    *,
    writer: str | None = None,
) -> Response:
    _council_of(visit, number)
    with visit.reading() as connection:
        shown = show_session(connection, number, visit.me.id, visit.now, visit.lang)
        told = named(connection, reasons, visit.lang)
    mine: dict[str, Any] = shown["mine"]
    who = next((m for m in shown["members"] if m["code"] == writer), None) if writer else None
    if writer is not None and (
        who is None or (writer != visit.me.code and "write_others" not in shown["may"])
    ):
        raise NotFound
    if writer is None and not mine["member"]:
        raise NotFound
    items = [
        item
        for item in shown["items"]
        if not any(one["code"] == (writer or visit.me.code) for one in item["aside"])
    ]
    return visit.page(
        "council/ballot.html",
        status=REFUSED if posted else 200,
        session=shown,
        items=items,
        left_out=[item for item in shown["items"] if item not in items],
        writer=who,
        form=posted.typed() if posted else {},
        reasons=told,
    )


@router.get(_HERE + "/minutes")
def minutes(number: int, visit: SignedIn) -> Response:
    """The minutes of the vote, for printing: after the count."""
    _council_of(visit, number)
    with visit.reading() as connection:
        shown = show_session(connection, number, visit.me.id, visit.now, visit.lang)
        said = recusals_said(connection, number)
    if shown["standing"] not in ("counted", "closed"):
        raise NotFound
    return visit.page("council/minutes.html", session=shown, said=said)
