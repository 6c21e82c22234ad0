"""Which published calendar somebody means: by its name, or by the milestone and the day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from sqlalchemy import Connection

from casework.made_calendars import made_calendars
from casework.regulations import calendar_by_hash, published
from published.calendar import Calendar
from published.milestone import CalendarMilestone
from rules.reasons import Reason, Refused


def calendar_named(connection: Connection, name: str) -> Calendar:
    """The newest version of a calendar, or what a movement or a council's session asks for.

    Raises:
        Refused: none of that name was published.
    """
    for known, sha256 in published(connection, "calendar"):
        if known == name:
            return calendar_by_hash(connection, sha256)
    asked = made_calendars(connection, [name])
    if name in asked:
        return asked[name]
    raise Refused([Reason("unknown_calendar", {"name": name})])


def calendar_meant(
    connection: Connection,
    name: str | None,
    milestone: str,
    kind: str,
    day: date,
    fits: Callable[[CalendarMilestone], bool],
) -> tuple[Calendar, CalendarMilestone]:
    """The calendar of that name and its milestone; without a name, that of the milestone nearest to ``day``.

    What units of ``kind`` owe goes before what others do, and what the act ``fits`` before what it does not: with one
    year just over and the next one near, a day alone would mean now the one, now the other.

    Raises:
        Refused: there is none of the name; it, or none, has the milestone; or two are as near as each other.
    """
    if name is not None:
        calendar = calendar_named(connection, name)
        if milestone not in calendar.milestones:
            raise Refused([unknown_milestone(milestone, [calendar])])
        return calendar, calendar.milestones[milestone]
    known = [calendar_by_hash(connection, sha256) for _, sha256 in published(connection, "calendar")]
    having = [calendar for calendar in known if milestone in calendar.milestones]
    if not having:
        raise Refused([unknown_milestone(milestone, known)])
    owed = [c for c in having if c.milestones[milestone].owed_by == kind] or having
    owed = [c for c in owed if fits(c.milestones[milestone])] or owed
    nearest = min(_distance(calendar, milestone, day) for calendar in owed)
    found = [calendar for calendar in owed if _distance(calendar, milestone, day) == nearest]
    if len(found) > 1:
        names = [calendar.name for calendar in found]
        raise Refused([Reason("which_calendar", {"milestone": milestone, "names": names})])
    return found[0], found[0].milestones[milestone]


def unknown_milestone(milestone: str, calendars: Iterable[Calendar]) -> Reason:
    """That some calendars have no such milestone, with those that they have, in the order of the year."""
    possible = dict.fromkeys(name for calendar in calendars for name in calendar.milestones)
    return Reason("unknown_milestone", {"milestone": milestone, "possible": list(possible)})


def _distance(calendar: Calendar, milestone: str, day: date) -> timedelta:
    """How far a day is from a milestone's window; nothing within it."""
    days = calendar.milestones[milestone].milestone
    return max(days.opens - day, day - days.last_day, timedelta())
