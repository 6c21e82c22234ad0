"""The offices and people of a world on a day: from it the plan takes who acts where.

The program finds the same things in its tables. The plan may not ask it, because a plan is made before the first act
and must come out the same wherever a year was broken off.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rehearsal.sample_files import SCHOOL_TYPES, Dated, day_or_none
from rehearsal.world import World

_DAY = timedelta(days=1)


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
    """Units, people, duties and earlier titles of a world."""

    def __init__(self, world: World) -> None:
        units, people = world.units, world.people
        self._succeeded = world.kinds_succeeded()
        self._lives = {
            row["code"]: Dated(day_or_none(row["since"]), day_or_none(row["until"])) for row in units
        }
        self.kinds = {row["code"]: row["kind"] for row in units}
        self.called = {row["code"]: row["name"] for row in units}
        self.invented = {row["code"] for row in units if row["invented"] == "true"}
        self.names = {row["code"]: row["name"] for row in people}
        self.born = {row["code"]: row["birth_date"] for row in people}
        self.staff: dict[str, list[str]] = {}
        for row in people:
            self.staff.setdefault(row["unit"], []).append(row["code"])
        self._works_at = {row["code"]: row["unit"] for row in people}
        self._posts: dict[tuple[str, str], list[_Post]] = {}
        for row in world.duties:
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
            for row in world.placements
        ]
        self._above: dict[str, list[_Place]] = {}
        self._below: dict[str, list[_Place]] = {}
        for place in places:
            self._above.setdefault(place.unit, []).append(place)
            self._below.setdefault(place.under, []).append(place)
        # Between two of these days nobody is placed anew.
        days = {place.since for place in places if place.since}
        self._changes = sorted({*days, *(place.until + _DAY for place in places if place.until)})
        self._nearest_known: dict[tuple[str, int], dict[str, str]] = {}
        self.titles = {(row["person_or_unit"], row["title"], row["school_year"]) for row in world.awards}
        self.schools = tuple(code for code, kind in self.kinds.items() if kind in SCHOOL_TYPES)
        self._blocs = {place.unit: place.under for place in places if place.relation == "bloc"}
        self._members: dict[str, list[str]] = {}
        for school in self.schools:
            self._members.setdefault(self._blocs[school], []).append(school)
        self._of_kind: dict[str, list[str]] = {}
        for code, kind in self.kinds.items():
            self._of_kind.setdefault(kind, []).append(code)

    @property
    def real_schools(self) -> tuple[str, ...]:
        """The schools that exist; nothing unpleasant happens there."""
        return tuple(code for code in self.schools if code not in self.invented)

    def school_of(self, person: str) -> str:
        """The school at which a person works."""
        return self._works_at[person]

    def bloc(self, school: str) -> str:
        """The bloc of a school."""
        return self._blocs[school]

    def members(self, bloc: str) -> tuple[str, ...]:
        """The schools of a bloc, in the order of the file."""
        return tuple(self._members[bloc])

    def units_owing(self, kind: str, first: date, last: date) -> tuple[str, ...]:
        """The units of a kind that exist on some day of a span, in the order of the file."""
        if kind == "school":
            codes: Iterable[str] = self.schools
        else:
            codes = self._of_kind.get(kind, ())
        return tuple(code for code in codes if self._lives[code].shares(first, last))

    def holders(self, unit: str, duty: str, day: date) -> tuple[str, ...]:
        """Who holds a duty at a unit on a day, in the order of the file."""
        return tuple(post.person for post in self._posts.get((unit, duty), ()) if post.holds(day))

    def holder(self, unit: str, duty: str, day: date, turn: int = 0) -> str:
        """One of those who hold a duty; ``turn`` counts round among them."""
        people = self.holders(unit, duty, day)
        if not people:
            raise LookupError(f"nobody holds {duty} at {unit} on {day}")
        return people[turn % len(people)]

    def hand_over(self, bloc: str, since: date, head: str, deputy: str) -> None:
        """From ``since`` on two schools lead a bloc, by their principals of that day; who led ends the day before."""
        for duty, school in (("bloc_head", head), ("bloc_deputy", deputy)):
            posts = self._posts.setdefault((bloc, duty), [])
            posts[:] = [
                _Post(post.since, since - _DAY, post.person, post.unit, post.duty)
                if post.holds(since)
                else post
                for post in posts
            ]
            person = self.holder(school, "principal", since)
            posts.append(_Post(since, None, person, bloc, duty))

    def place(self, school: str, kind: str, day: date) -> str:
        """The unit of a kind that is nearest to a school on a day; of a kind that has ended, its successor."""
        found = self.nearest(school, kind, day)
        if found is not None:
            return found
        everywhere = self._of_kind.get(kind, [])
        if len(everywhere) != 1:
            raise LookupError(f"no {kind} for {school} on {day}")
        return everywhere[0]

    def nearest(self, unit: str, kind: str, day: date) -> str | None:
        """The unit of a kind that is nearest to a unit, or of the kind that succeeds it; None where there is none."""
        found = self._nearest(unit, day)
        return found.get(kind) or found.get(self._succeeded.get(kind, ""))

    def _nearest(self, school: str, day: date) -> dict[str, str]:
        """The unit itself, its bloc, then what stands above and beside it, the nearest of each kind."""
        key = (school, bisect(self._changes, day))
        if key not in self._nearest_known:
            self._nearest_known[key] = self._look_around(school, day)
        return self._nearest_known[key]

    def _look_around(self, school: str, day: date) -> dict[str, str]:
        found = {self.kind_of(school): school}
        if school in self._blocs:
            found["bloc"] = self._blocs[school]
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

    def kind_of(self, unit: str) -> str:
        """The kind of a unit as procedures name it."""
        kind = self.kinds[unit]
        return "school" if kind in SCHOOL_TYPES else kind

    def held(self, who: str, title: str, *years: str) -> bool:
        """Whether a person or a unit held a title in each of some school years."""
        return all((who, title, year) in self.titles for year in years)
