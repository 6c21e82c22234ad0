"""What an act on dossiers, scores or initiatives changes of the facts under verdicts: gathered, and told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from casework.call import Call
from casework.career.keys import holder_of, initiatives_key, member_keys, title_keys
from casework.law.reopen import facts_changed
from models.initiative import InitiativeAuthor

AUTHOR = InitiativeAuthor.__table__


@dataclass(slots=True)
class Touched:
    """Keys of facts; people of a school year (whose units are looked up once, at the end); initiatives by their ids."""

    keys: set[str] = field(default_factory=set)
    people: set[tuple[int, str]] = field(default_factory=set)
    initiatives: set[int] = field(default_factory=set)

    def add(self, other: Touched) -> None:
        """Take in what another has gathered."""
        self.keys |= other.keys
        self.people |= other.people
        self.initiatives |= other.initiatives

    def titles(self, nominations: Iterable[Mapping[str, Any]], school_year: str) -> None:
        """The titles of some nominations, as asked for and as decided, are held now, or are not any more."""
        for row in nominations:
            if row["initiative_id"] is not None:
                self.initiatives.add(row["initiative_id"])
                continue
            person = row["person_id"]
            holder = holder_of(person, row["unit_id"])
            for title in {row["title"], row["decided_title"], row["appraised_title"]} - {None}:
                self.keys |= title_keys(holder, school_year, title)
            if person is not None:
                self.people.add((person, school_year))

    def tell(self, connection: Connection, call: Call) -> None:
        """Open again the verdicts that were built on any of it, in the caller's transaction."""
        keys = set(self.keys)
        if self.people:
            keys |= member_keys(connection, self.people)
        if self.initiatives:
            authors = select(AUTHOR.c.person_id).where(AUTHOR.c.initiative_id.in_(sorted(self.initiatives)))
            keys |= {initiatives_key(holder_of(n, None)) for n in connection.execute(authors).scalars()}
        if keys:
            facts_changed(connection, keys, call)
