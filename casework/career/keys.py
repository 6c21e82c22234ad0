"""The names of facts under which verdicts keep what they were built on (`rules/conditions.py`)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from casework.access import EMPLOYMENT
from casework.load import DOSSIER, NOMINATION
from rules.school_years import first_day, last_day, year_named

#: rows that are asked for in one statement
_BATCH = 500


def holder_of(person: int | None, unit: int | None) -> str:
    """How the keys name a holder: p17 is a person, u4 a unit."""
    return f"p{person}" if person is not None else f"u{unit}"


def title_keys(holder: str, school_year: str, title: str) -> set[str]:
    """What looked at a title of a year, or at whether it was ever held."""
    return {f"title:{holder}:{year_named(school_year)}:{title}", f"title:{holder}:ever:{title}"}


def grade_key(holder: str, school_year: str) -> str:
    """What looked at the grade of a year."""
    return f"grade:{holder}:{year_named(school_year)}"


def discipline_key(holder: str) -> str:
    """What looked at disciplines."""
    return f"discipline:{holder}"


def service_key(holder: str) -> str:
    """What looked at times of service."""
    return f"service:{holder}"


def matter_key(holder: str) -> str:
    """What looked at matters that hold an award."""
    return f"matter:{holder}"


def initiatives_key(holder: str) -> str:
    """What looked at initiatives."""
    return f"initiatives:{holder}"


def rank_key(school: int, school_year: str) -> str:
    """What looked at a school's rank in its bloc."""
    return f"rank:u{school}:{year_named(school_year)}"


def complete_keys(holder: str, what: str, school_year: str) -> set[str]:
    """What looked at whether a year is complete, and what took its silence for an answer."""
    if what == "whole":
        return {f"whole:{holder}"}
    year = year_named(school_year)
    found = {f"complete:{holder}:{year}"}
    if what == "grades":
        found.add(f"grade:{holder}:{year}")
    if what == "initiatives":
        found.add(initiatives_key(holder))
    return found


def member_keys(connection: Connection, people: Iterable[tuple[int, str]]) -> set[str]:
    """What looked at the members of units that employed somebody in a year; ``people`` are (person, school year)."""
    years: dict[str, set[int]] = {}
    for person, school_year in people:
        years.setdefault(school_year, set()).add(person)
    found = set()
    for school_year, wanted in years.items():
        year = year_named(school_year)
        if year is None:
            continue
        listed = sorted(wanted)
        for start in range(0, len(listed), _BATCH):
            some = listed[start : start + _BATCH]
            query = select(EMPLOYMENT.c.unit_id).where(
                EMPLOYMENT.c.person_id.in_(some),
                EMPLOYMENT.c.since <= last_day(year),
                EMPLOYMENT.c.until.is_(None) | (EMPLOYMENT.c.until >= first_day(year)),
            )
            found |= {f"members:u{unit}:{year}" for unit in connection.execute(query.distinct()).scalars()}
    return found


def employed_keys(connection: Connection, units: Iterable[int], school_year: str) -> set[str]:
    """What looked at whether a year of some units, or of those whom they employed in it, is complete."""
    year, wanted = year_named(school_year), sorted(units)
    if year is None or not wanted:
        return set()
    found = {key for unit in wanted for key in (f"complete:u{unit}:{year}", f"members:u{unit}:{year}")}
    query = select(EMPLOYMENT.c.person_id).where(
        EMPLOYMENT.c.unit_id.in_(wanted),
        EMPLOYMENT.c.since <= last_day(year),
        EMPLOYMENT.c.until.is_(None) | (EMPLOYMENT.c.until >= first_day(year)),
    )
    return found | {f"complete:p{person}:{year}" for person in connection.execute(query.distinct()).scalars()}


def movement_keys(connection: Connection, unit: int) -> set[str]:
    """What looked at the movements that nominations of a unit name."""
    query = (
        select(NOMINATION.c.person_id, NOMINATION.c.unit_id, DOSSIER.c.school_year)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(NOMINATION.c.unit_id == unit, NOMINATION.c.movement_id.is_not(None))
    )
    return {
        movement_key(holder_of(row.person_id, row.unit_id), row.school_year)
        for row in connection.execute(query)
    }


def movement_key(holder: str, school_year: str) -> str:
    """What looked at the movement that a nomination of a year names."""
    return f"movement:{holder}:{year_named(school_year)}"
