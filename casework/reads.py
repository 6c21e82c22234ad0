"""What one transaction reads of the office, each thing once: rosters of units, employers, calendars, windows.

A single act reads each of these once anyway; a bulk act of a thousand dossiers asks the same few questions a
thousand times. Nothing is kept beyond the transaction: a duty that ends counts from the next act on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import Connection, and_, bindparam, select

from casework.access import DELEGATION, DUTY, Holding, choose_holding, in_force, units_of
from casework.regulations import calendar_for, window_for
from casework.routing import UNIT
from published.calendar import Calendar
from rules.windows import Window

_DAY = bindparam("day")
_ROSTER = (
    select(DUTY.c.unit_id, DUTY.c.duty, DUTY.c.person_id, DELEGATION.c.to_person_id)
    .select_from(
        DUTY.outerjoin(
            DELEGATION,
            and_(
                DELEGATION.c.duty_id == DUTY.c.id,
                DELEGATION.c.since <= _DAY,
                DELEGATION.c.until >= _DAY,
                DELEGATION.c.ended_at.is_(None),
            ),
        )
    )
    .where(DUTY.c.unit_id.in_(bindparam("units", expanding=True)), in_force(DUTY, _DAY))
    .order_by(DUTY.c.id, DELEGATION.c.id)
)

# (duty, holder, the one to whom it is lent or None)
Post = tuple[str, int, int | None]


class Reads:
    """The office as one transaction sees it on a day."""

    def __init__(self, connection: Connection, day: date) -> None:
        self.connection = connection
        self.day = day
        self._posts: dict[int, list[Post]] = {}
        self._units_of: dict[int, frozenset[int]] = {}
        self._calendars: dict[tuple[str, str], Calendar | None] = {}
        self._windows: dict[tuple[str, str, frozenset[int]], Window | None] = {}

    def fetch_posts(self, units: Iterable[int]) -> None:
        """Read who holds which duty at some units, those not yet known in one statement."""
        missing = [unit for unit in dict.fromkeys(units) if unit not in self._posts]
        if not missing:
            return
        self._posts.update({unit: [] for unit in missing})
        for unit, duty, holder, lent_to in self.connection.execute(
            _ROSTER, {"units": missing, "day": self.day}
        ):
            self._posts[unit].append((duty, holder, lent_to))

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

    def units_of(self, person: int) -> frozenset[int]:
        """The units that employ ``person``."""
        if person not in self._units_of:
            self._units_of[person] = units_of(self.connection, person, self.day)
        return self._units_of[person]

    def calendar_for(self, procedure: str, school_year: str) -> Calendar | None:
        """The calendar in force for a procedure's dossiers of a school year."""
        key = (procedure, school_year)
        if key not in self._calendars:
            self._calendars[key] = calendar_for(self.connection, procedure, school_year)
        return self._calendars[key]

    def window(self, procedure: str, school_year: str, milestone: str, units: Iterable[int]) -> Window | None:
        """The window of a milestone for a dossier, extensions of any of ``units`` included."""
        calendar = self.calendar_for(procedure, school_year)
        key = (calendar.name if calendar else "", milestone, frozenset(units))
        if key not in self._windows:
            self._windows[key] = window_for(self.connection, calendar, milestone, key[2])
        return self._windows[key]
