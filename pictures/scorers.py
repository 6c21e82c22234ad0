"""Who scores above or below the others: a row for each scorer, a dot for each of its scores beside theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from notifications.words import number, say
from pictures.drawing import LEADING, SMALL, Drawing, room
from pictures.text import wrap

_ROW = 18
_DOT = 3.5
_SIDE = 8


@dataclass(frozen=True, slots=True)
class ScorerRow:
    """A scorer: by how many points each of its scores is above (or below) the mean of the others of the same school.

    ``marked`` are the places in ``over`` on which a hint rests; with ``note``, what is said of it in a few words.
    """

    name: str
    over: tuple[Fraction, ...]
    marked: frozenset[int] = frozenset()
    note: str = ""


def draw_scorers(
    scorers: Sequence[ScorerRow],
    *,
    width: float = 704,
    name: str = "scorers",
    title: str = "",
    headed: bool = False,
    lang: str = "vi",
) -> Drawing:
    """One measure for all rows, no difference in the middle; a ring around a dot is a hint, a thick bar the mean."""
    question = title or say("pictures.scoring.scorers_title", {}, lang)
    drawing = Drawing(name, question, _described(scorers, lang), width, headed=headed)
    if not any(row.over for row in scorers):
        words = say("pictures.scoring.no_scores", {}, lang)
        drawing.y = drawing.lines(0, drawing.y, words, width, look="soft") + 4
        return drawing
    farthest = max(abs(over) for row in scorers for over in row.over)
    step = _round_step(farthest)
    ends = -step, step
    middle, half = width / 2, width / 2 - _SIDE
    words = [say("pictures.scoring.points", {"points": _signed(end, lang)}, lang) for end in ends]
    lower, higher = (say(f"pictures.scoring.{side}", {}, lang) for side in ("lower", "higher"))
    limit = half - 4
    left = drawing.lines(0, drawing.y, lower, limit, look="soft")
    right = drawing.lines(width, drawing.y, higher, limit, look="soft", anchor="end")
    drawing.y = max(left, right)
    drawing.text(0, drawing.y + SMALL, words[0], look="soft")
    drawing.text(width, drawing.y + SMALL, words[1], look="soft", anchor="end")
    drawing.text(middle, drawing.y + SMALL, "0", look="soft", anchor="middle")
    drawing.y += LEADING[SMALL] + 4
    for row in scorers:
        _row(drawing, row, middle, half, step, width, lang)
    words_of_marks = say("pictures.scoring.how_to_read", {}, lang)
    drawing.y = drawing.lines(0, drawing.y + 2, words_of_marks, width, look="soft") + 2
    return drawing


def _row(
    drawing: Drawing, row: ScorerRow, middle: float, half: float, step: Fraction, width: float, lang: str
) -> None:
    said = _said(row, lang)
    head = wrap(row.name, SMALL, width, True)
    if len(head) == 1 and room(row.name, SMALL, True) + 8 + room(said) <= width:
        drawing.pair(0, drawing.y + SMALL, row.name, said)
        drawing.y += LEADING[SMALL]
    else:
        drawing.y = drawing.lines(0, drawing.y, row.name, width, bold=True)
        drawing.y = drawing.lines(0, drawing.y, said, width, look="soft")
    base = drawing.y + _ROW / 2
    drawing.line(_SIDE, base, width - _SIDE, base, "tick")
    drawing.line(middle, base - _ROW / 2, middle, base + _ROW / 2, "base")
    if row.over:
        mean = middle + half * float(_mean(row.over) / step)
        drawing.line(mean, base - 7, mean, base + 7, "way")
    # Those with a hint last: nothing lies over them.
    for n, over in sorted(enumerate(row.over), key=lambda told: told[0] in row.marked):
        x = middle + half * float(over / step)
        if n in row.marked:
            drawing.circle(x, base, _DOT + 3, "mark")
        drawing.circle(x, base, _DOT - 1 if n in row.marked else _DOT, "solid" if n in row.marked else "pale")
    drawing.y += _ROW + 6


def _said(row: ScorerRow, lang: str) -> str:
    if not row.over:
        return say("pictures.scoring.stands_alone", {}, lang)
    mean = say("pictures.scoring.mean", {"points": _signed(_mean(row.over), lang)}, lang)
    return f"{mean} · {row.note}" if row.note else mean


def _described(scorers: Sequence[ScorerRow], lang: str) -> str:
    return " ".join(f"{row.name}: {_said(row, lang)}." for row in scorers) or say(
        "pictures.scoring.no_scores", {}, lang
    )


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _signed(points: Fraction, lang: str) -> str:
    tenths = int(abs(points) * 10 + Fraction(1, 2))
    if not tenths:
        return "0"
    shown = number(Decimal(tenths // 10) if tenths % 10 == 0 else Decimal(tenths) / 10, lang)
    return f"{'+' if points > 0 else '–'}{shown}"


def _round_step(farthest: Fraction) -> Fraction:
    """The next round number that holds the farthest score: 1, 2, 3, 4, 6, 8, 10, 20 …"""
    unit = Fraction(1)
    while True:
        for times in (1, 2, 3, 4, 6, 8):
            if unit * times >= farthest:
                return unit * times
        unit *= 10
