"""What happened when in a home: by week, letters by day and kind, and under each milestone. Counted from its rows."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from casework.dates import Dates
from casework.deadlines import owed_from
from casework.history import ENTRY
from casework.load import DOSSIER
from casework.movements.calendar_of import every_movement_calendar
from casework.regulations import calendar_by_hash, calendar_for, chart_of, published
from models.letter import Letter
from models.obligation import Fulfilment, Obligation, OwnDates
from models.outbox import OutboxItem
from models.window import Extension
from rules.windows import local_day
from states.vocabulary import EVENTS

ITEMS, LETTERS = "item", "letter"
_LAPSE = "lapse"
_LETTER, _OUTBOX = Letter.__table__, OutboxItem.__table__
_FULFILMENT, _OWN, _EXTENSION = Fulfilment.__table__, OwnDates.__table__, Extension.__table__
_OBLIGATION = Obligation.__table__


def letters_by_day(connection: Connection) -> dict[str, Any]:
    """Kind → local day → how many, and what was counted.

    ``counted`` is ``letter`` where letters were composed (those taken back are left out); before that it is ``item``:
    what somebody was to be told, on the day from which a letter could take it up.
    """
    rows = connection.execute(
        select(_LETTER.c.kind, _LETTER.c.day).where(_LETTER.c.standing != "retracted")
    ).all()
    counted = LETTERS if rows else ITEMS
    days = [(row.kind, row.day) for row in rows]
    if not rows:
        items = select(_OUTBOX.c.kind, _OUTBOX.c.ready_at).where(_OUTBOX.c.standing != "struck")
        days = [(row.kind, local_day(row.ready_at)) for row in connection.execute(items)]
    found: dict[str, dict[str, int]] = {}
    for (kind, day), count in sorted(Counter(days).items()):
        found.setdefault(kind, {})[day.isoformat()] = count
    return {"counted": counted, "days": found}


def weeks(connection: Connection, letters: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Steps, letters and lapses by the Monday of their week; ``letters`` as `letters_by_day` gives them."""
    steps: Counter[str] = Counter()
    lapses: Counter[str] = Counter()
    entries = select(ENTRY.c.at, ENTRY.c.event).where(
        ENTRY.c.subject.like("dossier:%"), ENTRY.c.event.in_(sorted(EVENTS))
    )
    for row in connection.execute(entries):
        (lapses if row.event == _LAPSE else steps)[_monday(local_day(row.at))] += 1
    told: Counter[str] = Counter()
    for days in letters["days"].values():
        for day, count in days.items():
            told[_monday(date.fromisoformat(day))] += count
    return {
        name: dict(sorted(counts.items()))
        for name, counts in (("steps", steps), ("letters", told), ("lapses", lapses))
    }


def _monday(day: date) -> str:
    return (day - timedelta(days=day.weekday())).isoformat()


def milestones(connection: Connection) -> list[dict[str, Any]]:
    """Each milestone of the years played and of movements: its days, what was done under it, and what went late.

    ``late_until`` is the last day that somebody was late: a dossier lapsed or was revived on it, or it is the day of a
    fulfilment after what was granted. ``extended`` and ``own`` are the days that stand in extensions and own dates.
    """
    dates = Dates(connection)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    years = set(connection.execute(select(DOSSIER.c.school_year).distinct()).scalars())
    calendars = [calendar_by_hash(connection, sha256) for _, sha256 in published(connection, "calendar")]
    # Published ahead: nothing of it was played.
    calendars = [calendar for calendar in calendars if not years or calendar.school_year in years]
    asked, kinds = every_movement_calendar(connection), _asked(connection)
    for calendar in [*calendars, *(asked[name] for name in sorted(asked))]:
        name = calendar.name
        for code, planned in calendar.milestones.items():
            if name in asked and (name, code) not in kinds:
                # A movement has a milestone for each kind of unit, and asks some of them.
                continue
            days = dates.effective(planned)
            found[name, code] = {
                "calendar": name,
                "milestone": code,
                "opens": days.opens.isoformat(),
                "last_day": days.last_day.isoformat(),
                "steps": 0,
                "fulfilled": 0,
                "lapsed": 0,
                "late_until": None,
                "extended": [],
                "own": [],
            }
    for row in connection.execute(select(_EXTENSION).order_by(_EXTENSION.c.id)):
        if (row.calendar, row.milestone) in found:
            found[row.calendar, row.milestone]["extended"].append(row.until.isoformat())
    newest = {}
    for row in connection.execute(select(_OWN).order_by(_OWN.c.id)):
        newest[row.unit_id, row.calendar, row.milestone] = [row.opens.isoformat(), row.last_day.isoformat()]
    for (_, calendar, milestone), own in sorted(newest.items()):
        if (calendar, milestone) in found:
            found[calendar, milestone]["own"].append(own)
    standing = select(_FULFILMENT).where(_FULFILMENT.c.undone_at.is_(None))
    for row in connection.execute(standing):
        if (row.calendar, row.milestone) in found:
            met = found[row.calendar, row.milestone]
            met["fulfilled"] += 1
            if row.done_on.isoformat() > max([met["last_day"], *met["extended"]]):
                _note_late(met, row.done_on)
    _steps_under(connection, found)
    return list(found.values())


def _asked(connection: Connection) -> set[tuple[str, str]]:
    """(calendar, milestone) of everything that some unit was asked for."""
    query = select(_OBLIGATION.c.calendar, _OBLIGATION.c.milestone).distinct()
    return {(row.calendar, row.milestone) for row in connection.execute(query)}


def _note_late(met: dict[str, Any], day: date) -> None:
    met["late_until"] = max(met["late_until"] or "", day.isoformat())


def _steps_under(connection: Connection, found: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Count the steps that stand under a milestone, and the dossiers that missed it."""
    dossiers = {
        f"dossier:{row.id}": row
        for row in connection.execute(
            select(DOSSIER.c.id, DOSSIER.c.level, DOSSIER.c.school_year, DOSSIER.c.procedure_sha256)
        )
    }
    calendars: dict[tuple[str, str], str | None] = {}
    missed: dict[str, dict[str, Any]] = {}
    entries = (
        select(ENTRY.c.subject, ENTRY.c.at, ENTRY.c.event, ENTRY.c.payload)
        .where(ENTRY.c.subject.like("dossier:%"), ENTRY.c.event.in_(sorted(EVENTS)))
        .order_by(ENTRY.c.subject, ENTRY.c.seq)
    )
    for entry in connection.execute(entries):
        dossier = dossiers[entry.subject]
        chart = chart_of(connection, dossier.procedure_sha256)
        served = (chart.procedure.name, dossier.school_year)
        if served not in calendars:
            calendar = calendar_for(connection, *served)
            calendars[served] = calendar.name if calendar else None
        source = json.loads(entry.payload).get("from")
        if calendars[served] is None or source not in chart.procedure.states:
            continue
        if entry.event == _LAPSE:
            owed = owed_from(chart, source, None, dossier.level)
            met = found.get((calendars[served], owed.milestone)) if owed else None
            if met is not None:
                met["lapsed"] += 1
                _note_late(met, local_day(entry.at))
                missed[entry.subject] = met
            continue
        if entry.event == "revive" and entry.subject in missed:
            _note_late(missed.pop(entry.subject), local_day(entry.at))
        step = chart.procedure.step_of(source, entry.event, dossier.level)
        met = found.get((calendars[served], step.milestone or "")) if step else None
        if met is not None:
            met["steps"] += 1
