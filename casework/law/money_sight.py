"""Who sees the money of an award: the body that decided it, the awardee's school, and the offices above that school.

A bloc is no office above its schools: its head is of another school. Whoever holds no such duty sees none of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from sqlalchemy import Connection, select

from casework.decided import AWARD, DECISION
from casework.law.awards import awards_where
from casework.load import DOSSIER
from casework.routing import nearest_of_many
from casework.sight import Sight
from rules.reasons import Reason, Refused

_NOT_ABOVE = ("bloc", "school")


@dataclass(frozen=True, slots=True)
class Seen:
    """Decisions of which everything is seen, and units whose awards are."""

    bodies: frozenset[int]
    units: frozenset[int]


def sees_money(
    connection: Connection, sight: Sight, decisions: Collection[int], units: Iterable[int], day: date
) -> Seen:
    """Of some decisions and some units: which ones a person sees the money of, on a day."""
    asked = frozenset(units)
    if sight.administers:
        return Seen(frozenset(decisions), asked)
    own = connection.execute(
        select(DECISION.c.id, DECISION.c.unit_id).where(DECISION.c.id.in_(sorted(decisions)))
    )
    bodies = frozenset(row.id for row in own if row.unit_id in sight.units)
    mine = asked & sight.units
    above = set()
    others = asked - mine
    for unit, nearest in (nearest_of_many(connection, others, day) if others else {}).items():
        offices = {at for kind, at in nearest.items() if kind not in _NOT_ABOVE and at != unit}
        if not offices.isdisjoint(sight.units):
            above.add(unit)
    return Seen(bodies, mine | above)


def sees_sheet_of(connection: Connection, sight: Sight, dossier: int, day: date) -> bool:
    """Whether a person sees the money of the decision on a dossier; never where it is not decided, nor, but for the
    body that decided, where it gave nothing of which the person could see the money."""
    row = connection.execute(
        select(DOSSIER.c.decision_id, DOSSIER.c.unit_id).where(DOSSIER.c.id == dossier)
    ).one()
    if row.decision_id is None:
        return False
    units = {one["at_id"] for one in awards_where(connection, AWARD.c.decision_id == row.decision_id)} - {
        None
    }
    seen = sees_money(connection, sight, [row.decision_id], units, day)
    return bool(seen.bodies or seen.units)


def not_for_you(number: str) -> NoReturn:
    """Whoever may see none of a decision's money is told the same as of a decision that is not there.

    Raises:
        Refused: always.
    """
    raise Refused([Reason("unknown_decision", {"number": number})])
