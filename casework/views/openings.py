"""What somebody may open a dossier for: her units, and what can work at each of them today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.bloc.proposed import PROCEDURES, proposed_levels
from casework.debts import calendars_in_force
from casework.load import DOSSIER
from casework.people import UNIT
from casework.reads import Reads
from casework.regulations import chart_of, published
from casework.routing import route_for
from casework.sight import Sight
from casework.views.standing import awaited_step, deadline_of, is_late
from published.calendar import Calendar
from rules.reasons import Refused
from rules.school_years import name_on
from rules.windows import local_day
from states.procedure import Desk, Procedure

#: a school year begins with this month


def opening_duties(connection: Connection, day: date) -> tuple[str, ...]:
    """The duties that open dossiers under the procedures in force on a day."""
    found = dict.fromkeys(
        duty for procedure in _in_force(connection, day) for duty in _first_desk(procedure).duties
    )
    return tuple(found)


def openings_of(connection: Connection, sight: Sight, now: datetime, lang: str) -> list[dict[str, Any]]:
    """By unit of one's duties: ``unit`` and its ``groups``, a procedure each with the ``choices`` (year, level, the
    codes of the dossiers that are there already, and the first step with its last day and whether that has passed).
    A unit for which nothing can be opened is left out. Prizes of a bloc are offered where it proposed the school alone;
    ``prizes_left_out`` says that there are others."""
    day = local_day(now)
    procedures = _in_force(connection, day)
    reads = Reads(connection, day)
    calendars = calendars_in_force(reads)
    held = sorted({holding.unit_id for holding in sight.holdings})
    reads.dates.fetch(held)
    units = connection.execute(
        select(UNIT.c.id, UNIT.c.code, UNIT.c.name, UNIT.c.kind)
        .where(UNIT.c.id.in_(held))
        .order_by(UNIT.c.id)
    ).all()
    there, proposed = _there(connection, held), proposed_levels(connection, held)
    found = []
    for unit in units:
        groups, left_out = [], False
        for procedure in procedures:
            desk = _first_desk(procedure)
            if desk.unit != unit.kind or sight.at(unit.id).isdisjoint(desk.duties):
                continue
            if not _has_way(connection, procedure, unit.id, day):
                continue
            choices = [
                {
                    "year": year,
                    "level": level,
                    "there": there.get((unit.id, procedure.name, year, level), []),
                    **_first_step(reads, procedure, year, level, unit.id, now),
                }
                for year in _years(procedure, calendars, day)
                for level in procedure.levels
                if not procedure.name.startswith(PROCEDURES) or level in proposed.get((unit.id, year), ())
            ]
            left_out |= procedure.name.startswith(PROCEDURES) and not choices
            if choices:
                groups.append(
                    {"procedure": procedure.name, "title": procedure.title[lang], "choices": choices}
                )
        if groups:
            told = {"code": unit.code, "name": unit.name}
            found.append({"unit": told, "groups": groups, "prizes_left_out": left_out})
    return found


def schools_of(connection: Connection, sight: Sight, kind: str = "school") -> list[dict[str, str]]:
    """The units of a kind at which a person holds a duty: {"code": …, "name": …}."""
    held = sorted({holding.unit_id for holding in sight.holdings})
    query = select(UNIT.c.code, UNIT.c.name).where(UNIT.c.id.in_(held), UNIT.c.kind == kind)
    return [{"code": row.code, "name": row.name} for row in connection.execute(query.order_by(UNIT.c.id))]


def _in_force(connection: Connection, day: date) -> list[Procedure]:
    found = (chart_of(connection, sha256).procedure for _, sha256 in published(connection, "procedure"))
    now = [p for p in found if p.since <= day and (p.until is None or day <= p.until)]
    # The year's own way first: the others are for what comes up beside it.
    return sorted(now, key=lambda p: (not p.milestones, p.name))


def _first_desk(procedure: Procedure) -> Desk:
    return procedure.desks[procedure.states[procedure.initial].desk]


def _first_step(
    reads: Reads, procedure: Procedure, year: str, level: str, unit: int, now: datetime
) -> dict[str, Any]:
    """What a new dossier waits for first: ``event``, ``until`` and ``late``."""
    step = awaited_step(procedure, procedure.initial, level)
    window = reads.window(procedure.name, year, step.milestone, {unit}) if step and step.milestone else None
    last_day = deadline_of(window)
    return {
        "event": step.event if step else None,
        "until": last_day.isoformat() if last_day else None,
        "late": is_late(window, now),
    }


def _has_way(connection: Connection, procedure: Procedure, unit: int, day: date) -> bool:
    try:
        route_for(connection, procedure, unit, day)
    except Refused:
        return False
    return True


def _years(procedure: Procedure, calendars: Iterable[Calendar], day: date) -> list[str]:
    """The years whose calendar is not over; a procedure without milestones serves the year of the day."""
    if not procedure.milestones:
        return [name_on(day)]
    return sorted(
        calendar.school_year
        for calendar in calendars
        if procedure.name in calendar.procedures
        and any(planned.milestone.last_day >= day for planned in calendar.milestones.values())
    )


def _there(connection: Connection, units: list[int]) -> dict[tuple[int, str, str, str], list[str]]:
    query = (
        select(DOSSIER)
        .where(DOSSIER.c.unit_id.in_(units), DOSSIER.c.state_kind != "withdrawn")
        .order_by(DOSSIER.c.id.desc())
        .limit(500)
    )
    found: dict[tuple[int, str, str, str], list[str]] = {}
    for row in connection.execute(query):
        procedure = chart_of(connection, row.procedure_sha256).procedure.name
        found.setdefault((row.unit_id, procedure, row.school_year, row.level), []).append(row.code)
    return found
