"""What one transaction reads of the office, each thing once: rosters of units, employers, calendars, windows.

A single act reads each of these once anyway; a bulk act of a thousand dossiers asks the same few questions a
thousand times. Nothing is kept beyond the transaction: a duty that ends counts from the next act on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, select

from casework.access import (
    DELEGATION,
    DUTY,
    Holding,
    choose_holding,
    in_force,
    lent_out,
    next_midnight,
    units_of,
)
from casework.dates import BATCH, Dates
from casework.regulations import calendar_among, calendars_published
from casework.routing import UNIT, InCharge, in_charge_of, nearest_of_many
from casework.successions import Successions
from models.bloc_year import BlocCard, BlocScore
from published.calendar import Calendar
from rules.windows import Window

SCORE = BlocScore.__table__
_DAY = bindparam("day")
_ROSTER = (
    select(DUTY.c.unit_id, DUTY.c.duty, DUTY.c.person_id, DELEGATION.c.to_person_id)
    .select_from(DUTY.outerjoin(DELEGATION, lent_out))
    .where(DUTY.c.unit_id.in_(bindparam("units", expanding=True)), in_force(DUTY, _DAY))
    .order_by(DUTY.c.id, DELEGATION.c.id)
)
_ENDED = select(UNIT.c.id).where(
    UNIT.c.id.in_(bindparam("units", expanding=True)), UNIT.c.until < bindparam("day")
)
_SCORES = select(SCORE.c.school_id, SCORE.c.school_year, SCORE.c.score, SCORE.c.rank).where(
    SCORE.c.school_id.in_(bindparam("schools", expanding=True)),
    SCORE.c.school_year.in_(bindparam("years", expanding=True)),
)

_CARDS = BlocCard.__table__
_CARDED = select(_CARDS.c.id).where(
    _CARDS.c.bloc_id == bindparam("bloc"), _CARDS.c.school_year == bindparam("school_year")
)

# (points, rank)
Score = tuple[Decimal, int]
# (duty, holder, the one to whom it is lent or None)
Post = tuple[str, int, int | None]


class Reads:
    """The office as one transaction sees it on a day."""

    def __init__(
        self, connection: Connection, day: date, proposed: Calendar | None = None, *, judging: bool = False
    ) -> None:
        self.connection = connection
        self.day = day
        #: whether verdicts are taken with the steps that are decided: they are where these are to be written
        self.judging = judging
        #: a calendar that is looked at before it is published, in the place of the one of its name
        self.proposed = proposed
        self._day_over = next_midnight(day)
        self._scores: dict[tuple[int, str], Score | None] = {}
        self._carded: dict[tuple[int, str], bool] = {}
        self._dates: Dates | None = None
        self._posts: dict[int, list[Post]] = {}
        self._units_of: dict[int, frozenset[int]] = {}
        self._in_charge: dict[int, InCharge] = {}
        self._near: dict[int, dict[str, int]] = {}
        self._successions: Successions | None = None
        self._calendars: tuple[Calendar, ...] | None = None
        #: verdicts of dossiers that a bulk act has read already, by dossier and the day asked for
        self.judged: dict[tuple[int, date], Any] = {}
        #: whether any rulebook is published; None: not asked yet
        self.has_rules: bool | None = None
        #: the numbers of the verdicts that their nominations have already
        self.numbered: dict[int, int] = {}
        self._windows: dict[tuple[str, str, frozenset[int]], Window | None] = {}

    def fetch_posts(self, units: Iterable[int]) -> None:
        """Read who holds which duty at some units, those not yet known in one statement."""
        missing = [unit for unit in dict.fromkeys(units) if unit not in self._posts]
        if not missing:
            return
        self._posts.update({unit: [] for unit in missing})
        for unit, duty, holder, lent_to in self.connection.execute(
            _ROSTER, {"units": missing, "day": self.day, "day_over": self._day_over}
        ):
            self._posts[unit].append((duty, holder, lent_to))

    def fetch_ways(self, dossiers: Iterable[Mapping[str, Any]]) -> None:
        """Read at once what is asked of each of some dossiers (rows): who holds the posts on its way, which extensions
        were granted there, which dates set."""
        units = {
            unit for row in dossiers for unit in (row["unit_id"], row["desk_unit_id"], *row["route"].values())
        }
        if units:
            self.fetch_posts(sorted(units))
            self.dates.fetch(units)

    def posts(self, unit: int) -> list[Post]:
        """Who holds which duty at a unit, and to whom it is lent."""
        self.fetch_posts((unit,))
        return self._posts[unit]

    def holding(self, person: int, unit: int, duties: Collection[str]) -> Holding | None:
        """The holding under which ``person`` may act with one of ``duties`` at ``unit``; an own duty first."""
        own = [Holding(duty, unit) for duty, holder, _ in self.posts(unit) if holder == person]
        lent = [Holding(duty, unit, holder) for duty, holder, to in self.posts(unit) if to == person]
        return choose_holding([*own, *lent], duties)

    def holders(self, unit: int, duties: Collection[str]) -> tuple[int, ...]:
        """Who may use one of ``duties`` at ``unit``: the holders and those whom they let act for them."""
        people: dict[int, None] = {}
        for duty, holder, lent_to in self.posts(unit):
            if duty in duties:
                people[holder] = None
                if lent_to is not None:
                    people[lent_to] = None
        return tuple(people)

    def holders_at(self, units: Iterable[int], duties: Collection[str]) -> tuple[int, ...]:
        """Who may use one of ``duties`` at any of ``units``, each once."""
        return tuple(dict.fromkeys(person for unit in units for person in self.holders(unit, duties)))

    def units_of(self, person: int) -> frozenset[int]:
        """The units that employ ``person``."""
        if person not in self._units_of:
            self._units_of[person] = units_of(self.connection, person, self.day)
        return self._units_of[person]

    def fetch_ends(self, units: Iterable[int]) -> None:
        """Read which of some units have ended, those not yet known in one statement a page."""
        missing = [unit for unit in dict.fromkeys(units) if unit not in self._in_charge]
        for start in range(0, len(missing), BATCH):
            some = missing[start : start + BATCH]
            ended = set(self.connection.execute(_ENDED, {"units": some, "day": self.day}).scalars())
            self._in_charge.update((unit, InCharge((unit,))) for unit in some if unit not in ended)
            self._in_charge.update(
                (unit, in_charge_of(self.connection, unit, self.day)) for unit in some if unit in ended
            )

    def in_charge(self, unit: int) -> InCharge:
        """Who does the work of a unit on the day: itself, or its successors after its end."""
        self.fetch_ends((unit,))
        return self._in_charge[unit]

    def fetch_near(self, units: Iterable[int]) -> None:
        """Read which unit of each kind is the nearest to some units, those not yet known together."""
        missing = [unit for unit in dict.fromkeys(units) if unit not in self._near]
        for start in range(0, len(missing), BATCH):
            self._near.update(nearest_of_many(self.connection, missing[start : start + BATCH], self.day))

    def nearest_or_successor(self, unit: int, kind: str) -> int | None:
        """The nearest unit of a kind on the day, or who does its work where there is none any more."""
        self.fetch_near((unit,))
        near = self._near[unit]
        if kind in near:
            return near[kind]
        if self._successions is None:
            self._successions = Successions(self.connection, self.day)
        heir = self._successions.of_kind(kind, near)
        return heir.unit_id if heir else None

    def fetch_scores(self, schools: Collection[int], years: Collection[str]) -> None:
        """Read the scores of some schools for some years, in one statement."""
        self._scores.update({(school, year): None for school in schools for year in years})
        bound = {"schools": list(schools), "years": list(years)}
        for row in self.connection.execute(_SCORES, bound):
            self._scores[row.school_id, row.school_year] = (row.score, row.rank)

    def score(self, school: int, year: str) -> Score | None:
        """Points and rank that the bloc has recorded of a school for a year, in this very transaction too."""
        if (school, year) not in self._scores:
            self.fetch_scores((school,), (year,))
        return self._scores[school, year]

    def scores_by_card(self, bloc: int, year: str) -> bool:
        """Whether a unit has approved a scorecard for a year: its points are settled then, not typed."""
        if (bloc, year) not in self._carded:
            bound = {"bloc": bloc, "school_year": year}
            self._carded[bloc, year] = self.connection.execute(_CARDED, bound).first() is not None
        return self._carded[bloc, year]

    def note_score(self, school: int, year: str, score: Score) -> None:
        """Remember a score that this transaction writes: several dossiers of a bulk act may bring it."""
        self._scores[school, year] = score

    @property
    def dates(self) -> Dates:
        """Extensions, own dates and days off, read as they are asked for."""
        if self._dates is None:
            self._dates = Dates(self.connection)
        return self._dates

    def calendar_for(self, procedure: str, school_year: str) -> Calendar | None:
        """The calendar in force for a procedure's dossiers of a school year."""
        proposed = self.proposed
        if proposed and procedure in proposed.procedures and proposed.school_year == school_year:
            return proposed
        if self._calendars is None:
            self._calendars = calendars_published(self.connection)
        return calendar_among(self._calendars, procedure, school_year)

    def window(self, procedure: str, school_year: str, milestone: str, units: Iterable[int]) -> Window | None:
        """The window of a milestone for a dossier, extensions of any of ``units`` included."""
        calendar = self.calendar_for(procedure, school_year)
        key = (calendar.name if calendar else "", milestone, frozenset(units))
        if key not in self._windows:
            self._windows[key] = self.dates.window(calendar, milestone, key[2]) if calendar else None
        return self._windows[key]
