"""The days of milestones for units: the calendar's own, a bloc's, and extensions; read for many units at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, func, select

from casework.regulations import EXTENSION, REGULATION, days_off
from models.obligation import OwnDates
from published.calendar import Calendar
from published.milestone import CalendarMilestone
from rules.reminders import Term
from rules.windows import Milestone, Window, local_day, window_of
from rules.working_days import DaysOff, shifted

OWN_DATES = OwnDates.__table__

# Below the limit of bound values that every SQLite has.
BATCH = 500

# Made once, as every act asks them.
_GRANTED = select(EXTENSION).where(EXTENSION.c.unit_id.in_(bindparam("units", expanding=True)))
_SET = (
    select(OWN_DATES)
    .where(OWN_DATES.c.unit_id.in_(bindparam("units", expanding=True)))
    .order_by(OWN_DATES.c.id)
)

_Key = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class _Own:
    opens: date
    last_day: date
    set_on: date


class Dates:
    """Extensions and own dates of units, each unit read once; days off and publication days read once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.off: DaysOff = days_off(connection)
        self._known: set[int] = set()
        self._extensions: dict[_Key, list[tuple[date, date]]] = {}
        self._own: dict[_Key, _Own] = {}
        self._published: dict[str, date] | None = None

    def fetch(self, units: Iterable[int]) -> None:
        """Read what some units were granted and what they set, those not yet known."""
        missing = sorted(set(units) - self._known)
        self._known.update(missing)
        for start in range(0, len(missing), BATCH):
            some = missing[start : start + BATCH]
            for row in self.connection.execute(_GRANTED, {"units": some}):
                key = (row.unit_id, row.calendar, row.milestone)
                self._extensions.setdefault(key, []).append((row.until, local_day(row.granted_at)))
            for row in self.connection.execute(_SET, {"units": some}):
                own = _Own(row.opens, row.last_day, local_day(row.set_at))
                self._own[row.unit_id, row.calendar, row.milestone] = own

    def published_on(self, calendar: str) -> date:
        """The day on which a calendar's first version was published in this home."""
        if self._published is None:
            first = func.min(REGULATION.c.published_at)
            rows = self.connection.execute(
                select(REGULATION.c.name, first.label("first"))
                .where(REGULATION.c.kind == "calendar")
                .group_by(REGULATION.c.name)
            )
            self._published = {row.name: local_day(row.first) for row in rows}
        return self._published.get(calendar, date.min)

    def window(self, calendar: Calendar, milestone: str, units: Collection[int]) -> Window | None:
        """The window of a milestone, extensions of any of ``units`` included; None where the calendar lacks it."""
        planned = calendar.milestones.get(milestone)
        if planned is None:
            return None
        self.fetch(units)
        granted = [
            until for unit in units for until, _ in self._extensions.get((unit, calendar.name, milestone), ())
        ]
        return window_of(self.effective(planned), granted)

    def effective(self, planned: CalendarMilestone) -> Milestone:
        """A milestone with its last day moved off a day off where the calendar says so."""
        days = planned.milestone
        last_day = shifted(days.last_day, planned.on_day_off, self.off)
        return Milestone(days.id, days.owed_by, days.opens, last_day, days.grace_minutes)

    def term(
        self,
        calendar: Calendar,
        milestone: str,
        units: Collection[int],
        bloc: int | None,
        since: date,
    ) -> Term:
        """The days of a debt. ``units`` may have been granted extensions, ``bloc`` may have set dates of its own;
        ``since`` is the day on which the debt arose."""
        planned = calendar.milestones[milestone]
        self.fetch({*units, *([bloc] if bloc is not None else [])})
        opens, due = planned.milestone.opens, self.effective(planned).last_day
        # A movement tells its units itself, on the day on which its window opens: that day's letter is still to come.
        asked = calendar.asked_on - timedelta(days=1) if calendar.asked_on else None
        since = max(since, asked or self.published_on(calendar.name))
        own = self._own.get((bloc, calendar.name, milestone)) if bloc is not None else None
        if own is not None and planned.own_dates is not None:
            opens, due, since = own.opens, own.last_day, max(since, own.set_on)
        for unit in units:
            for until, granted_on in self._extensions.get((unit, calendar.name, milestone), ()):
                due, since = max(due, until), max(since, granted_on)
        return Term(opens, due, since, planned.announced, planned.ladder, planned.escalation)
