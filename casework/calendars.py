"""Which published calendar somebody means: by its name, or by the milestone and the day."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection

from casework.regulations import calendar_by_hash, published
from published.calendar import Calendar
from rules.reasons import Reason, Refused


def calendar_named(connection: Connection, name: str) -> Calendar:
    """The newest version of a calendar.

    Raises:
        Refused: none of that name was published.
    """
    for known, sha256 in published(connection, "calendar"):
        if known == name:
            return calendar_by_hash(connection, sha256)
    raise Refused([Reason("unknown_calendar", {"name": name})])


def calendar_meant(
    connection: Connection, name: str | None, milestone: str, kind: str, day: date
) -> Calendar:
    """The calendar of that name; without one, that whose milestone, owed by units of ``kind``, is nearest to ``day``.

    Raises:
        Refused: there is none of the name; none has the milestone; or two are as near as each other.
    """
    if name is not None:
        return calendar_named(connection, name)
    known = [calendar_by_hash(connection, sha256) for _, sha256 in published(connection, "calendar")]
    having = [calendar for calendar in known if milestone in calendar.milestones]
    owed = [c for c in having if c.milestones[milestone].owed_by == kind] or having
    if not owed:
        raise Refused([Reason("milestone_not_in_calendar", {"milestone": milestone})])
    nearest = min(_distance(calendar, milestone, day) for calendar in owed)
    found = [calendar for calendar in owed if _distance(calendar, milestone, day) == nearest]
    if len(found) > 1:
        names = [calendar.name for calendar in found]
        raise Refused([Reason("which_calendar", {"milestone": milestone, "names": names})])
    return found[0]


def _distance(calendar: Calendar, milestone: str, day: date) -> timedelta:
    """How far a day is from a milestone's window; nothing within it."""
    days = calendar.milestones[milestone].milestone
    return max(days.opens - day, day - days.last_day, timedelta())
