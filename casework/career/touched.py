"""What an act on dossiers, scores or initiatives changes of the facts under verdicts: gathered, and told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from casework.call import Call
from casework.career.keys import employed_keys, holder_of, initiatives_key, member_keys, title_keys
from casework.law.choosing import any_rulebook
from casework.law.hold import hold_facts
from casework.law.reopen import facts_changed
from casework.load import DOSSIER, NOMINATION
from models.dossier import UNFINISHED
from models.initiative import InitiativeAuthor

AUTHOR = InitiativeAuthor.__table__


@dataclass(slots=True)
class Touched:
    """Keys of facts; people of a school year (whose units are looked up once, at the end); initiatives by their ids.

    ``on_the_way`` are dossiers, each with its unit and school year, that are not on their way any more, or again: what
    they ask for is waited for no longer, and a year may have become complete.
    """

    keys: set[str] = field(default_factory=set)
    people: set[tuple[int, str]] = field(default_factory=set)
    initiatives: set[int] = field(default_factory=set)
    on_the_way: set[tuple[int, int, str]] = field(default_factory=set)

    def add(self, other: Touched) -> None:
        """Take in what another has gathered."""
        self.keys |= other.keys
        self.people |= other.people
        self.initiatives |= other.initiatives
        self.on_the_way |= other.on_the_way

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
        touched = self.keys or self.people or self.initiatives or self.on_the_way
        if not touched or not any_rulebook(connection):
            return
        # Before anything is read: what others do in this moment is done then, or waits.
        hold_facts(connection)
        self._waited_for(connection)
        keys = set(self.keys)
        if self.people:
            keys |= member_keys(connection, self.people)
        if self.initiatives:
            authors = select(AUTHOR.c.person_id).where(AUTHOR.c.initiative_id.in_(sorted(self.initiatives)))
            keys |= {initiatives_key(holder_of(n, None)) for n in connection.execute(authors).scalars()}
        if keys:
            facts_changed(connection, keys, call)

    def _waited_for(self, connection: Connection) -> None:
        """What the dossiers that left or came back asked for, and who is known in full where a year is closed by it."""
        years: dict[str, dict[int, int]] = {}
        for dossier, _, school_year in sorted(self.on_the_way):
            query = select(NOMINATION).where(
                NOMINATION.c.dossier_id == dossier, NOMINATION.c.outcome != "struck"
            )
            self.titles(connection.execute(query).mappings(), school_year)
        for _, unit, school_year in self.on_the_way:
            of_year = years.setdefault(school_year, {})
            of_year[unit] = of_year.get(unit, 0) + 1
        for school_year, moved in years.items():
            query = (
                select(DOSSIER.c.unit_id, func.count())
                .where(DOSSIER.c.unit_id.in_(sorted(moved)), DOSSIER.c.school_year == school_year, UNFINISHED)
                .group_by(DOSSIER.c.unit_id)
            )
            waiting = {row[0]: row[1] for row in connection.execute(query)}
            # With another one still on its way, it was incomplete before and is so now.
            closed = {unit for unit, count in moved.items() if waiting.get(unit, 0) <= count}
            self.keys |= employed_keys(connection, closed, school_year)
