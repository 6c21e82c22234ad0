"""The people whom a unit employs: for suggestions, lists and names as they are typed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from casework.access import EMPLOYMENT, in_force
from casework.people import PERSON

#: more than any school employs; nobody reads a longer list
MOST = 500


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody whom a unit employs."""

    id: int
    code: str
    name: str


def staff_of(connection: Connection, unit: int, day: date) -> list[Employee]:
    """Whom a unit employs on a day, by code; at most `MOST`. Whose name was erased is left out."""
    query = (
        select(PERSON.c.id, PERSON.c.code, PERSON.c.name)
        .join(EMPLOYMENT, EMPLOYMENT.c.person_id == PERSON.c.id)
        .where(EMPLOYMENT.c.unit_id == unit, in_force(EMPLOYMENT, day), PERSON.c.erased_at.is_(None))
        .distinct()
        .order_by(PERSON.c.code)
        .limit(MOST)
    )
    return [Employee(row.id, row.code, row.name) for row in connection.execute(query)]


def like(text: str) -> str:
    """A name as it is compared: one way of writing each letter, no capitals, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def bare(text: str) -> str:
    """A name without its marks: whoever types in a hurry leaves them out."""
    parts = unicodedata.normalize("NFD", like(text))
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).replace("đ", "d")
