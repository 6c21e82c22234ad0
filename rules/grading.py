"""Shares of the highest annual grade, and the head's grade beside the unit's (NĐ 233/2026/NĐ-CP Điều 7(7), 12(6-7)).

A share is a fraction of those with another grade, never of everybody; which grade is its base stands in the finding.
The numbers come with `GradeLaw`, as published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor

from rules.answers import MET, NOT_MET, UNKNOWN
from rules.lawbook import Cited
from rules.record import GRADES

PEOPLE, UNITS = "people", "units"
UNIT_HAS_IT = "unit_has_it"


@dataclass(frozen=True, slots=True)
class Few:
    """Where fewer than ``below`` units are graded, at most ``most`` of them, whatever the share says."""

    below: int
    most: int


@dataclass(frozen=True, slots=True)
class GradeCap:
    """At most ``share`` of those graded one of ``of`` may have ``grade``; ``or_share`` where the unit itself has it."""

    id: str
    subject: str
    grade: str
    share: Fraction
    of: tuple[str, ...]
    cited: Cited
    or_share: Fraction | None = None
    few: Few | None = None
    since: date | None = None
    until: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether it is law on ``day``."""
        return _in_force(self.since, self.until, day)


@dataclass(frozen=True, slots=True)
class HeadRule:
    """The head's grade is not above the unit's."""

    id: str
    cited: Cited
    since: date | None = None
    until: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether it is law on ``day``."""
        return _in_force(self.since, self.until, day)


@dataclass(frozen=True, slots=True)
class GradeLaw:
    """What a rulebook says of grades: they from the lowest up, the caps, the rule of heads."""

    rulebook: str
    grades: tuple[str, ...] = GRADES
    caps: tuple[GradeCap, ...] = ()
    heads: tuple[HeadRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Graded:
    """Somebody, or a unit, with a grade. ``group`` is the task group within which people are compared."""

    key: str
    grade: str
    group: str = ""
    head: bool = False


@dataclass(frozen=True, slots=True)
class GradeFinding:
    """What one rule comes to for one group. ``have`` and ``most`` are counts, of heads the places of the two grades.

    ``base`` is how many the share is of. ``keys`` are those that the rule is about: who has the grade, or the head.
    """

    rule: str
    outcome: str
    grade: str
    cited: Cited
    group: str = ""
    have: int = 0
    most: int | None = None
    base: int = 0
    of: tuple[str, ...] = ()
    share: Fraction | None = None
    few: Few | None = None
    unit_grade: str | None = None
    keys: tuple[str, ...] = ()


def look_at_people(
    law: GradeLaw, day: date, people: Iterable[Graded], unit_grade: str | None
) -> tuple[GradeFinding, ...]:
    """The findings on the people of one unit, a task group each; then on its head. ``unit_grade`` None: not known.

    A head is graded by the body above (NĐ 233/2026/NĐ-CP Điều 13) and counts in no share of the unit's own people.
    """
    listed = list(people)
    groups: dict[str, list[Graded]] = {}
    for one in listed:
        if not one.head:
            groups.setdefault(one.group, []).append(one)
    found = [
        _share(cap, members, unit_grade, group)
        for cap in law.caps
        if cap.subject == PEOPLE and cap.in_force(day)
        for group, members in sorted(groups.items())
    ]
    for rule in law.heads:
        if rule.in_force(day):
            found += [_head(law, rule, one, unit_grade) for one in listed if one.head]
    return tuple(found)


def look_at_units(
    law: GradeLaw, day: date, units: Iterable[Graded], manager_grade: str | None
) -> tuple[GradeFinding, ...]:
    """The findings on the units that one body manages. ``manager_grade`` None: not known."""
    listed = list(units)
    return tuple(
        _share(cap, listed, manager_grade, "")
        for cap in law.caps
        if cap.subject == UNITS and cap.in_force(day) and listed
    )


def most_of(cap: GradeCap, counts: Mapping[str, int], share: Fraction) -> tuple[int, int]:
    """How many may have the grade, and the base of which that is a share."""
    base = sum(counts.get(grade, 0) for grade in cap.of)
    if cap.few is not None and sum(counts.values()) < cap.few.below:
        return cap.few.most, base
    return floor(share * base), base


def _share(cap: GradeCap, members: Iterable[Graded], unit_grade: str | None, group: str) -> GradeFinding:
    listed = list(members)
    counts = Counter(one.grade for one in listed)
    have = counts[cap.grade]
    wider = cap.or_share if cap.or_share is not None else cap.share
    share = wider if unit_grade == cap.grade else cap.share
    most, base = most_of(cap, counts, share)
    outcome = MET if have <= most else NOT_MET
    if outcome == NOT_MET and unit_grade is None and have <= most_of(cap, counts, wider)[0]:
        # Whether it is too many hangs on a grade that nobody has recorded.
        outcome = UNKNOWN
    few = cap.few if cap.few is not None and sum(counts.values()) < cap.few.below else None
    keys = tuple(sorted(one.key for one in listed if one.grade == cap.grade))
    return GradeFinding(
        cap.id, outcome, cap.grade, cap.cited, group, have, most, base, cap.of, share, few, unit_grade, keys
    )


def _head(law: GradeLaw, rule: HeadRule, head: Graded, unit_grade: str | None) -> GradeFinding:
    have = law.grades.index(head.grade)
    if unit_grade is None:
        return GradeFinding(rule.id, UNKNOWN, head.grade, rule.cited, have=have, keys=(head.key,))
    most = law.grades.index(unit_grade)
    outcome = MET if have <= most else NOT_MET
    return GradeFinding(
        rule.id,
        outcome,
        head.grade,
        rule.cited,
        have=have,
        most=most,
        unit_grade=unit_grade,
        keys=(head.key,),
    )


def _in_force(since: date | None, until: date | None, day: date) -> bool:
    return (since is None or since <= day) and (until is None or day <= until)
