"""The sample's offices and people on a day, read from its files: from it the plan takes who acts where.

The program finds the same things in its tables. The plan may not ask it, because a plan is made before the first act
and must come out the same wherever a year was broken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from rehearsal.sample_files import SCHOOL_TYPES, Dated, day_or_none, kinds_succeeded, rows_of


@dataclass(frozen=True, slots=True)
class _Post(Dated):
    person: str
    unit: str
    duty: str


@dataclass(frozen=True, slots=True)
class _Place(Dated):
    unit: str
    relation: str
    under: str


class Roster:
    """Units, people, duties and earlier titles of the sample."""

    def __init__(self) -> None:
        units = rows_of("units")
        people = rows_of("people")
        self.kinds = {row["code"]: row["kind"] for row in units}
        self.invented = {row["code"] for row in units if row["invented"] == "true"}
        self.names = {row["code"]: row["name"] for row in people}
        self.born = {row["code"]: row["birth_date"] for row in people}
        self.staff: dict[str, list[str]] = {}
        for row in people:
            self.staff.setdefault(row["unit"], []).append(row["code"])
        self._posts: dict[tuple[str, str], list[_Post]] = {}
        for row in rows_of("duties"):
            post = _Post(
                day_or_none(row["since"]), day_or_none(row["until"]), row["person"], row["unit"], row["duty"]
            )
            self._posts.setdefault((post.unit, post.duty), []).append(post)
        places = [
            _Place(
                day_or_none(row["since"]),
                day_or_none(row["until"]),
                row["unit"],
                row["relation"],
                row["under"],
            )
            for row in rows_of("placements")
        ]
        self._above: dict[str, list[_Place]] = {}
        self._below: dict[str, list[_Place]] = {}
        for place in places:
            self._above.setdefault(place.unit, []).append(place)
            self._below.setdefault(place.under, []).append(place)
        self.titles = {(row["person_or_unit"], row["title"], row["school_year"]) for row in rows_of("awards")}

    @property
    def schools(self) -> tuple[str, ...]:
        """Every school, in the order of the file."""
        return tuple(code for code, kind in self.kinds.items() if kind in SCHOOL_TYPES)

    @property
    def real_schools(self) -> tuple[str, ...]:
        """The schools that exist; nothing unpleasant happens there."""
        return tuple(code for code in self.schools if code not in self.invented)

    def school_of(self, person: str) -> str:
        """The school at which a person works."""
        return next(unit for unit, people in self.staff.items() if person in people)

    def bloc(self, school: str) -> str:
        """The bloc of a school."""
        return next(place.under for place in self._above[school] if place.relation == "bloc")

    def members(self, bloc: str) -> tuple[str, ...]:
        """The schools of a bloc, in the order of the file."""
        return tuple(school for school in self.schools if self.bloc(school) == bloc)

    def holders(self, unit: str, duty: str, day: date) -> tuple[str, ...]:
        """Who holds a duty at a unit on a day, in the order of the file."""
        return tuple(post.person for post in self._posts.get((unit, duty), ()) if post.holds(day))

    def holder(self, unit: str, duty: str, day: date, turn: int = 0) -> str:
        """One of those who hold a duty; ``turn`` counts round among them."""
        people = self.holders(unit, duty, day)
        if not people:
            raise LookupError(f"nobody holds {duty} at {unit} on {day}")
        return people[turn % len(people)]

    def place(self, school: str, kind: str, day: date) -> str:
        """The unit of a kind that is nearest to a school on a day; of a kind that has ended, its successor."""
        found = self._nearest(school, day)
        if kind in found:
            return found[kind]
        heir = kinds_succeeded().get(kind)
        if heir in found:
            return found[heir]
        everywhere = [code for code, other in self.kinds.items() if other == kind]
        if len(everywhere) != 1:
            raise LookupError(f"no {kind} for {school} on {day}")
        return everywhere[0]

    def _nearest(self, school: str, day: date) -> dict[str, str]:
        found = {"school": school, "bloc": self.bloc(school)}
        current: str | None = school
        while current is not None:
            above = [
                p.under for p in self._above.get(current, ()) if p.relation == "authority" and p.holds(day)
            ]
            current = above[0] if above else None
            if current is not None:
                found.setdefault(self.kinds[current], current)
                for place in self._below.get(current, ()):
                    if place.relation == "authority" and place.holds(day):
                        found.setdefault(self.kinds[place.unit], place.unit)
        return found

    def held(self, who: str, title: str, *years: str) -> bool:
        """Whether a person or a unit held a title in each of some school years."""
        return all((who, title, year) in self.titles for year in years)


@cache
def roster() -> Roster:
    """The sample's roster, read once."""
    return Roster()
