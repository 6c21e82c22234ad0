"""What came of each bloc's scoring, as plain data: who gave whom how much, the ranking, the four numbers per title."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.bloc.year import CARD, BlocYear
from casework.routing import UNIT
from casework.views.bloc_ranking import most_of
from casework.views.bloc_year import matrix, ranking, year_of
from casework.views.numbers import NUMBERS, four_numbers


def blocs_told(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """Every year of a bloc that scores by a card, by year and in the order of the units.

    Each: ``bloc`` (code), ``name``, ``school_year``, ``most`` (points that can be had), ``schools``, the first rank in
    front (before the settling: by code), and ``titles`` (title → its four numbers, of the bloc's schools). A school:
    code, name, ``rank`` and ``score`` (None before the settling), ``groups`` (code → points), ``own`` (what it gave
    itself; None: not filed) and ``given`` (code of the scorer → points; None: not filed). Points are texts.
    """
    kept = (
        select(UNIT.c.code, CARD.c.school_year)
        .join_from(CARD, UNIT, UNIT.c.id == CARD.c.bloc_id)
        .order_by(CARD.c.school_year, UNIT.c.id)
    )
    return [
        _told(year_of(connection, row.code, row.school_year, now)) for row in connection.execute(kept).all()
    ]


def _told(year: BlocYear) -> dict[str, Any]:
    # Names of groups and titles are the reader's: here stand their codes.
    lang = "vi"
    cells, ranks = matrix(year, None), {row["code"]: row for row in ranking(year, lang)["rows"]}
    schools = []
    for school in cells["schools"]:
        given = {
            scorer: _points(about[school["code"]])
            for scorer, about in cells["cells"].items()
            if school["code"] in about
        }
        ranked = ranks.get(school["code"])
        schools.append(
            {
                "code": school["code"],
                "name": school["name"],
                "rank": ranked["rank"] if ranked else None,
                "score": ranked["score"] if ranked else None,
                "groups": ranked["groups"] if ranked else {},
                "own": given.pop(school["code"], None),
                "given": given,
            }
        )
    card = year.scorecard
    numbers = four_numbers(year.connection, lang, school_year=year.school_year, units=list(year.members))
    return {
        "bloc": str(year.bloc["code"]),
        "name": str(year.bloc["name"]),
        "school_year": year.school_year,
        "most": str(most_of(card)) if card else None,
        "schools": sorted(schools, key=lambda one: (one["rank"] or 0, one["code"])),
        "titles": {row["title"]: {name: row[name] for name in NUMBERS} for row in numbers},
    }


def _points(cell: dict[str, Any]) -> str | None:
    return cell["total"] if cell["standing"] == "filed" else None
