"""Exemplars: those that one sees, a new one, one of them with its stages, the next stage, the end, the papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlalchemy import Connection
from starlette.responses import Response

from casework.exemplars.stages import (
    Finding,
    Reached,
    advance_exemplar,
    end_exemplar,
    find_exemplar,
    subject_of,
)
from casework.views.exemplar import (
    ALL,
    exemplar_row,
    may_go_on,
    may_see_exemplar,
    paper_of_stage,
    people_offered,
    seen_units,
    with_exemplars,
)
from casework.views.exemplars import list_exemplars, show_exemplar
from casework.views.movements import list_movements
from casework.views.naming import named
from casework.views.planning import PLANNING, planning_units, plans
from casework.views.receipts import receipt_in
from models.exemplar import STAGES
from notifications.words import plain_day
from rules.reasons import Reason, Refused
from rules.windows import local_day
from web.errors import REFUSED, NotFound, OthersOnly
from web.forms import Form
from web.kept import kept
from web.pages.school import seen_unit
from web.paging import paging, start_of
from web.steps import point_at
from web.visit import Posted, SignedIn, Visit, said

router = APIRouter()
#: the number of an exemplar; what no database holds as one is none
Number = Annotated[int, Path(ge=1, lt=2**31)]
_LONG, _SHORT, _FIELD = 2_000, 80, 200
#: code of a reason → the field that it is about, for each form
_BESIDE = {
    "unknown_person": "person",
    "person_erased": "person",
    "not_employed_here": "person",
    "exemplar_known": "field",
    "unknown_movement": "movement",
    "done_in_the_future": "found_on",
}
_NEXT = {"done_in_the_future": "reached_on", "stage_before_the_last": "reached_on"}


@router.get("/exemplars")
def exemplars(visit: SignedIn, unit: str = "", start: int = 0) -> Response:
    """The exemplars of one's own units and those below, or of one ``unit`` and those below it."""
    start, day = start_of(start), local_day(visit.now)
    with visit.reading() as connection:
        seen, chosen = seen_units(connection, visit.sight, day), None
        if unit:
            chosen = seen_unit(connection, visit, unit)
            seen = seen.within(with_exemplars(connection, (int(chosen["id"]),), day))
        rows, total = list_exemplars(connection, seen.units, made_known=seen.mates, start=start)
        finds = planning_units(connection, visit.sight, day)
    return visit.page(
        "exemplars.html",
        rows=rows,
        chosen=chosen,
        finds=[row for row in finds if chosen is None or row["code"] == chosen["code"]],
        pages=paging("/exemplars", {"unit": unit}, start, total),
    )


@router.get("/exemplars/new")
def form(visit: SignedIn, unit: str = "") -> Response:
    """The form of a new one; with several units, first for which of them."""
    return _form(visit, unit)


@router.post("/exemplars/new")
def found(visit: SignedIn, posted: Posted) -> Response:
    """Record that a unit has found one."""
    unit = posted.text("unit", longest=_SHORT)
    field, day = posted.text("field", longest=_FIELD, needed=True), posted.day("found_on", needed=True)
    person, movement = posted.text("person", longest=_SHORT), posted.text("movement", longest=_SHORT)
    text = posted.text("note", longest=_LONG)
    with visit.reading() as connection:
        if _chosen(planning_units(connection, visit.sight, local_day(visit.now)), unit) is None:
            raise NotFound
    if posted.faults or day is None:
        return _form(visit, unit, posted)
    finding = Finding(unit, person or None, field, day, text, movement or None)
    try:
        done = find_exemplar(
            visit.database, visit.house.store, finding, visit.call(posted), **_brought(posted)
        )
    except Refused as refusal:
        _mark(posted, refusal.reasons, _BESIDE)
        return _form(visit, unit, posted, refusal.reasons)
    return visit.on_to(f"/exemplars/{done.subject.partition(':')[2]}?done={done.seq}")


@router.get("/exemplars/{number}")
def exemplar(number: Number, visit: SignedIn, done: int = 0) -> Response:
    """One exemplar with its stages."""
    return _page(visit, number, done=done)


@router.post("/exemplars/{number}/advance")
def advance(number: Number, visit: SignedIn, posted: Posted) -> Response:
    """Note its next stage."""
    with visit.reading() as connection:
        _whole(connection, visit, number)
    stage, day = posted.text("stage", longest=_SHORT), posted.day("reached_on", needed=True)
    text = posted.text("note", longest=_LONG)
    if stage not in STAGES:
        posted.faults["stage"] = "no_choice"
    if posted.faults or day is None:
        return _page(visit, number, posted, act="advance")
    reached, call = Reached(stage, day, text), visit.call(posted)
    try:
        done = advance_exemplar(visit.database, visit.house.store, number, reached, call, **_brought(posted))
    except Refused as refusal:
        _mark(posted, refusal.reasons, _NEXT)
        return _page(visit, number, posted, refusal.reasons, act="advance")
    return visit.on_to(f"/exemplars/{number}?done={done.seq}")


