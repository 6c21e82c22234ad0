"""Who may read what the rules say of somebody: that person, their school, those to whom a nomination of theirs came."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from casework.access import EMPLOYMENT, in_force
from casework.load import DOSSIER, NOMINATION
from casework.sight import Sight, may_see_unit, sees
from states.vocabulary import DUTIES

# Of a school, its head knows of disciplines; whoever keeps its papers does not.
_KEEPING = frozenset({"clerk", "school_council", "bloc_head", "bloc_deputy"})
#: duties that judge: their holders read of disciplines where they may read of the person at all
JUDGING = frozenset(DUTIES) - _KEEPING


def may_read(
    connection: Connection, sight: Sight, day: date, *, person: int | None = None, unit: int | None = None
) -> bool:
    """Whether the rules may be asked of a person, or of a unit, by whoever has this sight."""
    if sight.administers or (person is not None and person == sight.person):
        return True
    if person is None:
        return unit is not None and may_see_unit(connection, sight, unit, day)
    employs = select(EMPLOYMENT.c.unit_id).where(EMPLOYMENT.c.person_id == person, in_force(EMPLOYMENT, day))
    if not sight.units.isdisjoint(connection.execute(employs).scalars()):
        return True
    came = (
        select(NOMINATION.c.id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(NOMINATION.c.person_id == person, NOMINATION.c.outcome != "struck", sees(sight))
        .limit(1)
    )
    return connection.execute(came).first() is not None


def judges(sight: Sight, person: int | None) -> bool:
    """Whether disciplines are named to the reader: to those who judge, to administrators, to the person concerned."""
    if sight.administers or (person is not None and person == sight.person):
        return True
    return any(holding.duty in JUDGING for holding in sight.holdings)
