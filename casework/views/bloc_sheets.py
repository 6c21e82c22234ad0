"""Open score sheets of the schools for which a person acts: what *Today* and a school's page say of blocs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.access import in_force
from casework.bloc.year import OF_SCHOOL, SHEET
from casework.people import UNIT
from casework.routing import PLACEMENT
from casework.sight import Sight

#: of how many the pages say so; a school owes a handful
SHOWN = 20


def sheets_waiting(
    connection: Connection, sight: Sight, schools: Collection[int] | None = None
) -> list[dict[str, Any]]:
    """The open sheets that a person may fill in, the oldest first, at most `SHOWN`; of ``schools`` only where named.

    Each: ``number``, ``own``, ``scorer`` and ``scored`` (names), ``bloc`` (code, name), ``school_year``.
    """
    mine = {holding.unit_id for holding in sight.holdings if holding.duty in OF_SCHOOL}
    asked = mine if schools is None else mine & set(schools)
    scorer, scored, bloc = UNIT.alias("scorer"), UNIT.alias("scored"), UNIT.alias("bloc")
    query = (
        select(
            SHEET.c.id,
            SHEET.c.school_year,
            (SHEET.c.scorer_id == SHEET.c.scored_id).label("own"),
            scorer.c.name.label("scorer"),
            scored.c.name.label("scored"),
            bloc.c.code,
            bloc.c.name,
        )
        .join(scorer, scorer.c.id == SHEET.c.scorer_id)
        .join(scored, scored.c.id == SHEET.c.scored_id)
        .join(bloc, bloc.c.id == SHEET.c.bloc_id)
        .where(SHEET.c.scorer_id.in_(sorted(asked)), SHEET.c.standing == "open")
        .order_by(SHEET.c.id)
        .limit(SHOWN)
    )
    return [
        {
            "number": row.id,
            "own": bool(row.own),
            "scorer": row.scorer,
            "scored": row.scored,
            "bloc": {"code": row.code, "name": row.name},
            "school_year": row.school_year,
        }
        for row in connection.execute(query)
    ]


def blocs_of(connection: Connection, school: int, day: date, school_year: str) -> list[dict[str, str]]:
    """The bloc in which a school stands on a day, and those for which it has sheets, each with its years.

    Each: ``code``, ``name``, ``school_year``; the newest first, at most `SHOWN`.
    """
    now = select(UNIT.c.code, UNIT.c.name).join(PLACEMENT, PLACEMENT.c.under_id == UNIT.c.id)
    now = now.where(PLACEMENT.c.unit_id == school, PLACEMENT.c.relation == "bloc", in_force(PLACEMENT, day))
    found = {(school_year, row.code): row.name for row in connection.execute(now)}
    before = select(UNIT.c.code, UNIT.c.name, SHEET.c.school_year).join(SHEET, SHEET.c.bloc_id == UNIT.c.id)
    before = before.where(SHEET.c.scorer_id == school).distinct()
    found |= {(row.school_year, row.code): row.name for row in connection.execute(before)}
    return [
        {"code": code, "name": name, "school_year": year}
        for (year, code), name in sorted(found.items(), reverse=True)[:SHOWN]
    ]