@router.post("/exemplars/{number}/end")
def end(number: Number, visit: SignedIn, posted: Posted) -> Response:
    """Say that it is one no more."""
    with visit.reading() as connection:
        _whole(connection, visit, number)
    reason = posted.text("reason", longest=_LONG, needed=True)
    if posted.faults:
        return _page(visit, number, posted, act="end")
    try:
        done = end_exemplar(visit.database, number, reason, visit.call(posted))
    except Refused as refusal:
        return _page(visit, number, posted, refusal.reasons, act="end")
    return visit.on_to(f"/exemplars/{number}?done={done.seq}")


@router.get("/exemplars/{number}/papers/{stage}")
def paper(number: Number, stage: str, visit: SignedIn) -> Response:
    """The paper of a stage."""
    with visit.reading() as connection:
        _, how_much = _seen(connection, visit, number)
        if how_much != ALL and stage != STAGES[-1]:
            raise NotFound
        stored = paper_of_stage(connection, number, stage)
    return kept(visit, stored)


def _brought(posted: Form) -> dict[str, Any]:
    papers = posted.files("paper")
    return {"paper": papers[0].file, "name": papers[0].filename or ""} if papers else {}


def _mark(posted: Form, reasons: tuple[Reason, ...], beside: Mapping[str, str]) -> None:
    point_at(posted, reasons, beside)
    if any(reason.code.startswith("paper_") for reason in reasons):
        posted.faults["paper"] = "see_above"


def _seen(connection: Connection, visit: Visit, number: int) -> tuple[Mapping[str, Any], str]:
    """The row of an exemplar, and how much of it this person sees.

    Raises:
        NotFound: there is none of that number, or none for this person: the two look alike.
    """
    row = exemplar_row(connection, number)
    how_much = may_see_exemplar(connection, visit.sight, row, local_day(visit.now)) if row else ""
    if row is None or not how_much:
        raise NotFound
    return row, how_much


def _whole(connection: Connection, visit: Visit, number: int) -> None:
    if _seen(connection, visit, number)[1] != ALL:
        raise NotFound


def _chosen(units: list[dict[str, Any]], code: str) -> dict[str, Any] | None:
    if not code and len(units) == 1:
        return units[0]
    return next((row for row in units if row["code"] == code), None)


def _form(visit: Visit, unit: str, posted: Form | None = None, reasons: tuple[Reason, ...] = ()) -> Response:
    day = local_day(visit.now)
    if not plans(visit.sight):
        raise OthersOnly(tuple(sorted(PLANNING)))
    with visit.reading() as connection:
        units = planning_units(connection, visit.sight, day)
        chosen = _chosen(units, unit)
        people = people_offered(connection, chosen["id"], day) if chosen else []
        movements = list_movements(connection, visit.sight, first=day).rows if chosen else []
        told = named(connection, reasons, visit.lang)
    return visit.page(
        "exemplar_new.html",
        status=REFUSED if posted else 200,
        units=units,
        unit=chosen,
        people=people,
        movements=[(row["code"], f"{row['theme']} ({row['number']})") for row in movements],
        form=posted.typed() if posted else {"found_on": plain_day(day)},
        faults=posted.faults if posted else {},
        reasons=told,
    )


def _page(
    visit: Visit,
    number: int,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    *,
    act: str = "",
    done: int = 0,
) -> Response:
    with visit.reading() as connection:
        row, how_much = _seen(connection, visit, number)
        shown = show_exemplar(connection, number)
        told = named(connection, reasons, visit.lang)
        receipt = receipt_in(connection, subject_of(number), done) if done and how_much == ALL else None
        goes_on = how_much == ALL and may_go_on(connection, visit.sight, row, visit.now)
    if shown is None:
        raise NotFound
    if how_much != ALL:
        # Of what was made known the way there is the school's own matter.
        shown["stages"] = [stage for stage in shown["stages"] if stage["stage"] == STAGES[-1]]
    return visit.page(
        "exemplar.html",
        status=REFUSED if posted else 200,
        exemplar=shown,
        goes_on=goes_on,
        act=act,
        receipt=receipt,
        form=said(posted),
        today=plain_day(local_day(visit.now)),
        faults=posted.faults if posted else {},
        reasons=told,
    )
