"""Who works beside somebody: those to whom a duty is usually lent."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, or_, select

from casework.access import DUTY, EMPLOYMENT, in_force
from casework.people import PERSON

#: a list to choose from; whoever is not on it is named by the staff code
MOST = 200


def colleagues_of(connection: Connection, person: int, day: date) -> list[dict[str, str]]:
    """Code and name of the people who are employed, or hold a duty, at the units of ``person`` on a day."""
    mine = select(EMPLOYMENT.c.unit_id).where(EMPLOYMENT.c.person_id == person, in_force(EMPLOYMENT, day))
    held = select(DUTY.c.unit_id).where(DUTY.c.person_id == person, in_force(DUTY, day))
    beside = [
        select(table.c.person_id).where(
            or_(table.c.unit_id.in_(mine), table.c.unit_id.in_(held)), in_force(table, day)
        )
        for table in (EMPLOYMENT, DUTY)
    ]
    rows = connection.execute(
        select(PERSON.c.code, PERSON.c.name)
        .where(
            or_(*(PERSON.c.id.in_(people) for people in beside)),
            PERSON.c.id != person,
            PERSON.c.erased_at.is_(None),
        )
        .order_by(PERSON.c.code)
        .limit(MOST)
    )
    return [{"code": row.code, "name": row.name} for row in rows]
