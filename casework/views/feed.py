"""A person's deadlines as a calendar feed (iCalendar, RFC 5545) for Outlook, Google and phones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from icalendar import Calendar as Feed
from icalendar import Event
from sqlalchemy import Connection, func, select

from casework.access import holdings_of
from casework.dates import OWN_DATES
from casework.debts import OBLIGATION, calendars_in_force, fulfilled, unit_debt
from casework.movements.calendar_of import PREFIX, movement_calendars, movement_of
from casework.people import person_by_code
from casework.reads import Reads
from casework.regulations import EXTENSION, REGULATION
from casework.routing import UNIT
from notifications.words import say
from rules.windows import local_day


def feed_of(connection: Connection, person: str, now: datetime, lang: str) -> bytes:
    """The milestones that a person's units owe, as one all-day event on each due day.

    An event's UID is made of calendar, milestone and unit, so an extension moves the event that is there; its SEQUENCE
    counts the published versions, the unit's own dates and the extensions.

    Raises:
        Refused: there is no such person.
    """
    who = int(person_by_code(connection, person)["id"])
    reads = Reads(connection, local_day(now))
    held: dict[int, set[str]] = {}
    for holding in holdings_of(connection, who, reads.day):
        held.setdefault(holding.unit_id, set()).add(holding.duty)
    units = {
        row.id: row
        for row in connection.execute(
            select(UNIT.c.id, UNIT.c.code, UNIT.c.kind, UNIT.c.name).where(UNIT.c.id.in_(list(held)))
        )
    }
    met = fulfilled(reads, list(held))
    feed = Feed()
    feed.add("prodid", "-//Thidua//thidua//VI")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", say("feed.title", {}, lang))
    feed.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    asked = _asked(connection, list(held))
    calendars = [
        *calendars_in_force(reads),
        *movement_calendars(connection, {c for _, c in asked}).values(),
    ]
    changes = _changes(connection, [calendar.name for calendar in calendars], list(held))
    for calendar in calendars:
        by_movement = movement_of(calendar.name) is not None
        for name, planned in calendar.milestones.items():
            for unit, duties in sorted(held.items()):
                if units[unit].kind != planned.owed_by or duties.isdisjoint(planned.duties):
                    continue
                if by_movement and (unit, calendar.name) not in asked:
                    # A movement asks some units of a kind, a year asks all.
                    continue
                debt = unit_debt(reads, calendar, name, unit, "")
                done = (unit, calendar.name, name) in met
                event = Event()
                event.add("uid", f"{calendar.name}.{name}.{units[unit].code}@thidua")
                event.add("dtstamp", now)
                event.add("dtstart", debt.due)
                event.add("dtend", debt.due + timedelta(days=1))
                event.add("sequence", changes[calendar.name, unit, name] + changes[calendar.name, 0, ""])
                told = {"label": planned.label[lang], "unit": units[unit].name, "due": planned.due[lang]}
                event.add("summary", say("feed.done" if done else "feed.summary", told, lang))
                told |= {"opens": debt.term.opens, "planned": debt.planned, "day": debt.due}
                extended = "feed.extended" if debt.due > debt.planned else "feed.description"
                event.add("description", say(extended, told, lang))
                event.add("transp", "TRANSPARENT")
                feed.add_component(event)
    return feed.to_ical()


def _asked(connection: Connection, units: list[int]) -> set[tuple[int, str]]:
    """(unit, calendar) of what movements ask of some units."""
    query = select(OBLIGATION.c.unit_id, OBLIGATION.c.calendar).where(
        OBLIGATION.c.unit_id.in_(units), OBLIGATION.c.calendar.startswith(PREFIX)
    )
    return {(row.unit_id, row.calendar) for row in connection.execute(query)}


def _changes(
    connection: Connection, calendars: Collection[str], units: Collection[int]
) -> Counter[tuple[str, int, str]]:
    """How often dates changed: (calendar, unit, milestone) → extensions and own dates; (calendar, 0, "") → versions
    after the first."""
    found: Counter[tuple[str, int, str]] = Counter()
    # A movement's plan is no published file and never changes.
    versions = (
        select(REGULATION.c.name, func.count().label("count"))
        .where(REGULATION.c.kind == "calendar", REGULATION.c.name.in_(calendars))
        .group_by(REGULATION.c.name)
    )
    for row in connection.execute(versions):
        found[row.name, 0, ""] = int(row.count) - 1
    for table in (EXTENSION, OWN_DATES):
        rows = connection.execute(
            select(table.c.calendar, table.c.unit_id, table.c.milestone, func.count().label("count"))
            .where(table.c.calendar.in_(calendars), table.c.unit_id.in_(units))
            .group_by(table.c.calendar, table.c.unit_id, table.c.milestone)
        )
        for row in rows:
            found[row.calendar, row.unit_id, row.milestone] += int(row.count)
    return found
