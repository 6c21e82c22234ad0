"""Which units stand below some others, as `casework/sight.py` looks at them from below: for lists and choices."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Connection, or_, select

from casework.dates import BATCH
from casework.routing import PLACEMENT, UNIT, nearest_of_many

#: kinds that stand in their own place alone; others are offices and look after what stands under their authority
STANDING_ALONE = ("school", "bloc")


def units_below(
    connection: Connection, units: Collection[int], day: date, only: ColumnElement[bool]
) -> frozenset[int]:
    """``units`` and those to which one of them is the nearest of its kind, of the units that fulfil ``only``.

    So it is the other side of `may_see_unit`. Takes some statements for each `BATCH` units that come into question.
    """
    mine = frozenset(units)
    if not mine:
        return mine
    tops = mine | authorities_of(connection, mine, day)
    down = (
        select(PLACEMENT.c.unit_id)
        .where(PLACEMENT.c.under_id.in_(sorted(tops)), _stands(day))
        .cte("down", recursive=True)
    )
    down = down.union(
        select(PLACEMENT.c.unit_id).join(down, PLACEMENT.c.under_id == down.c.unit_id).where(_stands(day))
    )
    query = select(UNIT.c.id).where(UNIT.c.id.in_(select(down.c.unit_id)), only).order_by(UNIT.c.id)
    wanted = list(connection.execute(query).scalars())
    found: set[int] = set()
    for start in range(0, len(wanted), BATCH):
        near = nearest_of_many(connection, wanted[start : start + BATCH], day)
        found.update(unit for unit, above in near.items() if not mine.isdisjoint(above.values()))
    return mine | found


def authorities_of(connection: Connection, units: Collection[int], day: date) -> frozenset[int]:
    """The authorities under which those of some units that are offices stand."""
    query = (
        select(PLACEMENT.c.under_id)
        .join(UNIT, UNIT.c.id == PLACEMENT.c.unit_id)
        .where(
            PLACEMENT.c.unit_id.in_(sorted(units)),
            PLACEMENT.c.relation == "authority",
            UNIT.c.kind.not_in(STANDING_ALONE),
            _stands(day),
        )
    )
    return frozenset(connection.execute(query).scalars())


def beside(connection: Connection, unit: int, day: date) -> frozenset[int]:
    """The offices that stand under the same authority as an office: its peers, not below it."""
    above = authorities_of(connection, (unit,), day)
    query = (
        select(PLACEMENT.c.unit_id)
        .join(UNIT, UNIT.c.id == PLACEMENT.c.unit_id)
        .where(
            PLACEMENT.c.under_id.in_(sorted(above)),
            PLACEMENT.c.relation == "authority",
            UNIT.c.kind.not_in(STANDING_ALONE),
            _stands(day),
        )
    )
    return frozenset(connection.execute(query).scalars())


def _stands(day: date) -> ColumnElement[bool]:
    return (PLACEMENT.c.since <= day) & or_(PLACEMENT.c.until.is_(None), PLACEMENT.c.until >= day)
