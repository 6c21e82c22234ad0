"""When lists will be open to public opinion, as far as the published procedures and calendars say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection

from casework.dates import Dates
from casework.regulations import calendar_by_hash, chart_of, published
from casework.views.standing import main_step
from casework.views.way import main_states
from states.procedure import Procedure
from states.vocabulary import LEVELS, PUBLIC_OPINION


def lists_to_come(connection: Connection, day: date, lang: str) -> list[dict[str, Any]]:
    """The windows through which dossiers pass before their lists are opened: of the nearest school year that has one
    which is not over, by their days. None where no procedure has a desk of public opinion, or all are over."""
    charts = {
        name: chart_of(connection, sha256).procedure for name, sha256 in published(connection, "procedure")
    }
    dates = Dates(connection)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for _, sha256 in published(connection, "calendar"):
        calendar = calendar_by_hash(connection, sha256)
        for name in calendar.procedures:
            for level, milestone in _before_opening(charts[name]) if name in charts else ():
                window = dates.window(calendar, milestone, [])
                if window is None or window.last_day < day:
                    continue
                row = {
                    "year": calendar.school_year,
                    "calendar": calendar.title[lang],
                    "level": level,
                    "milestone": calendar.milestones[milestone].label[lang],
                    "opens": calendar.milestones[milestone].milestone.opens,
                    "last_day": window.last_day,
                }
                found[tuple(row.values())] = row
    rows = sorted(found.values(), key=lambda row: (row["year"], row["opens"], row["last_day"], row["level"]))
    return [row for row in rows if row["year"] == rows[0]["year"]]


def _before_opening(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """(level, milestone) of the last step with a window on each way that comes to the desk of public opinion."""
    for level in LEVELS:
        if level not in procedure.levels:
            continue
        milestone = ""
        for state in main_states(procedure, level):
            if procedure.states[state].desk == PUBLIC_OPINION:
                if milestone:
                    yield level, milestone
                break
            step = main_step(procedure, state, level)
            milestone = (step.milestone if step is not None else None) or milestone
