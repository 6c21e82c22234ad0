"""A calendar looked at beside what this home has published and which units it knows, before it is published itself."""

from __future__ import annotations

from sqlalchemy import Connection, select

from casework.regulations import (
    REGULATION,
    Unsound,
    calendar_by_hash,
    chart_of,
    days_off,
    published,
    successions,
)
from casework.routing import PLACEMENT, UNIT
from kit.canonical import sha256_hex
from kit.strict_yaml import Fault
from published.calendar import read_calendar
from published.lint import lint
from published.lint.findings import FAULT, Finding
from published.lint.surroundings import Link, OtherCalendar, Span, Surroundings

_UNDER = UNIT.alias("under")
_KINDS = select(UNIT.c.kind, UNIT.c.since, UNIT.c.until).distinct()
_LINKS = (
    select(
        UNIT.c.kind, _UNDER.c.kind.label("under"), PLACEMENT.c.relation, PLACEMENT.c.since, PLACEMENT.c.until
    )
    .select_from(
        PLACEMENT.join(UNIT, UNIT.c.id == PLACEMENT.c.unit_id).join(
            _UNDER, _UNDER.c.id == PLACEMENT.c.under_id
        )
    )
    .distinct()
)


def surroundings_of(connection: Connection) -> Surroundings:
    """What the newest versions of this home's regulations, and its units, are to a calendar."""
    kinds: dict[str, set[Span]] = {}
    for row in connection.execute(_KINDS):
        kinds.setdefault(row.kind, set()).add(Span(row.since, row.until))
    return Surroundings(
        procedures={
            name: chart_of(connection, sha256).procedure
            for name, sha256 in published(connection, "procedure")
        },
        off=days_off(connection),
        holiday_years=frozenset(int(name) for name, _ in published(connection, "holidays")),
        kinds={kind: frozenset(spans) for kind, spans in kinds.items()},
        links=frozenset(
            Link(row.kind, row.under, row.relation, Span(row.since, row.until))
            for row in connection.execute(_LINKS)
        ),
        others=_others(connection),
        successors={row.kind: row.becomes for plan in successions(connection) for row in plan.kinds},
    )


def _others(connection: Connection) -> tuple[OtherCalendar, ...]:
    """The newest versions of the calendars of this home; one that can be read no more is no reason against another."""
    others = []
    for _, sha256 in published(connection, "calendar"):
        try:
            calendar = calendar_by_hash(connection, sha256)
        except Unsound:
            continue
        others.append(OtherCalendar(calendar.name, calendar.school_year, calendar.procedures))
    return tuple(others)


def look_at(text: bytes, around: Surroundings) -> tuple[tuple[Fault, ...], tuple[Finding, ...]]:
    """The faults of a calendar's form, and, where it can be read, what the linter finds."""
    calendar, faults = read_calendar(text, sha256_hex(text))
    return tuple(faults), (lint(calendar, around) if calendar is not None and not faults else ())


def refuse_unfit(connection: Connection, text: bytes) -> None:
    """Refuse a calendar that is new here and has a fault beside what it will meet.

    Raises:
        Unsound: the linter's faults; those of its form are for the publishing itself.
    """
    known = select(REGULATION.c.sha256).where(REGULATION.c.sha256 == sha256_hex(text))
    if connection.execute(known).first() is not None:
        return
    _, findings = look_at(text, surroundings_of(connection))
    faults = tuple(Fault(f.line, f.code, f.params) for f in findings if f.grade == FAULT)
    if faults:
        raise Unsound(faults)
