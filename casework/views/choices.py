"""What the filters of lists offer: years, desks, procedures, units; from what is published, not from the dossiers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from casework.people import UNIT
from casework.regulations import calendar_by_hash, chart_of, published

#: units offered by name; whoever looks for a school types a word of its name
_UNITS = 200


@dataclass(frozen=True, slots=True)
class Choices:
    """Pairs of a word and what it is called; ``units``: codes and names of offices, blocs and councils."""

    years: list[str]
    desks: list[tuple[str, str]]
    procedures: list[tuple[str, str]]
    units: list[tuple[str, str]]


def choices_of(connection: Connection, lang: str) -> Choices:
    """What filters offer, in three statements."""
    calendars = [calendar_by_hash(connection, sha256) for _, sha256 in published(connection, "calendar")]
    procedures = [chart_of(connection, sha256).procedure for _, sha256 in published(connection, "procedure")]
    # Procedures call the same desk differently where another office does its work.
    desks: dict[str, dict[str, None]] = {}
    for procedure in procedures:
        for desk in procedure.desks.values():
            desks.setdefault(desk.name, {})[desk.label[lang]] = None
    query = select(UNIT.c.code, UNIT.c.name).where(UNIT.c.kind != "school").order_by(UNIT.c.name, UNIT.c.id)
    return Choices(
        years=sorted({calendar.school_year for calendar in calendars}, reverse=True),
        desks=[(desk, " / ".join(labels)) for desk, labels in desks.items()],
        procedures=[(procedure.name, procedure.title[lang]) for procedure in procedures],
        units=[(row.code, row.name) for row in connection.execute(query.limit(_UNITS))],
    )
