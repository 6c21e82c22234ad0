"""Who may read what the rules say of somebody: whoever may see their history, and those to whom a nomination came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from casework.career.reach import may_know, may_see_career
from casework.load import DOSSIER, NOMINATION
from casework.sight import Sight, may_see_unit, sees


@dataclass(frozen=True, slots=True)
class Knows:
    """What is named to a reader: disciplines; matters that are being looked into."""

    disciplines: bool
    matters: bool


NOTHING, OWN, ALL = Knows(False, False), Knows(True, False), Knows(True, True)


def may_read(
    connection: Connection, sight: Sight, day: date, *, person: int | None = None, unit: int | None = None
) -> bool:
    """Whether the rules may be asked of a person, or of a unit, by whoever has this sight."""
    if person is None:
        return unit is not None and may_see_unit(connection, sight, unit, day)
    if may_see_career(connection, sight.person, sight.administers, person, day):
        return True
    came = (
        select(NOMINATION.c.id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(NOMINATION.c.person_id == person, NOMINATION.c.outcome != "struck", sees(sight))
        .limit(1)
    )
    return connection.execute(came).first() is not None


def knows_of(
    connection: Connection, sight: Sight, day: date, *, person: int | None = None, unit: int | None = None
) -> Knows:
    """What is named to a reader: all to those who judge the people below them; of themselves what was handed to them.

    Everybody else, their own school and administrators included, reads that something is in the way, not what.
    """
    if person is not None and person == sight.person:
        return OWN
    holder, number = ("person", person) if person is not None else ("unit", unit)
    return ALL if may_know(connection, sight.person, holder, int(number or 0), day) else NOTHING
