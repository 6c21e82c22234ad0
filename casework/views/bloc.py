"""A bloc's page: its schools with their dossiers of a year, scores and ranks as recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.access import in_force
from casework.load import DOSSIER
from casework.people import UNIT
from casework.reads import SCORE, Reads
from casework.sight import Sight, sees
from casework.views.dossiers import PLACEMENT, rows_shown
from casework.views.queue import PAGE
from models.base import values_of
from rules.windows import local_day

#: more than the schools of any bloc bring in a year; a list that is cut off says so
MOST = 200
RECORD = "record_score"


def bloc_schools(
    connection: Connection, sight: Sight, bloc: int, year: str, now: datetime, lang: str
) -> tuple[list[dict[str, Any]], bool]:
    """The schools of a bloc: code, name, ``score`` and ``rank`` (None: not recorded), the ``dossiers`` of the year that
    a person may see, and the codes of those that ``wait`` for the bloc's score. And whether that is all."""
    reads = Reads(connection, local_day(now))
    schools = connection.execute(
        select(UNIT.c.id, UNIT.c.code, UNIT.c.name)
        .join(PLACEMENT, PLACEMENT.c.unit_id == UNIT.c.id)
        .where(
            PLACEMENT.c.under_id == bloc,
            PLACEMENT.c.relation == "bloc",
            in_force(PLACEMENT, reads.day),
        )
        .distinct()
        .order_by(UNIT.c.code)
        .limit(PAGE + 1)
    ).all()
    ids = [school.id for school in schools[:PAGE]]
    query = (
        select(DOSSIER)
        .where(DOSSIER.c.unit_id.in_(ids), DOSSIER.c.school_year == year, sees(sight))
        .order_by(DOSSIER.c.id)
        .limit(MOST + 1)
    )
    rows = [values_of(row) for row in connection.execute(query)]
    shown: dict[str, list[dict[str, Any]]] = {}
    for row in rows_shown(connection, rows[:MOST], now, lang, reads):
        shown.setdefault(row["unit"]["code"], []).append(row)
    scores = {
        row.school_id: (row.score, row.rank)
        for row in connection.execute(
            select(SCORE.c.school_id, SCORE.c.score, SCORE.c.rank).where(
                SCORE.c.school_id.in_(ids), SCORE.c.school_year == year, SCORE.c.bloc_id == bloc
            )
        )
    }
    found = []
    for school in schools[:PAGE]:
        score, rank = scores.get(school.id, (None, None))
        dossiers = shown.get(school.code, [])
        found.append(
            {
                "code": school.code,
                "name": school.name,
                "score": score,
                "rank": rank,
                "dossiers": dossiers,
                "wait": [row["dossier"] for row in dossiers if row["next_event"] == RECORD],
            }
        )
    # Those that wait for the bloc first, then by rank.
    found.sort(key=lambda row: (not row["wait"], row["rank"] is None, row["rank"] or 0, row["code"]))
    return found, len(schools) <= PAGE and len(rows) <= MOST


def years_of(connection: Connection, bloc: int, also: Iterable[str]) -> list[str]:
    """The school years for which the bloc has recorded something, and others, the newest first."""
    query = select(SCORE.c.school_year).where(SCORE.c.bloc_id == bloc).distinct()
    return sorted({*connection.execute(query).scalars(), *also}, reverse=True)
