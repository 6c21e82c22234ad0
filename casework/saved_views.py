"""A person's own filters of her queue, kept under names.

These are no acts of the office: they change nothing that another sees, no right and no dossier, so they stand in no
chain and need no clock and no request key. Whose they are comes from the sign-in alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from casework.people import PERSON
from kit.database import Database
from models.saved_view import SavedView
from rules.reasons import Reason, refuse_if

VIEW = SavedView.__table__
#: views of one person: more would be a list of their own to search
MOST = 20
LONGEST_NAME, LONGEST_QUERY = 60, 1000


@dataclass(frozen=True, slots=True)
class View:
    """A view as its owner sees it."""

    id: int
    name: str
    query: str


def views_of(connection: Connection, person: int) -> list[View]:
    """The views of a person, by name."""
    query = select(VIEW.c.id, VIEW.c.name, VIEW.c.query).where(VIEW.c.person_id == person)
    return [View(*row) for row in connection.execute(query.order_by(VIEW.c.name))]


def save_view(database: Database, person: int, name: str, query: str) -> None:
    """Keep a filter under a name; one that the person has of that name already is replaced.

    Raises:
        Refused: no name, a name or a filter too long to keep, or too many views.
        StorageTrouble: the database could not be written.
    """
    name = name.strip()
    with database.write() as connection:
        mine = VIEW.c.person_id == person
        # The same name saved twice at once, and the count of all: one after the other for one person.
        connection.execute(select(PERSON.c.id).where(PERSON.c.id == person).with_for_update())
        names = set(connection.execute(select(VIEW.c.name).where(mine)).scalars())
        reasons = []
        if not name:
            reasons.append(Reason("view_needs_name"))
        if len(name) > LONGEST_NAME or len(query) > LONGEST_QUERY:
            reasons.append(Reason("view_too_long", {"most": LONGEST_NAME}))
        if name not in names and len(names) >= MOST:
            reasons.append(Reason("too_many_views", {"most": MOST}))
        refuse_if(reasons)
        if name in names:
            connection.execute(update(VIEW).where(mine, VIEW.c.name == name).values(query=query))
        else:
            connection.execute(insert(VIEW), {"person_id": person, "name": name, "query": query})


def delete_view(database: Database, person: int, view: int) -> bool:
    """Delete one of a person's own views; whether there was one. Of another's nothing is deleted or told."""
    with database.write() as connection:
        return (
            connection.execute(delete(VIEW).where(VIEW.c.id == view, VIEW.c.person_id == person)).rowcount
            == 1
        )


def forget_views(connection: Connection, person: int) -> None:
    """Delete the views of somebody who is erased: words that were searched for may be names."""
    connection.execute(delete(VIEW).where(VIEW.c.person_id == person))
