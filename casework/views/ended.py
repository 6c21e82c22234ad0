"""The offices that have ended, and who does their work since, as the published maps say."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from casework.load import DOSSIER
from casework.people import UNIT
from casework.regulations import successions
from casework.routing import nearest_by_kind
from casework.successions import Successions
from casework.views.naming import units_named


def ended_offices(
    connection: Connection, day: date, *, limit: int, start: int = 0
) -> tuple[list[dict[str, Any]], int]:
    """A page of the units that ended before a day, the latest first, and how many there are in all.

    ``heirs`` are units that a map names; where none does, ``becomes`` is the kind of unit of which the nearest
    to each school does the work; both empty: nobody is named, and what is left there waits.
    """
    gone = UNIT.c.until < day
    total = connection.execute(select(func.count()).select_from(UNIT).where(gone)).scalar_one()
    rows = connection.execute(
        select(UNIT.c.id, UNIT.c.code, UNIT.c.name, UNIT.c.kind, UNIT.c.until)
        .where(gone)
        .order_by(UNIT.c.until.desc(), UNIT.c.kind, UNIT.c.code)
        .limit(limit)
        .offset(start)
    ).all()
    known = Successions(connection, day)
    known.fetch(row.id for row in rows)
    heirs = {row.id: known.heirs_of(row.id, {}) for row in rows}
    wanted = {heir for found in heirs.values() for heir in found}
    names = {
        row.id: {"code": row.code, "name": row.name}
        for row in connection.execute(
            select(UNIT.c.id, UNIT.c.code, UNIT.c.name).where(UNIT.c.id.in_(sorted(wanted)))
        )
    }
    kinds = {
        row.kind: row.becomes for plan in successions(connection) for row in plan.kinds if row.since <= day
    }
    return [
        {
            "code": row.code,
            "name": row.name,
            "kind": row.kind,
            "until": row.until,
            "heirs": [names[heir] for heir in heirs[row.id]],
            "becomes": None if heirs[row.id] else kinds.get(row.kind),
        }
        for row in rows
    ], int(total)


def goes_to(connection: Connection, codes: Collection[str], day: date) -> dict[str, tuple[str, str | None]]:
    """Where each of some dossiers is now, and who takes that desk over; None where nobody does, or it need not go.

    For a preview of a page of dossiers: each school costs a few statements, as passing it on does.
    """
    rows = connection.execute(
        select(DOSSIER.c.code, DOSSIER.c.unit_id, DOSSIER.c.desk_unit_id).where(DOSSIER.c.code.in_(codes))
    ).all()
    known = Successions(connection, day)
    known.fetch({row.desk_unit_id for row in rows})
    near = {unit: nearest_by_kind(connection, unit, day) for unit in {row.unit_id for row in rows}}
    heirs = {
        row.code: known.of_unit(row.desk_unit_id, near[row.unit_id])
        for row in rows
        if known.has_ended(row.desk_unit_id)
    }
    taken = {heir.unit_id for heir in heirs.values() if heir is not None}
    names = units_named(connection, {*taken, *(row.desk_unit_id for row in rows)})
    return {
        row.code: (
            names[row.desk_unit_id],
            names[heir.unit_id] if (heir := heirs.get(row.code)) is not None else None,
        )
        for row in rows
    }
