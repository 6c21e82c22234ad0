"""A plan for a movement: launched, or in answer to one above. Named so that `/movements/new` is asked for before
`/movements/{code}`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.call import Call
from casework.movements.calendar_of import ANSWER, MOVEMENT
from casework.movements.launch import Plan, launch
from casework.movements.planners import PLANNERS
from casework.movements.rows import movement_by_code
from casework.views.movement import own_calls
from casework.views.movements import may_see_movement
from casework.views.naming import named
from casework.views.planning import PLANNING, askable_by, planning_units, plans
from notifications.words import plain_day
from rules.reasons import Reason, Refused
from rules.windows import local_day
from web.errors import REFUSED, NotFound, OthersOnly
from web.forms import Form
from web.steps import point_at
from web.visit import Posted, SignedIn, Visit, said

router = APIRouter()
_CODE, _SHORT, _THEME, _UNITS = 50, 80, 300, 4_000
#: code of a reason → the field that it is about
_BESIDE = {
    "code_unusable": "code",
    "movement_code_taken": "code",
    "ends_before_it_begins": "until",
    "plan_in_future": "dated",
    "plans_no_movement": "more_units",
    "unknown_unit": "more_units",
    "not_below": "more_units",
    "nobody_below": "more_units",
    "days_for_nobody": "answer_by",
    "ends_in_the_past": "answer_by",
    "review_before_answer": "review_by",
}


@dataclass(frozen=True, slots=True)
class _Begun:
    """Whose plan it is to be: ``units`` that may draw one up, the ``unit`` meant (None: it is to be chosen), and the
    movement that it answers."""

    units: list[dict[str, Any]]
    unit: dict[str, Any] | None
    above: dict[str, Any] | None


@router.get("/movements/new")
def form(visit: SignedIn, answers: str = "", unit: str = "") -> Response:
    """The form of a plan; with several units, first for which of them."""
    return _form(visit, answers, unit)


@router.post("/movements/new")
def act(visit: SignedIn, posted: Posted) -> Response:
    """Launch a movement, or answer one."""
    answers, unit = posted.text("answers", longest=_CODE), posted.text("unit", longest=_SHORT)
    with visit.reading() as connection:
        begun = _begun(connection, visit, answers, unit)
    if begun.unit is None:
        raise NotFound
    plan = _plan(posted, begun)
    papers = posted.files("paper")
    if posted.faults or plan is None:
        return _form(visit, answers, unit, posted)
    paper = {"paper": papers[0].file, "name": papers[0].filename or ""} if papers else {}
    try:
        done = launch(visit.database, visit.house.store, plan, visit.call(posted), **paper)
    except Refused as refusal:
        point_at(posted, refusal.reasons, _BESIDE)
        if any(reason.code.startswith("paper_") for reason in refusal.reasons):
            posted.faults["paper"] = "see_above"
        return _form(visit, answers, unit, posted, refusal.reasons)
    return visit.on_to(f"/movements/{plan.code}?done={done.seq}")


def _plan(posted: Form, begun: _Begun) -> Plan | None:
    code = posted.text("code", longest=_CODE, needed=True)
    theme, number = (
        posted.text("theme", longest=_THEME, needed=True),
        posted.text("number", longest=_SHORT, needed=True),
    )
    dated, since, until = (posted.day(name, needed=True) for name in ("dated", "since", "until"))
    kinds = [kind for kind in posted.texts("kinds") if kind in PLANNERS]
    units = [*posted.texts("units"), *posted.text("more_units", longest=_UNITS).replace(",", " ").split()]
    answer_by, review_by = (
        posted.day(name, needed=bool(kinds or units)) for name in ("answer_by", "review_by")
    )
    if begun.unit is None or dated is None or since is None or until is None:
        return None
    return Plan(
        code=code,
        unit=begun.unit["code"],
        theme=theme,
        number=number,
        dated=dated,
        since=since,
        until=until,
        answers=begun.above["code"] if begun.above else None,
        kinds=tuple(dict.fromkeys(kinds)),
        units=tuple(dict.fromkeys(units)),
        answer_by=answer_by,
        review_by=review_by,
    )


def _begun(connection: Connection, visit: Visit, answers: str, unit: str) -> _Begun:
    """Raises:
    NotFound: the movement that is answered is not there for this person, or asks nothing more of her.
    """
    day = local_day(visit.now)
    above = None
    units = planning_units(connection, visit.sight, day)
    if answers:
        try:
            above = movement_by_code(connection, answers)
        except Refused as refusal:
            raise NotFound from refusal
        if not may_see_movement(connection, visit.sight, above, day):
            raise NotFound
        look = Call(visit.me.id, visit.now, "look", "look")
        own = own_calls(connection, visit.sight, above, look)
        units = [row["unit"] for row in own if row["act"] == ANSWER]
    chosen = next((row for row in units if row["code"] == unit), None)
    if chosen is None and not unit and len(units) == 1:
        chosen = units[0]
    return _Begun(units, chosen, above)


def _form(
    visit: Visit,
    answers: str,
    unit: str,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
) -> Response:
    day = local_day(visit.now)
    with visit.reading() as connection:
        begun = _begun(connection, visit, answers, unit)
        if not plans(visit.sight):
            raise OthersOnly(tuple(sorted(PLANNING)))
        askable = askable_by(connection, begun.unit["id"], day) if begun.unit else None
        told = named(connection, reasons, visit.lang)
    return visit.page(
        "movement_new.html",
        status=REFUSED if posted else 200,
        units=begun.units,
        unit=begun.unit,
        above=begun.above,
        answers=answers,
        askable=askable,
        form=said(posted) if posted else _proposed(begun),
        ticked={name: set(posted.texts(name)) if posted else set() for name in ("kinds", "units")},
        faults=posted.faults if posted else {},
        reasons=told,
    )


def _proposed(begun: _Begun) -> Mapping[str, str]:
    """What an answer most often takes over from the plan above; all of it may be typed anew."""
    if begun.above is None or begun.unit is None:
        return {}
    above = begun.above
    code = f"{above['code']}-{begun.unit['code']}"
    return {
        "code": code if len(code) <= MOVEMENT.c.code.type.length else "",
        "theme": above["theme"],
        "since": plain_day(above["since"]),
        "until": plain_day(above["until"]),
    }
