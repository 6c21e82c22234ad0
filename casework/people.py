"""Looking up people and units by the codes that users type."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, select

from models.person import Person
from models.unit import Unit
from rules.reasons import Reason, Refused

PERSON, UNIT = Person.__table__, Unit.__table__


def person_by_code(connection: Connection, code: str) -> dict[str, Any]:
    """The row of a person.

    Raises:
        Refused: there is no such person.
    """
    row = connection.execute(select(PERSON).where(PERSON.c.code == code)).mappings().first()
    if row is None:
        raise Refused([Reason("unknown_person", {"code": code})])
    return dict(row)


def names_of(connection: Connection, people: Collection[int]) -> dict[int, str]:
    """Names by id; an erased person keeps the staff code for a name."""
    if not people:
        return {}
    rows = connection.execute(select(PERSON.c.id, PERSON.c.name).where(PERSON.c.id.in_(list(people))))
    return {row.id: row.name for row in rows}


def units_told(connection: Connection, units: Collection[int]) -> dict[int, tuple[str, str]]:
    """Code and name of units by id."""
    if not units:
        return {}
    rows = connection.execute(select(UNIT.c.id, UNIT.c.code, UNIT.c.name).where(UNIT.c.id.in_(list(units))))
    return {row.id: (row.code, row.name) for row in rows}


def unit_names(connection: Connection, units: Collection[int]) -> dict[int, str]:
    """Names of units by id."""
    return {unit: name for unit, (_, name) in units_told(connection, units).items()}
