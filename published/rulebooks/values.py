"""A rulebook as values. Each part says from which article it is, where that was read, and on which line it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kit.marked_reader import Label
from rules.lawbook import Cited, Condition, Group, Lawbook, Node

#: by which day of a dossier a rulebook is chosen
DECISION, RECEIPT = "decision", "receipt"
LEGAL_DAYS = (DECISION, RECEIPT)
#: what lets a dossier of the time before leave the earlier rulebook
MORE_FAVOURABLE = "more_favourable"

SUBJECTS = ("individual", "collective")
#: of whom a cap is a share: of those who get one of the titles, or of those who meet what it takes
HOLDERS, STANDARD = "holders", "standard"
CAP_BASES = (HOLDERS, STANDARD)
#: where the higher share of a cap on grades holds
UNIT_HAS_IT, MANAGER_HAS_IT = "unit_has_it", "manager_has_it"
CAP_PLACES = (UNIT_HAS_IT, MANAGER_HAS_IT)
ROUNDINGS = ("up", "nearest", "down", "none")
#: what is handed over beside the money
ITEMS = ("certificate", "frame", "badge", "box", "flag", "order", "medal")
#: which of several sums are paid, by what comes together
TOGETHER = {
    "titles_same_period": ("highest", "all"),
    "titles_other_period": ("highest", "all"),
    "forms": ("highest", "all"),
    "title_and_form": ("highest", "both"),
}

#: who gets what: the code of a title and a subject
Whose = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included; None is open: as long as the rulebook itself."""

    since: date | None = None
    until: date | None = None

    def hold(self, day: date) -> bool:
        """Whether ``day`` is one of them."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def share(self, other: Days) -> bool:
        """Whether some day is one of both."""
        return (self.since or date.min) <= (other.until or date.max) and (other.since or date.min) <= (
            self.until or date.max
        )


@dataclass(frozen=True, slots=True)
class Transition:
    """A dossier received before a day is judged by the rulebook ``earlier``; ``unless`` takes it out again."""

    earlier: str
    received_before: date
    unless: str | None
    cited: Cited
    line: int = 0


@dataclass(frozen=True, slots=True)
class Cap:
    """How many may get a title: at most ``share`` of those with, or fit for, the titles ``of``; or a ``number``."""

    title: str
    subject: str
    share: Fraction | None
    number: int | None
    of: tuple[str, ...]
    base: str
    cited: Cited
    days: Days = Days()
    line: int = 0


@dataclass(frozen=True, slots=True)
class BaseSalary:
    """The base salary in đồng from ``since`` on, to ``until`` with that day; None: to this day."""

    amount: int
    since: date
    until: date | None
    cited: Cited
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rounding:
    """To which multiple of đồng money is rounded, and how."""

    to: int
    mode: str
    cited: Cited


@dataclass(frozen=True, slots=True)
class Award:
    """How many times the base salary a title brings, and what is handed over (None: not seen). ``at_most``: somebody
    else fixes how many, and ``times`` is only the most that it may be."""

    times: Fraction
    items: tuple[str, ...] | None
    at_most: bool
    cited: Cited
    days: Days = Days()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Together:
    """What is paid where several awards come at once; ``ways`` has each key of `TOGETHER`."""

    ways: Mapping[str, str]
    cited: Cited


@dataclass(frozen=True, slots=True)
class HouseholdRate:
    """How many times what an individual gets a household gets."""

    times: Fraction
    cited: Cited


@dataclass(frozen=True, slots=True)
class Money:
    """Base salaries in the order of their days, rounding, and what each title brings."""

    base_salaries: tuple[BaseSalary, ...]
    rounding: Rounding
    awards: Mapping[Whose, Award]
    together: Together | None = None
    household: HouseholdRate | None = None

    def base_salary(self, day: date) -> BaseSalary | None:
        """The base salary on a day; None where the rulebook has none for it."""
        return next(
            (s for s in self.base_salaries if s.since <= day and (s.until is None or day <= s.until)), None
        )


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that a dossier for a title must hold; one of ``instead`` serves as well. ``form``: the form's number."""

    paper: str
    form: str | None
    instead: tuple[str, ...]
    cited: Cited
    days: Days = Days()
    line: int = 0


@dataclass(frozen=True, slots=True)
class GradeCap:
    """How many may be graded ``grade``: at most ``share`` of those graded ``of``, ``or_share`` in the place ``where``.
    Of fewer than ``fewer_than`` in all, at most ``at_most``."""

    grade: str
    subject: str
    share: Fraction
    or_share: Fraction | None
    where: str | None
    of: str
    fewer_than: int | None
    at_most: int | None
    cited: Cited
    days: Days = Days()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Points:
    """From how many points of a hundred on a grade is given."""

    grade: str
    least: int
    cited: Cited
    days: Days = Days()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of grading for people to read: who grades, when, who is not graded."""

    what: Label
    cited: Cited
    days: Days = Days()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Grading:
    """Grades from the lowest up, what is scored, what is capped, who grades. ``head``: the grade of the head of a unit
    may not be above the unit's."""

    grades: tuple[str, ...]
    points: tuple[Points, ...]
    caps: tuple[GradeCap, ...]
    head: Said | None
    graded_by: tuple[Said, ...]
    notes: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A rulebook in its days, both included. Of what is None or empty it says nothing."""

    name: str
    title: Label
    since: date
    until: date | None
    legal_day: str
    source: str
    verified: bool
    law: Lawbook
    transition: Transition | None = None
    caps: tuple[Cap, ...] = ()
    money: Money | None = None
    papers: Mapping[Whose, tuple[Paper, ...]] | None = None
    grading: Grading | None = None
    sha256: str = ""
    line: int = 0

    @property
    def days(self) -> Days:
        """The legal days for which it holds."""
        return Days(self.since, self.until)

    def holds(self, day: date) -> bool:
        """Whether it holds on a legal day."""
        return self.days.hold(day)


def conditions_of(node: Node) -> Iterator[Condition]:
    """Every condition below a node, in the order of the file."""
    if isinstance(node, Group):
        for part in node.parts:
            yield from conditions_of(part)
    else:
        yield node
