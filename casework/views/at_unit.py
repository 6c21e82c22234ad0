"""One unit for who keeps the office's affairs: where it stood, who holds what, what is lent, its dossiers."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from casework.access import DELEGATION, DUTY
from casework.load import DOSSIER
from casework.people import PERSON, UNIT
from casework.routing import PLACEMENT, unit_by_code
from models.dossier import UNFINISHED
from states.vocabulary import KINDS

#: rows of each list that a page shows
SHOWN = 50


def at_unit(connection: Connection, code: str, day: date) -> dict[str, Any]:
    """Placements and duties with their days, past ones too; delegations that have not ended; dossiers by kind of state.

    Raises:
        Refused: there is no such unit.
    """
    unit = int(str(unit_by_code(connection, code)["id"]))
    return {
        "placements": _placements(connection, unit, day),
        "duties": _duties(connection, unit, day),
        "delegations": _delegations(connection, unit, day),
        "own": _counted(connection, DOSSIER.c.unit_id == unit),
        "waiting": connection.execute(
            select(func.count()).where(DOSSIER.c.desk_unit_id == unit, UNFINISHED)
        ).scalar_one(),
    }


def _placements(connection: Connection, unit: int, day: date) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(UNIT.c.code, UNIT.c.name, PLACEMENT.c.relation, PLACEMENT.c.since, PLACEMENT.c.until)
        .join(UNIT, UNIT.c.id == PLACEMENT.c.under_id)
        .where(PLACEMENT.c.unit_id == unit)
        .order_by(PLACEMENT.c.since.desc(), PLACEMENT.c.id)
        .limit(SHOWN)
    ).mappings()
    return [{**row, "in_force": _counts(row, day)} for row in rows]


def _duties(connection: Connection, unit: int, day: date) -> list[dict[str, Any]]:
    """Those of the day first, then what is to come or over."""
    over = DUTY.c.until.is_not(None) & (DUTY.c.until < day)
    rows = connection.execute(
        select(DUTY.c.id, DUTY.c.duty, DUTY.c.since, DUTY.c.until, PERSON.c.code, PERSON.c.name)
        .join(PERSON, PERSON.c.id == DUTY.c.person_id)
        .where(DUTY.c.unit_id == unit)
        .order_by(over, DUTY.c.since.desc(), DUTY.c.duty, PERSON.c.code)
        .limit(SHOWN)
    ).mappings()
    return [{**row, "in_force": _counts(row, day)} for row in rows]


def _delegations(connection: Connection, unit: int, day: date) -> list[dict[str, Any]]:
    giver, receiver = PERSON.alias("giver"), PERSON.alias("receiver")
    rows = connection.execute(
        select(
            DELEGATION.c.id,
            DELEGATION.c.since,
            DELEGATION.c.until,
            DUTY.c.duty,
            giver.c.code.label("giver"),
            giver.c.name.label("giver_name"),
            receiver.c.code.label("receiver"),
            receiver.c.name.label("receiver_name"),
        )
        .join(DUTY, DUTY.c.id == DELEGATION.c.duty_id)
        .join(giver, giver.c.id == DUTY.c.person_id)
        .join(receiver, receiver.c.id == DELEGATION.c.to_person_id)
        .where(DUTY.c.unit_id == unit, DELEGATION.c.ended_at.is_(None), DELEGATION.c.until >= day)
        .order_by(DELEGATION.c.since, DELEGATION.c.id)
        .limit(SHOWN)
    )
    return [
        {
            "id": row.id,
            "duty": row.duty,
            "since": row.since.isoformat(),
            "until": row.until.isoformat(),
            "from": {"code": row.giver, "name": row.giver_name},
            "to": {"code": row.receiver, "name": row.receiver_name},
        }
        for row in rows
    ]


def _counted(connection: Connection, condition: Any) -> list[dict[str, Any]]:
    query = select(DOSSIER.c.state_kind, func.count().label("number")).where(condition)
    counts = {row.state_kind: row.number for row in connection.execute(query.group_by(DOSSIER.c.state_kind))}
    return [{"kind": kind, "number": counts[kind]} for kind in KINDS if kind in counts]


def _counts(row: Any, day: date) -> bool:
    return bool(row["since"] <= day and (row["until"] is None or row["until"] >= day))
