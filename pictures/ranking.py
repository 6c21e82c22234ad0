"""A bloc's ranking: a bar for each school, made of what each group gives, with the total at its side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from notifications.words import number, say
from pictures.drawing import LEADING, SMALL, Drawing, room
from pictures.text import wrap

_BAR = 16
_BETWEEN = 10
# Groups beside each other differ in filling, and each bears its name.
_LOOKS = ("pale", "open")


@dataclass(frozen=True, slots=True)
class RankingBar:
    """A school with its rank and total; ``groups`` are code and points of what adds up, ``penalty`` is taken away."""

    name: str
    rank: int
    total: Fraction
    groups: tuple[tuple[str, Fraction], ...]
    penalty: Fraction = Fraction(0)


def draw_ranking(
    schools: Sequence[RankingBar],
    *,
    most: Fraction,
    width: float = 704,
    name: str = "ranking",
    title: str = "",
    headed: bool = False,
    lang: str = "vi",
) -> Drawing:
    """The first rank on top; all bars have one measure, as long as ``most`` points. What was taken away is hatched."""
    question = title or say("pictures.ranking.title", {}, lang)
    drawing = Drawing(name, question, _described(schools, lang), width, headed=headed)
    if not schools:
        words = say("pictures.ranking.none", {}, lang)
        drawing.y = drawing.lines(0, drawing.y, words, width, look="soft") + 4
        return drawing
    for row in schools:
        total = say("pictures.ranking.points", {"points": _points(row.total, lang)}, lang)
        head = wrap(f"{row.rank}. {row.name}", SMALL, width - room(total, SMALL, True) - 12, True)
        drawing.text(width, drawing.y + SMALL, total, look="count", bold=True, anchor="end")
        for line in head:
            drawing.text(0, drawing.y + SMALL, line, bold=True)
            drawing.y += LEADING[SMALL]
        _bar(drawing, row, most, width)
        drawing.y += _BAR + 5
        drawing.y = drawing.lines(0, drawing.y, _parts(row, lang), width, look="soft") + _BETWEEN
    words = say("pictures.ranking.how_to_read", {"most": _points(most, lang)}, lang)
    drawing.y = drawing.lines(0, drawing.y - 2, words, width, look="soft") + 2
    return drawing


def _bar(drawing: Drawing, row: RankingBar, most: Fraction, width: float) -> None:
    top, across = drawing.y + 3, float(width) - 2
    drawing.line(1, top + _BAR, width - 1, top + _BAR, "tick")

    def x(points: Fraction) -> float:
        return 1 + across * float(min(points, most) / most) if most else 1

    reached = Fraction(0)
    for n, (code, points) in enumerate(row.groups):
        if points <= 0:
            continue
        left, right = x(reached), x(reached + points)
        drawing.rect(left, top, right - left, _BAR, _LOOKS[n % 2])
        shown = _code(code)
        if room(shown) + 6 <= right - left:
            drawing.text((left + right) / 2, top + SMALL, shown, anchor="middle")
        reached += points
    if row.penalty > 0:
        left, right = x(max(reached - row.penalty, Fraction(0))), x(reached)
        drawing.hatched(left, top, right - left, _BAR)


def _code(code: str) -> str:
    # Bonus and penalty are words of the program; their bars are as narrow as a plus.
    return "+" if code == "bonus" else code


def _parts(row: RankingBar, lang: str) -> str:
    said = [
        say("pictures.ranking.bonus", {"points": _points(points, lang)}, lang)
        if code == "bonus"
        else f"{code} {_points(points, lang)}"
        for code, points in row.groups
        if code != "bonus" or points
    ]
    if row.penalty:
        said.append(say("pictures.ranking.penalty", {"points": _points(row.penalty, lang)}, lang))
    return " · ".join(said)


def _points(points: Fraction, lang: str) -> str:
    hundredths = Decimal((points * 100 + Fraction(1, 2)) // 1).scaleb(-2)
    whole = hundredths.to_integral_value()
    return number(whole if whole == hundredths else hundredths.normalize(), lang)


def _described(schools: Sequence[RankingBar], lang: str) -> str:
    said = [
        say(
            "pictures.ranking.row",
            {
                "rank": row.rank,
                "school": row.name,
                "points": _points(row.total, lang),
                "parts": _parts(row, lang),
            },
            lang,
        )
        for row in schools
    ]
    return " ".join(said) or say("pictures.ranking.none", {}, lang)
