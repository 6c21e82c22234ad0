"""Who may draw up a plan for a movement, for which units, and whom such a plan could ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, or_, select

from casework.movements.planners import PLANNERS
from casework.routing import UNIT
from casework.sight import Sight
from casework.views.below import beside, units_below

#: units that a form offers one by one; further ones are named by their codes
OFFERED = 60
#: duties with which somebody plans somewhere
PLANNING = frozenset(duty for duties in PLANNERS.values() for duty in duties)


def plans(sight: Sight) -> bool:
    """Whether a person holds a duty with which plans are drawn up; of which unit is asked when one is."""
    return any(holding.duty in PLANNING for holding in sight.holdings)


def planning_units(connection: Connection, sight: Sight, day: date) -> list[dict[str, Any]]:
    """The units for which a person may launch a movement or find an exemplar on a day, by name."""
    held = sorted({holding.unit_id for holding in sight.holdings if holding.duty in PLANNING})
    query = (
        select(UNIT.c.id, UNIT.c.code, UNIT.c.name, UNIT.c.kind)
        .where(UNIT.c.id.in_(held), or_(UNIT.c.until.is_(None), UNIT.c.until >= day))
        .order_by(UNIT.c.name, UNIT.c.id)
    )
    return [
        dict(row)
        for row in connection.execute(query).mappings()
        if not sight.at(row["id"]).isdisjoint(PLANNERS.get(row["kind"], ()))
    ]


@dataclass(frozen=True, slots=True)
class Askable:
    """Whom a unit's plan could ask: ``kinds`` with how many units each has, the first `OFFERED` ``units`` by kind and
    name, and whether those are all."""

    kinds: list[tuple[str, int]]
    units: list[dict[str, Any]]
    whole: bool


def askable_by(connection: Connection, unit: int, day: date) -> Askable:
    """The units that draw up plans and stand below a unit; offices beside it are none."""
    in_time = or_(UNIT.c.since.is_(None), UNIT.c.since <= day) & or_(
        UNIT.c.until.is_(None), UNIT.c.until >= day
    )
    below = units_below(connection, (unit,), day, UNIT.c.kind.in_(list(PLANNERS)) & in_time)
    below -= beside(connection, unit, day) | {unit}
    rows = [
        dict(row)
        for row in connection.execute(
            select(UNIT.c.code, UNIT.c.name, UNIT.c.kind)
            .where(UNIT.c.id.in_(sorted(below)))
            .order_by(UNIT.c.kind, UNIT.c.name, UNIT.c.id)
        ).mappings()
    ]
    kinds = [(kind, sum(row["kind"] == kind for row in rows)) for kind in PLANNERS]
    return Askable([(kind, count) for kind, count in kinds if count], rows[:OFFERED], len(rows) <= OFFERED)
