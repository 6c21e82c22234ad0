"""Which nominations of this office another rulebook would turn, in words and by title."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.law.judging import turned_by
from casework.load import DOSSIER, NOMINATION
from casework.people import PERSON, UNIT
from casework.views.naming import titles_short
from published.rulebooks import Rulebook

#: nominations that are named one by one; beyond these they are only counted
NAMED = 200


def turned_told(
    connection: Connection, was: Rulebook, now: Rulebook, school_year: str, day: date
) -> dict[str, Any]:
    """How many turn from which answer to which, and the first of them by name. Each rulebook is asked as of ``day``."""
    counts: Counter[tuple[str, str, str]] = Counter()
    first: list[dict[str, Any]] = []
    for one, before, after in turned_by(connection, was, now, school_year, day):
        counts[one.title, before.outcome, after.outcome] += 1
        if len(first) < NAMED and one.nomination is not None:
            first.append({"nomination": one.nomination, "was": before.outcome, "now": after.outcome})
    shorts = titles_short(connection)
    return {
        "school_year": school_year,
        "total": counts.total(),
        "counts": [
            {"title": shorts.get(title, title), "was": before, "now": after, "count": count}
            for (title, before, after), count in sorted(counts.items())
        ],
        "nominations": _named(connection, first, shorts),
    }


def _named(
    connection: Connection, rows: list[dict[str, Any]], shorts: dict[str, str]
) -> list[dict[str, Any]]:
    query = (
        select(
            NOMINATION.c.id,
            NOMINATION.c.title,
            DOSSIER.c.code,
            PERSON.c.name.label("person"),
            UNIT.c.name.label("unit"),
        )
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .join(UNIT, UNIT.c.id == NOMINATION.c.unit_id)
        .outerjoin(PERSON, PERSON.c.id == NOMINATION.c.person_id)
        .where(NOMINATION.c.id.in_([row["nomination"] for row in rows]))
    )
    known = {row.id: row for row in connection.execute(query)}
    return [
        {
            **row,
            "dossier": known[row["nomination"]].code,
            "name": known[row["nomination"]].person or known[row["nomination"]].unit,
            "title": shorts.get(known[row["nomination"]].title, known[row["nomination"]].title),
        }
        for row in rows
    ]
