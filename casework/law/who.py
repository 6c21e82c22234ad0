"""Who may read what the rules say of somebody: whoever may see their history, and those to whom a nomination came."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from casework.career.reach import may_know, may_see_career
from casework.load import DOSSIER, NOMINATION
from casework.sight import Sight, may_see_unit, sees


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


def judges(connection: Connection, sight: Sight, day: date, holder: str, number: int) -> bool:
    """Whether disciplines and matters of a person or unit (``holder``: `person`, `unit`) are named to the reader."""
    return may_know(connection, sight.person, holder, number, day)
