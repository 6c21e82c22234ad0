"""One milestone of one unit: its days, its words; saying that it was done, setting own dates, extending it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from casework.act import Done
from casework.extend_window import extend_window
from casework.fulfil import Word, fulfil, unfulfil
from casework.own_dates import set_own_dates
from casework.views.naming import named
from casework.views.obligation import entry_of, paper_of, show_obligation
from rules.reasons import Reason, Refused
from rules.windows import local_day
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.kept import kept
from web.pages.school import seen_unit
from web.steps import point_at
from web.visit import Posted, SignedIn, Visit, said

router = APIRouter()
_HERE = "/calendar/{calendar}/{milestone}/{unit}"


@router.get(_HERE)
def obligation(calendar: str, milestone: str, unit: str, visit: SignedIn, done: int = 0) -> Response:
    """The page of what a unit owes."""
    return _page(visit, calendar, milestone, unit, done=done)


#: reasons against a word that are about its day
_BESIDE = {"done_in_the_future": "done_on", "done_before_the_year": "done_on"}


@router.post(_HERE + "/fulfil")
def say_done(calendar: str, milestone: str, unit: str, visit: SignedIn, posted: Posted) -> Response:
    """Say that it was done."""
    _must_see(visit, unit)
    done_on, note = posted.day("done_on", needed=True), posted.text("note")
    papers = posted.files("paper")
    if posted.faults or done_on is None:
        return _page(visit, calendar, milestone, unit, posted, act="fulfil")
    paper = {"paper": papers[0].file, "name": papers[0].filename} if papers else {}
    word = Word(unit, calendar, milestone, done_on, note)
    try:
        done = fulfil(visit.database, visit.house.store, word, visit.call(posted), **paper)
    except Refused as refusal:
        point_at(posted, refusal.reasons, _BESIDE)
        return _page(visit, calendar, milestone, unit, posted, refusal.reasons, act="fulfil")
    return _onward(visit, calendar, milestone, unit, done)


@router.post(_HERE + "/unfulfil")
def take_back(calendar: str, milestone: str, unit: str, visit: SignedIn, posted: Posted) -> Response:
    """Take the word back."""
    _must_see(visit, unit)
    reason = posted.text("undo_reason", needed=True)
    if posted.faults:
        return _page(visit, calendar, milestone, unit, posted, act="unfulfil")
    try:
        done = unfulfil(visit.database, unit, calendar, milestone, reason, visit.call(posted))
    except Refused as refusal:
        return _page(visit, calendar, milestone, unit, posted, refusal.reasons, act="unfulfil")
    return _onward(visit, calendar, milestone, unit, done)


@router.post(_HERE + "/own-dates")
def own_dates(calendar: str, milestone: str, unit: str, visit: SignedIn, posted: Posted) -> Response:
    """Set dates of its own."""
    _must_see(visit, unit)
    opens, last_day = posted.day("opens", needed=True), posted.day("last_day", needed=True)
    note = posted.text("dates_note")
    if posted.faults or opens is None or last_day is None:
        return _page(visit, calendar, milestone, unit, posted, act="own_dates")
    call = visit.call(posted)
    try:
        done = set_own_dates(visit.database, unit, calendar, milestone, opens, last_day, note, call)
    except Refused as refusal:
        return _page(visit, calendar, milestone, unit, posted, refusal.reasons, act="own_dates")
    return _onward(visit, calendar, milestone, unit, done)


@router.post(_HERE + "/extend")
def extend(calendar: str, milestone: str, unit: str, visit: SignedIn, posted: Posted) -> Response:
    """Give it more time."""
    _must_see(visit, unit)
    until, reason = posted.day("until", needed=True), posted.text("extend_reason", needed=True)
    if posted.faults or until is None:
        return _page(visit, calendar, milestone, unit, posted, act="extend")
    call = visit.call(posted)
    try:
        done = extend_window(visit.database, unit, calendar, milestone, until, reason, call)
    except Refused as refusal:
        return _page(visit, calendar, milestone, unit, posted, refusal.reasons, act="extend")
    return _onward(visit, calendar, milestone, unit, done)


@router.get(_HERE + "/papers/{number}")
def paper(calendar: str, milestone: str, unit: str, number: int, visit: SignedIn) -> Response:
    """The paper that came with a word, to keep: never shown within a page of ours."""
    with visit.reading() as connection:
        row = seen_unit(connection, visit, unit)
        stored = paper_of(connection, int(str(row["id"])), calendar, milestone, number)
    return kept(visit, stored)


def _must_see(visit: Visit, unit: str) -> None:
    with visit.reading() as connection:
        seen_unit(connection, visit, unit)


def _onward(visit: Visit, calendar: str, milestone: str, unit: str, done: Done) -> Response:
    return visit.on_to(f"/calendar/{calendar}/{milestone}/{unit}?done={done.seq}")


def _page(
    visit: Visit,
    calendar: str,
    milestone: str,
    unit: str,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    *,
    act: str = "",
    done: int = 0,
) -> Response:
    with visit.reading() as connection:
        row: dict[str, Any] = seen_unit(connection, visit, unit)
        try:
            shown = show_obligation(connection, visit.sight, calendar, milestone, row, visit.now, visit.lang)
        except Refused as refusal:
            raise NotFound from refusal
        told = named(connection, reasons, visit.lang)
        receipt = entry_of(connection, int(row["id"]), done) if done else None
    return visit.page(
        "obligation.html",
        status=REFUSED if posted else 200,
        owed=shown,
        unit=row,
        receipt=receipt,
        act=act,
        form=said(posted),
        faults=posted.faults if posted else {},
        reasons=told,
        here=f"/calendar/{calendar}/{milestone}/{unit}",
        today=local_day(visit.now),
    )
