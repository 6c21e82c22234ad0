"""What is known of somebody who may get a title: plain values, loaded once, looked at by every condition.

A record is open about what it does not know. ``complete`` says of which school years nothing is missing, per kind of
row; where a year is not in it, silence is not an answer. School years are numbers (`rules/school_years.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.school_years import first_day, last_taught

#: what a year can be complete in
COMPLETE_IN = ("titles", "grades", "initiatives", "disciplines")
#: grades from the lowest up (NĐ 90/2020, NĐ 233/2026): fails, fulfils, fulfils well, fulfils excellently
GRADES = ("KHTNV", "HTNV", "HTTNV", "HTXSNV")
#: disciplines of a public employee from the lightest up (Luật Viên chức, Điều 52): officials have two more
DISCIPLINES = ("khien_trach", "canh_cao", "ha_bac_luong", "giang_chuc", "cach_chuc", "buoc_thoi_viec")
#: how far an initiative reaches, from the nearest: a wider one serves where a nearer is asked for
SCOPES = ("local", "province", "state")
#: the only type of commendation that counts in chains (NĐ 152/2025 Điều 4(3))
MERIT = "merit"


def complete_from(what: str, year: int) -> date:
    """The first day on which a school year can be called complete: in disciplines the last of its teaching."""
    return last_taught(year) if what == "disciplines" else first_day(year + 1)


@dataclass(frozen=True, slots=True)
class Held:
    """A title of a school year. ``awaited`` is the dossier that has yet to decide it, by code; None: it is decided."""

    title: str
    year: int
    ref: str
    kind: str = MERIT
    awaited: str | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade of a school year."""

    year: int
    grade: str
    ref: str


@dataclass(frozen=True, slots=True)
class Initiative:
    """A recognised initiative, or one on its way. ``used_by`` says what its titles or forms have used up already."""

    scope: str
    recognised_on: date
    ref: str
    last_day: date | None = None
    used_by: frozenset[str] = frozenset()
    awaited: str | None = None


@dataclass(frozen=True, slots=True)
class Discipline:
    """A discipline from the day of its decision; ``served_on`` None: not served yet, or not known to be."""

    form: str
    since: date
    ref: str
    served_on: date | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """Time in the trade (`trade`) or in an area of special hardship (`hard_area`), both days included."""

    kind: str
    since: date
    ref: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a collective in the year asked for: titles held, titles on their way and who decides them."""

    titles: frozenset[str] = frozenset()
    awaited: Mapping[str, str] = field(default_factory=dict)
    grade: str | None = None
    disciplines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Movement:
    """The movement that a nomination names: at which level it was launched, and whether it has been reviewed."""

    level: str
    reviewed: bool
    ref: str


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that conditions may look at. Years are those of the holder; ``members`` None: nobody counted them.

    ``registered`` are the titles registered for the year asked for, None where registration was never kept.
    ``whole`` is true where the titles of a whole career are on record, so that "never" can be said.
    """

    holder: str
    subject: str = "individual"
    held: tuple[Held, ...] = ()
    graded: tuple[Graded, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    disciplines: tuple[Discipline, ...] = ()
    service: tuple[Service, ...] = ()
    complete: Mapping[str, frozenset[int]] = field(default_factory=dict)
    whole: bool = False
    employed_since: date | None = None
    registered: frozenset[str] | None = None
    members: tuple[Member, ...] | None = None
    rank: int | None = None
    movement: Movement | None = None

    def knows(self, what: str, year: int) -> bool:
        """Whether nothing of a kind is missing in a year."""
        return year in self.complete.get(what, ())
