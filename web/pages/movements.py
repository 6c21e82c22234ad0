"""Movements: those that one sees, one of them with whom it asked, the review of one, its end, the papers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.call import Call
from casework.movements.calendar_of import REVIEW
from casework.movements.end import end_movement
from casework.movements.review import Review, review
from casework.movements.rows import movement_by_code, subject_of
from casework.routing import unit_by_code
from casework.sight import may_see_unit
from casework.views.movement import movement_page, own_calls, paper_of_movement, paper_of_review
from casework.views.movement_awards import awards_on, with_those_above
from casework.views.movements import list_movements, may_see_movement, standing_of
from casework.views.naming import named
from casework.views.planning import planning_units
from casework.views.receipts import receipt_in
from notifications.words import plain_day
from rules.reasons import Reason, Refused
from rules.windows import local_day
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.kept import kept
from web.paging import paging, start_of
from web.steps import point_at
from web.visit import Posted, SignedIn, Visit, said

router = APIRouter()
_LONG = 2_000
_BESIDE = {"done_in_the_future": "reviewed_on", "before_the_movement": "reviewed_on"}


@router.get("/movements")
def movements(visit: SignedIn, start: int = 0) -> Response:
    """The movements that one sees: those that run first, then the newest."""
    start, day = start_of(start), local_day(visit.now)
    with visit.reading() as connection:
        found = list_movements(connection, visit.sight, first=day, start=start)
        launches = planning_units(connection, visit.sight, day)
    return visit.page(
        "movements.html",
        rows=[
            {**row, "standing": standing_of(row, day), "late": _is_late(row, day.isoformat())}
            for row in found.rows
        ],
        pages=paging("/movements", {}, start, found.total),
        launches=launches,
    )


def _is_late(row: dict[str, Any], today: str) -> bool:
    """Whether the day is over until which those that a running movement asks were to answer."""
    return bool(row["answer_by"]) and row["answer_by"] < today and not row["ended"]


@router.get("/movements/{code}")
def movement(code: str, visit: SignedIn, start: int = 0, done: int = 0) -> Response:
    """One movement; ``start`` turns the pages of whom it asked, ``done`` is the entry that an act has just written."""
    return _page(visit, code, start=start_of(start), done=done)


@router.post("/movements/{code}/end")
def end(code: str, visit: SignedIn, posted: Posted) -> Response:
    """End it, with a reason."""
    with visit.reading() as connection:
        _seen(connection, visit, code)
    reason = posted.text("reason", longest=_LONG, needed=True)
    if posted.faults:
        return _page(visit, code, posted)
    try:
        done = end_movement(visit.database, code, reason, visit.call(posted))
    except Refused as refusal:
        return _page(visit, code, posted, refusal.reasons)
    return visit.on_to(f"/movements/{code}?done={done.seq}")


@router.get("/movements/{code}/paper")
def paper(code: str, visit: SignedIn) -> Response:
    """The plan as it was signed."""
    with visit.reading() as connection:
        stored = paper_of_movement(_seen(connection, visit, code))
    return kept(visit, stored)


@router.get("/movements/{code}/reviews/{unit}")
def review_form(code: str, unit: str, visit: SignedIn) -> Response:
    """The form of a unit's review."""
    return _review_page(visit, code, unit)


@router.post("/movements/{code}/reviews/{unit}")
def reviewed(code: str, unit: str, visit: SignedIn, posted: Posted) -> Response:
    """Review it."""
    with visit.reading() as connection:
        _own(connection, visit, code, unit)
    day, text = posted.day("reviewed_on", needed=True), posted.text("review", longest=_LONG, needed=True)
    papers = posted.files("paper")
    if posted.faults or day is None:
        return _review_page(visit, code, unit, posted)
    brought = {"paper": papers[0].file, "name": papers[0].filename or ""} if papers else {}
    made, call = Review(code, unit, day, text), visit.call(posted)
    try:
        done = review(visit.database, visit.house.store, made, call, **brought)
    except Refused as refusal:
        point_at(posted, refusal.reasons, _BESIDE)
        if any(reason.code.startswith("paper_") for reason in refusal.reasons):
            posted.faults["paper"] = "see_above"
        return _review_page(visit, code, unit, posted, refusal.reasons)
    return visit.on_to(f"/movements/{code}?done={done.seq}")


