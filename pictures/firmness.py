"""How firm a ranking is: a row for each school, from its best to its worst rank without one scorer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notifications.words import say
from pictures.drawing import LEADING, SMALL, Drawing, room

_ROW = 18
_SIDE = 12
_DOT = 4


@dataclass(frozen=True, slots=True)
class RankRow:
    """A school with its rank, and the best and worst rank without one scorer."""

    name: str
    rank: int
    best: int
    worst: int


def draw_firmness(
    schools: Sequence[RankRow],
    *,
    width: float = 704,
    name: str = "firmness",
    title: str = "",
    headed: bool = False,
    lang: str = "vi",
) -> Drawing:
    """The first rank on the left; a dot is the rank, a bar reaches as far as one scorer's sheets move it."""
    question = title or say("pictures.scoring.firmness_title", {}, lang)
    drawing = Drawing(name, question, _described(schools, lang), width, headed=headed)
    if not schools:
        words = say("pictures.scoring.no_ranks", {}, lang)
        drawing.y = drawing.lines(0, drawing.y, words, width, look="soft") + 4
        return drawing
    last = max(row.worst for row in schools)
    across = width - 2 * _SIDE

    def x(rank: int) -> float:
        return _SIDE + (across * (rank - 1) / (last - 1) if last > 1 else 0)

    _ranks(drawing, last, x(1), x(last), lang)
    for row in schools:
        said = _said(row, lang)
        if room(row.name, SMALL, True) + 8 + room(said) <= width:
            drawing.pair(0, drawing.y + SMALL, row.name, said)
            drawing.y += LEADING[SMALL]
        else:
            drawing.y = drawing.lines(0, drawing.y, row.name, width, bold=True)
            drawing.y = drawing.lines(0, drawing.y, said, width, look="soft")
        base = drawing.y + _ROW / 2
        drawing.line(_SIDE, base, width - _SIDE, base, "tick")
        if row.best < row.worst:
            drawing.rect(x(row.best), base - 4, x(row.worst) - x(row.best), 8, "pale", 4)
        drawing.circle(x(row.rank), base, _DOT, "solid")
        drawing.y += _ROW + 4
    words = say("pictures.scoring.how_to_read_ranks", {}, lang)
    drawing.y = drawing.lines(0, drawing.y + 2, words, width, look="soft") + 2
    return drawing


def _ranks(drawing: Drawing, last: int, left: float, right: float, lang: str) -> None:
    drawing.text(0, drawing.y + SMALL, say("pictures.scoring.rank", {"rank": 1}, lang), look="soft")
    if last > 1 and right > left:
        words = say("pictures.scoring.rank", {"rank": last}, lang)
        drawing.text(drawing.width, drawing.y + SMALL, words, look="soft", anchor="end")
    drawing.y += LEADING[SMALL] + 4


def _said(row: RankRow, lang: str) -> str:
    if row.best == row.worst:
        return say("pictures.scoring.rank_firm", {"rank": row.rank}, lang)
    return say("pictures.scoring.rank_moves", {"rank": row.rank, "best": row.best, "worst": row.worst}, lang)


def _described(schools: Sequence[RankRow], lang: str) -> str:
    return " ".join(f"{row.name}: {_said(row, lang)}." for row in schools) or say(
        "pictures.scoring.no_ranks", {}, lang
    )
