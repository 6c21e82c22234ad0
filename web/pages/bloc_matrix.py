"""Who gave whom how many points, and the ranking with its picture; the same as a file for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from casework.bloc.year import BlocYear
from casework.views.bloc_hints import Hinted, hints_of, may_see_hints
from casework.views.bloc_ranking import bars, most_of, settled_of, ties
from casework.views.bloc_year import evidence, matrix, ranking
from documents.csv_lines import MARK, csv_lines
from pictures.drawing import Drawing
from pictures.firmness import RankRow, draw_firmness
from pictures.ranking import RankingBar, draw_ranking
from pictures.scorers import ScorerRow, draw_scorers
from rules.scorecard import plain, shown
from web.pages.bloc_year import path_of_year, seen_year
from web.ribbon import WIDTHS
from web.visit import SignedIn
from web.words import Words

router = APIRouter()
_HERE = "/blocs/{unit}/year/{school_year}/matrix"


@router.get(_HERE)
def bloc_matrix(unit: str, school_year: str, visit: SignedIn) -> Response:
    """The matrix of scores as far as this person may know of them, and the ranking once it is settled."""
    with visit.reading() as connection:
        year = seen_year(visit, connection, unit, school_year)
        found = matrix(year, visit.sight)
        shown = evidence(year, visit.sight, visit.lang)
        ranks = ranking(year, visit.lang)
        settled, over = settled_of(year), year.settled
        drawn = _drawn(year, bars(settled, visit.lang), visit.lang)
        told = ties(settled, visit.lang)
        hinted = hints_of(year) if may_see_hints(year, visit.sight) else None
    return visit.page(
        "bloc_matrix.html",
        bloc=year.bloc,
        school_year=school_year,
        here=path_of_year(year),
        matrix=found,
        rows=matrix_rows(found, ranks["rows"]),
        ranking=ranks,
        evidence=shown,
        drawn=drawn,
        ties=told,
        settled=over,
        hinted=_said(hinted, visit.words) if hinted is not None else None,
        hidden=any(
            cell["standing"] == "filed" and not cell["readable"]
            for row in found["cells"].values()
            for cell in row.values()
        ),
    )


@router.get(_HERE + ".csv")
def bloc_matrix_file(unit: str, school_year: str, visit: SignedIn) -> Response:
    """The same as a file: a row a school, a column a scorer."""
    with visit.reading() as connection:
        year = seen_year(visit, connection, unit, school_year)
        found = matrix(year, visit.sight)
        ranks = ranking(year, visit.lang)["rows"]
    lines = csv_lines(_lines(matrix_rows(found, ranks), found["schools"], visit.words))
    name = f"{year.bloc['code']}-{year.school_year}.csv"
    return Response(
        MARK + lines,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def matrix_rows(found: Mapping[str, Any], ranks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row a school that is scored: ``own`` (its own sheet), ``given`` (scorer's code → sheet), score and rank."""
    by_code = {row["code"]: row for row in ranks}
    rows = []
    for number, school in enumerate(found["schools"], 1):
        code = school["code"]
        given = {scorer: cells[code] for scorer, cells in found["cells"].items() if code in cells}
        own = given.pop(code, None)
        row = by_code.get(code)
        rows.append(
            {
                **school,
                "place": number,
                "own": own,
                "given": given,
                "score": row["score"] if row else None,
                "rank": row["rank"] if row else None,
            }
        )
    return rows


def _lines(
    rows: Sequence[Mapping[str, Any]], schools: Sequence[Mapping[str, str]], words: Words
) -> Iterator[list[str]]:
    head = ("bloc.school", "school.code", "bloc_matrix.own")
    yield [
        *(words(code) for code in head),
        *(words("bloc_matrix.given_by", school=school["name"]) for school in schools),
        words("bloc_matrix.settled"),
        words("bloc.rank"),
    ]
    for row in rows:
        cells = [row["given"].get(school["code"]) for school in schools]
        yield [
            row["name"],
            row["code"],
            _cell(row["own"], words),
            *(_cell(cell, words) for cell in cells),
            words.filters()["number"](row["score"]) if row["score"] is not None else "",
            str(row["rank"] or ""),
        ]


def _cell(cell: Mapping[str, Any] | None, words: Words) -> str:
    if cell is None:
        return ""
    if cell["total"] is None or cell["standing"] != "filed":
        return words.word("sheet_standings", cell["standing"])
    return words.filters()["number"](cell["total"])


def _drawn(year: BlocYear, rows: Sequence[Mapping[str, Any]], lang: str) -> dict[str, Drawing]:
    if year.scorecard is None or not rows:
        return {}
    shown = [
        RankingBar(row["name"], row["rank"], row["total"], tuple(row["groups"]), row["penalty"])
        for row in rows
    ]
    return {
        size: draw_ranking(
            shown, most=most_of(year.scorecard), width=width, name=f"ranking-{size}", lang=lang
        )
        for size, width in WIDTHS.items()
    }


def _said(hinted: Hinted, words: Words) -> dict[str, Any]:
    """Hints in words, with their figures and pictures."""
    rows = [
        ScorerRow(name, tuple(cell.over for cell in one.cells), marked)
        for name, one, marked in hinted.scorers
    ]
    ranks = [RankRow(school, one.rank, one.best, one.worst) for _, school, one in hinted.ranks]
    return {
        "told": [
            {
                "text": words.say(said[0], **said[1]),
                "innocent": words.say(innocent),
                "figures": [_figure(cell) for cell in figures],
            }
            for said, innocent, figures in hinted.told
        ],
        "ranks": [words.say(said[0], **said[1]) for said, _, _ in hinted.ranks],
        "scorers_drawn": {
            size: draw_scorers(rows, width=width, name=f"scorers-{size}", lang=words.lang)
            for size, width in WIDTHS.items()
        },
        "ranks_drawn": {
            size: draw_firmness(ranks, width=width, name=f"firmness-{size}", lang=words.lang)
            for size, width in WIDTHS.items()
        }
        if ranks
        else {},
    }


def _figure(cell: Mapping[str, Any]) -> dict[str, Any]:
    """The schools and points of one score on which a hint rests, points to two decimals."""
    return {
        name: plain(shown(value)) if isinstance(value, Fraction) else value for name, value in cell.items()
    }
