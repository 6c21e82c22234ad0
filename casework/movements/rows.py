"""Rows of movements, and what every act on one asks first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from casework.access import not_holding, require_duty
from casework.call import Call
from casework.movements.calendar_of import MOVEMENT, UNIT
from casework.movements.planners import PLANNERS
from casework.routing import in_charge_of
from models.movement import MovementCall
from rules.reasons import Reason, Refused

CALL = MovementCall.__table__


def movement_by_code(connection: Connection, code: str, *, lock: bool = False) -> dict[str, Any]:
    """The row of a movement, with ``kind`` of its unit. ``lock`` holds it until the transaction ends (PostgreSQL).

    Raises:
        Refused: there is no such movement.
    """
    query = (
        select(MOVEMENT, UNIT.c.kind)
        .join(UNIT, UNIT.c.id == MOVEMENT.c.unit_id)
        .where(MOVEMENT.c.code == code)
    )
    if lock:
        query = query.with_for_update(of=MOVEMENT)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise Refused([Reason("unknown_movement", {"code": code})])
    return dict(row)


def subject_of(movement: int) -> str:
    """The name of a movement's chain in the history."""
    return f"movement:{movement}"


def against_planning(
    connection: Connection, unit: Mapping[str, Any], call: Call, *, ended_too: bool = False
) -> list[Reason]:
    """Why the caller may draw up no plan for a unit (its row). ``ended_too``: after its end its successors may."""
    unit_id = int(unit["id"])
    duties = PLANNERS.get(str(unit["kind"]))
    if duties is None:
        return [Reason("plans_no_movement", {"unit": unit_id})]
    if call.actor_id is None:
        return [not_holding(duties, unit_id)]
    in_charge = in_charge_of(connection, unit_id, call.day).units
    if not ended_too and unit_id not in in_charge:
        return [Reason("unit_has_ended", {"unit": unit_id})]
    return list(require_duty(connection, call.actor_id, in_charge or (unit_id,), duties, call.day))


def asked_call(connection: Connection, movement: int, unit: int) -> Mapping[str, Any] | None:
    """What a movement asked of a unit; None where it asked nothing."""
    query = select(CALL).where(CALL.c.movement_id == movement, CALL.c.unit_id == unit)
    return connection.execute(query).mappings().first()
