"""Movements, what they ask of units, and exemplars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, String, Table, and_, case, exists, func, literal, or_, select

from casework.dates import BATCH
from casework.debts import FULFILMENT, OBLIGATION
from casework.doctor.finding import fault
from casework.doctor.view import View
from casework.exemplars.stages import EXEMPLAR, STAGE
from casework.load import NOMINATION
from casework.movements.calendar_of import ANSWER, MOVEMENT, PREFIX, REVIEW
from casework.movements.rows import CALL
from casework.named_movements import parts_of
from models.exemplar import STAGES


def call_answered_by_another(view: View) -> Iterator[str]:
    """What was asked of a unit is answered by a plan of another unit, or by one that answers another movement."""
    answer = MOVEMENT.alias("answer")
    strange = or_(
        answer.c.unit_id != CALL.c.unit_id,
        answer.c.parent_id.is_distinct_from(CALL.c.movement_id),
    )
    query = select(CALL.c.movement_id).join(answer, answer.c.id == CALL.c.answer_id).where(strange).distinct()
    yield from view.ids("movement", query.order_by(CALL.c.movement_id))


def _called(table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the movement whose calendar a row names called on the row's unit."""
    return exists(
        select(CALL.c.unit_id)
        .join(MOVEMENT, MOVEMENT.c.id == CALL.c.movement_id)
        .where(
            table.c.calendar == literal(PREFIX, String) + MOVEMENT.c.code,
            CALL.c.unit_id == table.c.unit_id,
            *conditions,
        )
    )


def obligation_without_call(view: View) -> Iterator[str]:
    """A unit owes something to a movement that does not call on it."""
    query = select(OBLIGATION.c.id).where(OBLIGATION.c.calendar.startswith(PREFIX), ~_called(OBLIGATION))
    yield from view.ids("obligation", query.order_by(OBLIGATION.c.id))


def fulfilment_without_answer(view: View) -> Iterator[str]:
    """What a movement asks for counts as met, and there is no answer or no review."""
    done = {ANSWER: CALL.c.answer_id, REVIEW: CALL.c.reviewed_on}
    met = or_(
        *(
            and_(
                FULFILMENT.c.milestone.startswith(f"{what}-"),
                _called(FULFILMENT, column.is_not(None)),
            )
            for what, column in done.items()
        )
    )
    query = select(FULFILMENT.c.id).where(
        FULFILMENT.c.calendar.startswith(PREFIX), FULFILMENT.c.undone_at.is_(None), ~met
    )
    yield from view.ids("fulfilment", query.order_by(FULFILMENT.c.id))


def _place(column: ColumnElement[Any]) -> ColumnElement[int]:
    return case({stage: place for place, stage in enumerate(STAGES)}, value=column)


def exemplar_stage_differs(view: View) -> Iterator[str]:
    """An exemplar is not at the last stage that it reached."""
    last = (
        select(STAGE.c.exemplar_id, func.max(_place(STAGE.c.stage)).label("place"))
        .group_by(STAGE.c.exemplar_id)
        .subquery()
    )
    query = (
        select(EXEMPLAR.c.id)
        .outerjoin(last, last.c.exemplar_id == EXEMPLAR.c.id)
        .where(last.c.place.is_distinct_from(_place(EXEMPLAR.c.stage)))
    )
    yield from view.ids("exemplar", query.order_by(EXEMPLAR.c.id))


def exemplar_stages_out_of_order(view: View) -> Iterator[str]:
    """A stage of an exemplar was left out, or was reached before the one before it."""
    before = STAGE.alias("before")
    query = (
        select(STAGE.c.exemplar_id)
        .outerjoin(
            before,
            and_(
                before.c.exemplar_id == STAGE.c.exemplar_id,
                _place(before.c.stage) == _place(STAGE.c.stage) - 1,
            ),
        )
        .where(
            STAGE.c.stage != STAGES[0],
            or_(before.c.stage.is_(None), before.c.reached_on > STAGE.c.reached_on),
        )
        .distinct()
    )
    yield from view.ids("exemplar", query.order_by(STAGE.c.exemplar_id))


def rests_on_movement_of_others(view: View) -> Iterator[str]:
    """A nomination rests on a movement in which its unit took no part."""
    query = (
        select(NOMINATION.c.id, NOMINATION.c.unit_id, NOMINATION.c.movement_id)
        .where(NOMINATION.c.movement_id.is_not(None))
        .order_by(NOMINATION.c.id)
    )
    rows = view.connection.execute(query).all()
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        parts = parts_of(view.connection, {r.unit_id for r in some}, {r.movement_id for r in some})
        yield from (f"nomination:{r.id}" for r in some if (r.unit_id, r.movement_id) not in parts)


INVARIANTS = (
    fault(call_answered_by_another),
    fault(obligation_without_call),
    fault(fulfilment_without_answer),
    fault(rests_on_movement_of_others),
    fault(exemplar_stage_differs),
    fault(exemplar_stages_out_of_order),
)
