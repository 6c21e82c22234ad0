"""Letters by day and kind: a row of columns for each kind, all over the same days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from notifications.words import number, say
from pictures.drawing import Drawing
from pictures.timeline import Counts, Scale, draw_counts, draw_months, unit_of


def draw_bars(
    kinds: Sequence[Counts],
    *,
    first: date,
    last: date,
    width: float = 704,
    name: str = "letters",
    title: str = "",
    headed: bool = False,
    lang: str = "vi",
) -> Drawing:
    """The rows from ``first`` to ``last``; a column is a day, or a week where days would be too thin to see."""
    question = title or say("pictures.bars_title", {}, lang)
    drawing = Drawing(name, question, _described(kinds, lang), width, headed=headed)
    if not kinds:
        words = say("pictures.no_letters", {}, lang)
        drawing.y = drawing.lines(0, drawing.y, words, width, look="soft") + 4
        return drawing
    scale = Scale(first, last, 2, width - 2)
    draw_months(drawing, scale, lang)
    drawing.y += 6
    unit = unit_of(scale)
    for counts in kinds:
        draw_counts(drawing, scale, counts, unit, lang)
    words = say(f"pictures.columns_are_{unit}s", {}, lang)
    drawing.y = drawing.lines(2, drawing.y, words, width - 4, look="soft") + 2
    return drawing


def _described(kinds: Sequence[Counts], lang: str) -> str:
    said = [f"{one.label}: {number(sum(one.by_day.values()), lang)}." for one in kinds]
    return " ".join(said) or say("pictures.no_letters", {}, lang)
