"""Carrying out the planned acts about movements and exemplars."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from casework.call import Call
from casework.exemplars.stages import (
    EXEMPLAR,
    Finding,
    Reached,
    advance_exemplar,
    find_exemplar,
)
from casework.movements.end import end_movement
from casework.movements.launch import Plan, launch
from casework.movements.review import Review, review
from casework.routing import UNIT
from rehearsal.paper_forms import pdf
from rehearsal.plan import PlannedAct

if TYPE_CHECKING:
    from rehearsal.deeds import Stage


def _brought(words: Any, about: str) -> dict[str, Any]:
    if "paper" not in words:
        return {}
    name, text = words["paper"]
    return {"paper": io.BytesIO(pdf(f"{text}: {about}")), "name": name}


def _launch(stage: Stage, act: PlannedAct, call: Call) -> None:
    plan = Plan(**{name: value for name, value in act.words.items() if name != "paper"})
    launch(stage.database, stage.store, plan, call, **_brought(act.words, plan.code))


def _review(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    said = Review(*(words[name] for name in ("movement", "unit", "reviewed_on", "text")))
    review(stage.database, stage.store, said, call, **_brought(words, f"{said.movement} {said.unit}"))


def _end(stage: Stage, act: PlannedAct, call: Call) -> None:
    end_movement(stage.database, act.words["movement"], act.words["reason"], call)


def _find(stage: Stage, act: PlannedAct, call: Call) -> None:
    find_exemplar(stage.database, stage.store, Finding(**act.words), call)


def _number(connection: Connection, label: str) -> int:
    """The number of the exemplar that a school found in the plan; a school finds one."""
    query = (
        select(EXEMPLAR.c.id)
        .join(UNIT, UNIT.c.id == EXEMPLAR.c.unit_id)
        .where(UNIT.c.code == label.removeprefix("exemplar/"))
        .order_by(EXEMPLAR.c.id)
    )
    return int(connection.execute(query).scalars().first() or 0)


def _advance(stage: Stage, act: PlannedAct, call: Call) -> None:
    with stage.database.read() as connection:
        exemplar = _number(connection, act.stories[0])
    advance_exemplar(stage.database, stage.store, exemplar, Reached(**act.words), call)


MOVEMENT_DEEDS = {
    "launch": _launch,
    "review": _review,
    "end_movement": _end,
    "find_exemplar": _find,
    "advance_exemplar": _advance,
}
