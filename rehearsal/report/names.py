"""The names that a report needs, read once in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from casework.movements.calendar_of import every_movement_calendar
from casework.regulations import calendar_by_hash, chart_of, published
from casework.views.naming import titles_named


@dataclass(frozen=True, slots=True)
class MilestoneName:
    """What a milestone is called, who owes it in the calendar's words, and whether that is a school."""

    label: str
    who: str
    of_schools: bool


@dataclass(frozen=True, slots=True)
class Names:
    """Names by code; milestones by calendar and code. Titles stand in the order of the catalogue."""

    titles: Mapping[str, str] = field(default_factory=dict)
    procedures: Mapping[str, str] = field(default_factory=dict)
    calendars: Mapping[str, str] = field(default_factory=dict)
    years: Mapping[str, str] = field(default_factory=dict)
    milestones: Mapping[tuple[str, str], MilestoneName] = field(default_factory=dict)


def read_names(connection: Connection, lang: str) -> Names:
    """The names of everything that was published in a home, and of what its movements asked for."""
    calendars = [calendar_by_hash(connection, sha256) for _, sha256 in published(connection, "calendar")]
    asked = every_movement_calendar(connection)
    calendars += asked.values()
    return Names(
        titles=titles_named(connection, lang),
        procedures={
            name: chart_of(connection, sha256).procedure.title[lang]
            for name, sha256 in published(connection, "procedure")
        },
        calendars={calendar.name: calendar.title[lang] for calendar in calendars},
        years={calendar.name: calendar.school_year for calendar in calendars},
        milestones={
            (calendar.name, code): MilestoneName(
                # Plans of one movement have one theme: what is due names the unit that asks.
                (planned.due if calendar.name in asked else planned.label)[lang],
                planned.actor[lang],
                planned.owed_by == "school",
            )
            for calendar in calendars
            for code, planned in calendar.milestones.items()
        },
    )
