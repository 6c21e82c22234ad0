"""When a milestone's window is open. Nothing stores "is open": it follows from the calendar and the clock.

Dates are local to Asia/Ho_Chi_Minh and include their last day: a window with the last day 30/06 closes at
the first instant of 01/07. Viet Nam has kept UTC+7 without summer time since 1975-06-13; earlier dates are
outside of this program, so a fixed offset is exact and needs no time-zone files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

LOCAL = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


def local_day(instant: datetime) -> date:
    """The calendar day in Viet Nam on which ``instant`` (aware) falls."""
    return instant.astimezone(LOCAL).date()


def day_start(day: date) -> datetime:
    """The first instant of a local day, aware, in UTC."""
    return datetime.combine(day, time.min, tzinfo=LOCAL).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Milestone:
    """One line of a calendar: who owes what, from when to when (local days, both included)."""

    id: str
    owed_by: str
    opens: date
    last_day: date
    grace_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """The span in which a milestone's steps may be taken by one unit.

    ``last_day`` is what is shown; ``closes_at`` (UTC, exclusive) also holds the grace.
    """

    milestone: str
    opens_at: datetime
    last_day: date
    closes_at: datetime
    extended: bool = False

    def is_open(self, now: datetime) -> bool:
        """Whether a step of this milestone may be taken at ``now`` (aware)."""
        return self.opens_at <= now < self.closes_at

    def is_over(self, now: datetime) -> bool:
        """Whether the window, grace and extension included, has passed at ``now``."""
        return now >= self.closes_at


def window_of(milestone: Milestone, extended_until: Iterable[date] = ()) -> Window:
    """The window of a milestone for one unit, given the last days its extensions grant.

    An extension never shortens a window: the latest day wins.
    """
    last_day = max((milestone.last_day, *extended_until))
    closes_at = day_start(last_day + timedelta(days=1)) + timedelta(minutes=milestone.grace_minutes)
    return Window(
        milestone=milestone.id,
        opens_at=day_start(milestone.opens),
        last_day=last_day,
        closes_at=closes_at,
        extended=last_day > milestone.last_day,
    )
