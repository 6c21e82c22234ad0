"""Letters: what waits, failed, is in doubt or went; one letter; and what an administrator may do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.letters.acts import (
    RETRACTED_FROM,
    RETRIED_FROM,
    SENT_AGAIN_FROM,
    clear_address,
    letter_subject,
    resend_letter,
    retract_letter,
    retry_letter,
    send_test,
)
from casework.letters.together import MOST, retried_by, retry_letters
from casework.views.bounded import COUNTED
from casework.views.history import entries_of, entry_of
from casework.views.letters import (
    failed_by_trouble,
    letters_by_standing,
    list_letters,
    show_letter,
    suppressed_addresses,
    waiting_items,
)
from casework.views.naming import milestones_named, named, people_named
from kit.clock import wall_now
from models.letter import LETTER_STANDINGS
from notifications.render import kinds_of_letters
from rules.reasons import Reason, Refused
from web.errors import REFUSED, NotFound, OthersOnly
from web.forms import Form
from web.pages.postbox import has_postbox
from web.visit import Administrator, Posted, SignedIn, Visit

router = APIRouter()
ROWS = 50
#: the act of a button, and the standings from which it may be taken
_ACTS: dict[str, tuple[Callable[..., Any], frozenset[str]]] = {
    "retry": (retry_letter, RETRIED_FROM),
    "resend": (resend_letter, SENT_AGAIN_FROM),
    "retract": (retract_letter, RETRACTED_FROM),
}
#: how a standing of a letter is marked, beside its word
MARKS = {"sent": "met", "failed": "not-met", "in_doubt": "unknown", "permanent": "not-met"}


@router.get("/letters")
def letters(
    visit: Administrator,
    standing: str = "",
    kind: str = "",
    person: str = "",
    trouble: str = "",
    before: int = 0,
    by: str = "",
    done: int = 0,
) -> Response:
    """Letters with filters. ``by`` is the request that let several wait again, ``done`` an entry of the post's own
    history.
    """
    asked = {"standing": standing, "kind": kind, "person": person.strip(), "trouble": trouble}
    return _list(visit, asked, before, by=by, done=done)


@router.post("/letters/retry")
def retry_all(visit: Administrator, posted: Posted) -> Response:
    """Let all letters that failed for one trouble wait for the postman again."""
    trouble, key = posted.text("trouble", longest=40), posted.key
    try:
        retried = retry_letters(visit.database, trouble, visit.call(posted, key), wall=wall_now())
    except Refused as refusal:
        return _list(visit, {}, reasons=refusal.reasons)
    if retried.refused:
        return _list(visit, {}, by=key, reasons=retried.refused)
    return visit.on_to(f"/letters?standing=queued&by={key}")


@router.post("/letters/clear")
def clear(visit: Administrator, posted: Posted) -> Response:
    """Let letters go to an address again."""
    try:
        done = clear_address(visit.database, posted.text("address", longest=200), visit.call(posted))
    except Refused as refusal:
        return _list(visit, {}, reasons=refusal.reasons)
    kind, _, number = done.subject.partition(":")
    return visit.on_to(
        f"/letters/{number}?done={done.seq}" if kind == "letter" else f"/letters?done={done.seq}"
    )


@router.post("/letters/test")
def test(visit: Administrator, posted: Posted) -> Response:
    """Send one test letter. The server's answer belongs to no row, so it is shown at once; the form sent again sends
    nothing.
    """
    address = posted.text("address", longest=200, needed=True)
    if posted.faults:
        return _list(visit, {}, form=posted)
    call = visit.call(posted)
    try:
        done, answer = send_test(visit.database, visit.house.settings, address, call, lang=visit.lang)
    except Refused as refusal:
        return _list(visit, {}, form=posted, reasons=refusal.reasons)
    return _list(visit, {}, done=done.seq, test={"address": address, "answer": answer})


@router.get("/letters/{number}")
def letter(number: int, visit: SignedIn, done: int = 0) -> Response:
    """One letter. ``done`` is the number of the entry that an act has just written.

    Whoever got it reads it; all that the post knows of it is for administrators.
    """
    if visit.sight.administers:
        return _one(visit, number, done=done)
    with visit.reading() as connection:
        try:
            shown = show_letter(connection, number, visit.lang)
        except Refused:
            shown = None
        if shown is None or shown["person"]["code"] != visit.me.code:
            # Whether there is such a letter is told to nobody else.
            raise OthersOnly(("administrator",))
        milestones = milestones_named(connection, visit.lang) if shown["items"] else {}
    return visit.page(
        "own_letter.html", letter=shown, items=shown["items"][:ROWS], milestones=milestones, marks=MARKS
    )


@router.post("/letters/{number}/{act}")
def change(number: int, act: str, visit: Administrator, posted: Posted) -> Response:
    """Retry, resend or retract a letter."""
    if act not in _ACTS:
        raise NotFound
    try:
        done = _ACTS[act][0](visit.database, number, visit.call(posted), wall=wall_now())
    except Refused as refusal:
        return _one(visit, number, refusal.reasons)
    return visit.on_to(f"/letters/{number}?done={done.seq}")


def _one(visit: Visit, number: int, reasons: tuple[Reason, ...] = (), done: int = 0) -> Response:
    with visit.reading() as connection:
        try:
            shown = show_letter(connection, number, visit.lang, html=True)
        except Refused as refusal:
            raise NotFound from refusal
        history = _history(connection, letter_subject(number))
        milestones = milestones_named(connection, visit.lang) if shown["items"] else {}
        told = named(connection, reasons, visit.lang)
    return visit.page(
        "letter.html",
        milestones=milestones,
        status=REFUSED if reasons else 200,
        letter=shown,
        items=shown["items"][:ROWS],
        acts=[act for act, (_, standings) in _ACTS.items() if shown["standing"] in standings],
        history=history,
        receipt=next((entry for entry in history if entry["seq"] == done), None),
        reasons=told,
        marks=MARKS,
    )


def _history(connection: Connection, subject: str) -> list[dict[str, Any]]:
    """The entries of a letter, or of the post, with the names of those who acted."""
    entries = entries_of(connection, subject)
    people = people_named(connection, {entry["actor_id"] for entry in entries if entry["actor_id"]})
    return [entry | {"person": people.get(entry["actor_id"], "")} for entry in entries]


def _list(
    visit: Visit,
    asked: dict[str, str],
    before: int = 0,
    *,
    by: str = "",
    done: int = 0,
    test: dict[str, Any] | None = None,
    form: Form | None = None,
    reasons: Iterable[Reason] = (),
) -> Response:
    reasons = tuple(reasons)
    refused = bool(reasons or (form is not None and form.faults))
    with visit.reading() as connection:
        try:
            filters = {name: value or None for name, value in asked.items()}
            rows, total = list_letters(
                connection,
                **filters,  # type: ignore[arg-type]
                before=before or None,
                limit=ROWS,
                count_all=False,
            )
        except Refused as refusal:
            # A filter that names nobody finds nobody, and says so.
            rows, total, reasons = [], 0, (*reasons, *refusal.reasons)
        suppressed = suppressed_addresses(connection, ROWS + 1)
        shown = {
            "counts": letters_by_standing(connection),
            "failed": failed_by_trouble(connection),
            "waiting": waiting_items(connection),
            "retried": len(retried_by(connection, by, visit.now)) if by else 0,
            "receipt": entry_of(connection, "home:mail", done) if done else None,
            "reasons": named(connection, reasons, visit.lang),
        }
    words = visit.words
    return visit.page(
        "letters.html",
        status=REFUSED if refused else 200,
        letters=rows,
        total=total,
        counted=COUNTED,
        asked={"standing": "", "kind": "", "person": "", "trouble": ""} | asked,
        older=rows[-1]["letter"] if len(rows) == ROWS else 0,
        before=before,
        suppressed=suppressed[:ROWS],
        more_suppressed=len(suppressed) > ROWS,
        most=MOST,
        kinds=sorted(
            ((k, words.word("letters", k)) for k in kinds_of_letters()),
            key=lambda choice: choice[1].casefold(),
        ),
        standings=[(s, words.word("letters", s)) for s in LETTER_STANDINGS],
        marks=MARKS,
        test=test,
        form=form.typed() if form else {},
        faults=form.faults if form else {},
        postbox=has_postbox(visit),
        **shown,
    )
