"""What a dossier owes where it stands, and whether its window has passed: from facts alone, never from a plan.

The procedure, the calendar, the extensions and the clock decide it; nothing stores that a dossier is late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select

from casework.reads import Reads
from models.dossier import ORIGIN_COLUMNS
from models.unit import Unit
from published.milestone import LAPSE
from states.chart import Chart
from states.vocabulary import ONWARD

UNIT = Unit.__table__

_KEPT = (
    select(UNIT.c.id)
    .where(UNIT.c.id.in_(bindparam("units", expanding=True)))
    .order_by(UNIT.c.id)
    .with_for_update(read=True)
)


@dataclass(frozen=True, slots=True)
class Owed:
    """The milestone whose window a dossier must not miss where it stands, and the desk that then acts."""

    milestone: str
    desk: str


@cache
def owed_from(chart: Chart, state: str, origin: str | None, level: str) -> Owed | None:
    """The first milestone on the way onward from ``state``; None where no window is ahead.

    A returned dossier owes what the desk that returned it is waiting to do.
    """
    procedure = chart.procedure
    seen: set[str] = set()
    waiting = [origin if procedure.states[state].kind == "returned" and origin else state]
    while waiting:
        here = waiting.pop(0)
        if here in seen:
            continue
        seen.add(here)
        for step in procedure.steps_from(here, level):
            if step.event not in ONWARD:
                continue
            if step.milestone is not None:
                return Owed(step.milestone, procedure.acting_desk(here, step))
            waiting.append(step.target)
    return None


def _owed(dossier: Mapping[str, Any], chart: Chart) -> Owed | None:
    column = ORIGIN_COLUMNS.get(dossier["state_kind"])
    return owed_from(chart, dossier["state"], dossier[column] if column else None, dossier["level"])


def _units(dossier: Mapping[str, Any], owed: Owed) -> set[int]:
    """The units whose extensions count: the dossier's own and that of the desk which owes the step."""
    return {dossier["unit_id"], dossier["route"].get(owed.desk, dossier["unit_id"])}


def deadline_missed(reads: Reads, dossier: Mapping[str, Any], chart: Chart, now: datetime) -> bool:
    """Whether a dossier may lapse: the window of what it owes has passed at ``now``, extensions and grace included."""
    owed = _owed(dossier, chart)
    calendar = reads.calendar_for(chart.procedure.name, dossier["school_year"])
    if owed is None or calendar is None or owed.milestone not in calendar.milestones:
        return False
    if calendar.milestones[owed.milestone].unmet != LAPSE or not in_the_schools_hands(dossier):
        return False
    units = _units(dossier, owed)
    window = reads.window(chart.procedure.name, dossier["school_year"], owed.milestone, units)
    return window is not None and window.is_over(now)


def in_the_schools_hands(dossier: Mapping[str, Any]) -> bool:
    """Whether a dossier waits for its own school: what others are late with turns red, and costs no school anything."""
    return bool(dossier["desk_unit_id"] == dossier["unit_id"])


def keep_extensions(connection: Connection, dossier: Mapping[str, Any], chart: Chart) -> None:
    """Let nobody extend the window of what the dossier owes until the transaction ends (PostgreSQL).

    `extend_window` takes the same rows: one of the two waits, so that a dossier never lapses beside an extension that
    was granted in the same moment. SQLite has one writer at a time anyway.
    """
    owed = _owed(dossier, chart)
    if owed is not None:
        connection.execute(_KEPT, {"units": sorted(_units(dossier, owed))})
