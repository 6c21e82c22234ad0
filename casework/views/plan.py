"""A calendar as its author sees it: every milestone with all that follows from it, and what was granted beside it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from casework.dates import Dates
from casework.history import NOTE
from casework.people import PERSON, UNIT
from casework.regulations import EXTENSION
from published.calendar import Calendar


def plan_of(connection: Connection, calendar: Calendar, lang: str) -> list[dict[str, Any]]:
    """The milestones in the order of the file. ``falls_on`` is the last day after what a day off does to it."""
    dates = Dates(connection)
    rows = []
    for name, planned in calendar.milestones.items():
        days, after = planned.milestone, planned.escalation
        rows.append(
            {
                "name": name,
                "label": planned.label[lang],
                "actor": planned.actor[lang],
                "owed_by": planned.owed_by,
                "duties": planned.duties,
                "due": planned.due[lang],
                "met_by": planned.met_by,
                "opens": days.opens,
                "last_day": days.last_day,
                "falls_on": dates.effective(planned).last_day,
                "on_day_off": planned.on_day_off,
                "grace": days.grace_minutes,
                "announced": planned.announced,
                "rungs": planned.ladder.days,
                "count": planned.ladder.count,
                "escalation": {"after": after.after, "count": after.count} if after else None,
                "escalates_to": planned.escalates_to,
                "unmet": planned.unmet,
                "warn_from": planned.warn_from,
                "extends": planned.extends,
                "own_dates": planned.own_dates,
            }
        )
    return rows


def extensions_of(
    connection: Connection, calendar: Calendar, lang: str, *, limit: int, start: int = 0
) -> tuple[list[dict[str, Any]], int]:
    """Extensions granted under a calendar, the newest first, and how many there are in all."""
    here = EXTENSION.c.calendar == calendar.name
    total = connection.execute(select(func.count()).select_from(EXTENSION).where(here)).scalar_one()
    rows = connection.execute(
        select(
            EXTENSION.c.milestone,
            EXTENSION.c.until,
            EXTENSION.c.granted_at,
            UNIT.c.code,
            UNIT.c.name,
            PERSON.c.name.label("granted_by"),
            NOTE.c.text,
            NOTE.c.erased_at,
        )
        .select_from(
            EXTENSION.join(UNIT, UNIT.c.id == EXTENSION.c.unit_id)
            .join(NOTE, NOTE.c.id == EXTENSION.c.note_id)
            .outerjoin(PERSON, PERSON.c.id == EXTENSION.c.granted_by_id)
        )
        .where(here)
        .order_by(EXTENSION.c.id.desc())
        .limit(limit)
        .offset(start)
    ).mappings()
    known = calendar.milestones
    return [
        {
            "unit": {"code": row["code"], "name": row["name"]},
            "label": known[row["milestone"]].label[lang] if row["milestone"] in known else row["milestone"],
            "until": row["until"],
            "granted_at": row["granted_at"],
            "granted_by": row["granted_by"],
            "reason": None if row["erased_at"] else row["text"],
        }
        for row in rows
    ], int(total)
