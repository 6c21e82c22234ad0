"""Opening a year: the obligations of the units under the calendars in force, written once each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from casework.debts import OBLIGATION, calendars_in_force, owed_by_word, unit_debt
from casework.reads import Reads
from casework.routing import UNIT
from kit.database import Database, insert_or_ignore
from published.calendar import Calendar
from rules.reminders import calls_of
from rules.windows import local_day


def open_year(database: Database, now: datetime, via: str = "open_year") -> int:
    """Write the obligations that are missing; gives how many there were.

    Every unit of the kind that owes a milestone, and that exists at some time while its window is open, owes it. What a
    calendar owed before it was published in this home is not asked for: nobody could have been reminded.

    Raises:
        StorageTrouble: the database could not be written.
    """
    with database.read() as connection:
        reads = Reads(connection, local_day(now))
        rows = missing_obligations(connection, reads)
    if not rows:
        return 0
    with database.write() as connection:
        # Two who open a year at once: each obligation once.
        connection.execute(insert_or_ignore(connection, OBLIGATION), rows)
    return len(rows)


def missing_obligations(connection: Connection, reads: Reads) -> list[dict[str, Any]]:
    """The rows that are to be written."""
    return [row for calendar in calendars_in_force(reads) for row in _owed(connection, reads, calendar)]


def _owed(connection: Connection, reads: Reads, calendar: Calendar) -> list[dict[str, Any]]:
    there = {
        (row.milestone, row.unit_id)
        for row in connection.execute(
            select(OBLIGATION.c.milestone, OBLIGATION.c.unit_id).where(OBLIGATION.c.calendar == calendar.name)
        )
    }
    found = []
    for name in owed_by_word(calendar):
        planned = calendar.milestones[name]
        due = reads.dates.effective(planned).last_day
        if due < reads.dates.published_on(calendar.name):
            continue
        units = _existing(connection, planned.owed_by, planned.milestone.opens, due)
        missing = [unit for unit in units if (name, unit) not in there]
        reads.dates.fetch(missing)
        for unit in missing:
            debt = unit_debt(reads, calendar, name, unit, "")
            calls = calls_of(debt.term, reads.dates.off)
            look_on = calls[0].day if calls else None
            found.append({"unit_id": unit, "calendar": calendar.name, "milestone": name, "look_on": look_on})
    return found


def _existing(connection: Connection, kind: str, first: date, last: date) -> list[int]:
    """The units of a kind that exist on some day of a span."""
    query = (
        select(UNIT.c.id)
        .where(
            UNIT.c.kind == kind,
            or_(UNIT.c.since.is_(None), UNIT.c.since <= last),
            or_(UNIT.c.until.is_(None), UNIT.c.until >= first),
        )
        .order_by(UNIT.c.id)
    )
    return list(connection.execute(query).scalars())
