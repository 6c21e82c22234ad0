"""Published regulations listed and shown, and the windows that a calendar gives a unit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.calendars import calendar_named
from casework.dates import Dates
from casework.regulations import (
    REGULATION,
    calendar_by_hash,
    chart_of,
    holidays_by_hash,
    newest,
    published,
    titles_in_force,
)
from casework.routing import unit_by_code
from casework.views.standing import days_left
from published.calendar import Calendar
from rules.reasons import Reason, Refused
from rules.windows import local_day
from states.procedure import Procedure


def list_regulations(connection: Connection, kind: str) -> list[dict[str, Any]]:
    """Every published version of a kind of regulation, by name and version."""
    rows = connection.execute(
        select(REGULATION.c.name, REGULATION.c.version, REGULATION.c.sha256, REGULATION.c.published_at)
        .where(REGULATION.c.kind == kind)
        .order_by(REGULATION.c.name, REGULATION.c.version)
    )
    return [{**row._mapping, "published_at": row.published_at.isoformat()} for row in rows]


def procedure_named(connection: Connection, name: str) -> Procedure:
    """The newest version of a published procedure, or the one with a given SHA-256.

    Raises:
        Refused: none of that name was published.
    """
    sha256 = newest(connection, "procedure", name)
    if sha256 is None:
        sha256 = connection.execute(
            select(REGULATION.c.sha256).where(REGULATION.c.kind == "procedure", REGULATION.c.sha256 == name)
        ).scalar()
    if sha256 is None:
        raise Refused([Reason("unknown_procedure", {"procedure": name})])
    return chart_of(connection, sha256).procedure


def show_procedure(procedure: Procedure, lang: str) -> dict[str, Any]:
    """A procedure as plain data: its desks, states and steps."""
    return {
        "name": procedure.name,
        "title": procedure.title[lang],
        "since": procedure.since.isoformat(),
        "until": procedure.until.isoformat() if procedure.until else None,
        "source": procedure.source,
        "verified": procedure.verified,
        "sha256": procedure.sha256,
        "levels": list(procedure.levels),
        "milestones": list(procedure.milestones),
        "desks": [
            {
                "name": d.name,
                "label": d.label[lang],
                "unit": d.unit,
                "duties": list(d.duties),
                "recusal": d.recusal,
            }
            for d in procedure.desks.values()
        ],
        "apart": [sorted(pair) for pair in procedure.pairs()],
        "states": [
            {"name": s.name, "label": s.label[lang], "kind": s.kind, "desk": s.desk}
            for s in procedure.states.values()
        ],
        "steps": [
            {
                "event": s.event,
                "from": list(s.sources),
                "to": s.target,
                "desk": s.desk,
                "levels": list(s.levels),
                "milestone": s.milestone,
                "papers": list(s.papers),
                "provides": list(s.provides),
                "checks": list(s.checks),
            }
            for s in procedure.steps
        ],
    }


def list_titles(
    connection: Connection, lang: str, day: date, level: str | None = None
) -> list[dict[str, Any]]:
    """The titles in force, of one level where asked for, with who decides them on a day.

    Raises:
        Refused: no catalogue was published.
    """
    return [
        {
            "code": title.code,
            "name": title.name[lang],
            "short": title.short,
            "subject": title.subject,
            "level": title.level,
            "form": title.form,
            "rests_on_rank": title.rests_on_rank,
            "rests_on": list(title.rests_on),
            "lower": title.lower,
            "decided_by": [d.label[lang] for d in title.deciders_on(day)],
            "article": title.article,
            "verified": title.verified,
        }
        for title in titles_in_force(connection).values()
        if level is None or title.level == level
    ]


def show_calendar(connection: Connection, name: str, lang: str) -> dict[str, Any]:
    """A calendar as plain data.

    Raises:
        Refused: none of that name was published.
    """
    calendar = calendar_named(connection, name)
    return {
        "name": calendar.name,
        "title": calendar.title[lang],
        "school_year": calendar.school_year,
        "procedures": list(calendar.procedures),
        "source": calendar.source,
        "verified": calendar.verified,
        "sha256": calendar.sha256,
        "milestones": [
            {
                "name": name,
                "label": m.label[lang],
                "owed_by": m.owed_by,
                "actor": m.actor[lang],
                "due": m.due[lang],
                "opens": m.milestone.opens.isoformat(),
                "last_day": m.milestone.last_day.isoformat(),
                "extends": {"unit": m.extends.unit, "duties": list(m.extends.duties)} if m.extends else None,
            }
            for name, m in calendar.milestones.items()
        ],
    }


def show_holidays(connection: Connection, year: str, lang: str) -> dict[str, Any]:
    """A year's days off and the weekend days that are worked, as plain data, by day.

    Raises:
        Refused: that year was not published.
    """
    sha256 = newest(connection, "holidays", year)
    if sha256 is None:
        raise Refused([Reason("unknown_holidays", {"year": year})])
    found = holidays_by_hash(connection, sha256)
    days = [
        {"day": day.isoformat(), "worked": worked, "name": label[lang]}
        for worked, listed in ((False, found.days), (True, found.worked))
        for day, label in listed.items()
    ]
    return {
        "name": found.name,
        "source": found.source,
        "verified": found.verified,
        "sha256": sha256,
        "days": sorted(days, key=lambda row: str(row["day"])),
    }


def calendars_on(connection: Connection, day: date) -> list[Calendar]:
    """The calendars whose milestones have begun and not all ended on a day; without one, the newest of all."""
    all_of_them = [calendar_by_hash(connection, sha256) for _, sha256 in published(connection, "calendar")]

    def spans(calendar: Calendar) -> bool:
        days = [(m.milestone.opens, m.milestone.last_day) for m in calendar.milestones.values()]
        return min(d for d, _ in days) <= day <= max(d for _, d in days)

    return [calendar for calendar in all_of_them if spans(calendar)] or all_of_them[-1:]


def windows_of(
    connection: Connection, unit: str, now: datetime, lang: str, calendar: str | None = None
) -> list[dict[str, Any]]:
    """The windows of one unit, extensions included, by their last day.

    Raises:
        Refused: there is no such unit or calendar.
    """
    unit_id = int(str(unit_by_code(connection, unit)["id"]))
    calendars = (
        [calendar_named(connection, calendar)]
        if calendar is not None
        else calendars_on(connection, local_day(now))
    )
    dates = Dates(connection)
    found = []
    for plan in calendars:
        for name, planned in plan.milestones.items():
            window = dates.window(plan, name, [unit_id])
            if window is None:
                continue
            found.append(
                {
                    "calendar": plan.name,
                    "milestone": name,
                    "label": planned.label[lang],
                    "owed_by": planned.owed_by,
                    "opens": local_day(window.opens_at).isoformat(),
                    "last_day": window.last_day.isoformat(),
                    "extended": window.extended,
                    "standing": "open"
                    if window.is_open(now)
                    else "over"
                    if window.is_over(now)
                    else "coming",
                    "days_left": days_left(window, now),
                }
            )
    return sorted(found, key=lambda row: (row["opens"], row["last_day"], row["calendar"], row["milestone"]))