@router.get("/movements/{code}/reviews/{unit}/paper")
def review_paper(code: str, unit: str, visit: SignedIn) -> Response:
    """The paper of a unit's review, for that unit, those above it, and whoever asked."""
    with visit.reading() as connection:
        row = _seen(connection, visit, code)
        asked = _unit(connection, unit)
        if row["unit_id"] not in visit.sight.units and not may_see_unit(
            connection, visit.sight, asked, local_day(visit.now)
        ):
            raise NotFound
        stored = paper_of_review(connection, row["id"], asked)
    return kept(visit, stored)


def _unit(connection: Connection, code: str) -> int:
    try:
        return int(str(unit_by_code(connection, code)["id"]))
    except Refused as refusal:
        raise NotFound from refusal


def _seen(connection: Connection, visit: Visit, code: str) -> dict[str, Any]:
    """The row of a movement that this person may see.

    Raises:
        NotFound: there is none of that code, or none for this person: the two look alike.
    """
    try:
        row = movement_by_code(connection, code)
    except Refused as refusal:
        raise NotFound from refusal
    if not may_see_movement(connection, visit.sight, row, local_day(visit.now)):
        raise NotFound
    return row


def _own(connection: Connection, visit: Visit, code: str, unit: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row of a movement, and what it asked of a unit that this person answers for.

    Raises:
        NotFound: it asked nothing of a unit of hers of that code.
    """
    row = _seen(connection, visit, code)
    look = Call(visit.me.id, visit.now, "look", "look")
    own = next((o for o in own_calls(connection, visit.sight, row, look) if o["unit"]["code"] == unit), None)
    if own is None:
        raise NotFound
    return row, own


def _page(
    visit: Visit,
    code: str,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    *,
    start: int = 0,
    done: int = 0,
) -> Response:
    with visit.reading() as connection:
        row = _seen(connection, visit, code)
        shown = movement_page(connection, visit.sight, row, visit.now, start=start)
        told = named(connection, reasons, visit.lang)
        receipt = receipt_in(connection, subject_of(row["id"]), done) if done else None
        awards = awards_on(connection, [row["id"]], visit.sight, visit.lang)
        if row["parent_id"] is not None:
            # What the unit asks for in a plan that this one answers rests on this one too.
            above = with_those_above(connection, row["parent_id"])
            awards += awards_on(connection, above, visit.sight, visit.lang, unit=row["unit_id"])
    return visit.page(
        "movement.html",
        status=REFUSED if posted else 200,
        shown=shown,
        movement=shown.shown.movement,
        awards=awards,
        pages=paging(f"/movements/{code}", {}, start, shown.shown.calls_total),
        receipt=receipt,
        form=said(posted),
        faults=posted.faults if posted else {},
        reasons=told,
    )


def _review_page(
    visit: Visit,
    code: str,
    unit: str,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
) -> Response:
    with visit.reading() as connection:
        row, own = _own(connection, visit, code, unit)
        told = named(connection, reasons, visit.lang)
        plans = with_those_above(connection, row["id"])
        awards = awards_on(connection, plans, visit.sight, visit.lang, unit=own["unit"]["id"])
    if own["act"] != REVIEW and posted is None:
        # Nothing is to be reviewed: the movement's page says how far it is.
        return visit.on_to(f"/movements/{code}")
    return visit.page(
        "movement_review.html",
        status=REFUSED if posted else 200,
        movement=row,
        unit=own["unit"],
        awards=awards,
        form=posted.typed() if posted else {"reviewed_on": plain_day(local_day(visit.now))},
        faults=posted.faults if posted else {},
        reasons=told,
    )
