"""How far each title came: registered → proposed → appraised → decided, as bars that grow shorter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notifications.words import number, say
from pictures.drawing import LEADING, SMALL, Drawing, room
from pictures.text import wrap

STAGES = ("registered", "proposed", "appraised", "decided")
_BAR = 12
_ROW = 18
_BETWEEN = 28
# What comes last stands out; the three before it are outlines.
_LOOKS = ("pale", "pale", "pale", "solid")


@dataclass(frozen=True, slots=True)
class TitleNumbers:
    """The four numbers of one title, in the order of `STAGES`."""

    name: str
    numbers: tuple[int, int, int, int]


def draw_funnel(
    titles: Sequence[TitleNumbers],
    *,
    width: float = 704,
    name: str = "titles",
    title: str = "",
    headed: bool = False,
    lang: str = "vi",
) -> Drawing:
    """A block a title, each with a measure of its own, so that a title of five people is seen beside one of 500."""
    question = title or say("pictures.funnel_title", {}, lang)
    drawing = Drawing(name, question, _described(titles, lang), width, headed=headed)
    if not titles:
        words = say("pictures.no_titles", {}, lang)
        drawing.y = drawing.lines(0, drawing.y, words, width, look="soft") + 4
        return drawing
    across = 3 if width >= 960 else 2 if width >= 600 else 1
    block = (width - _BETWEEN * (across - 1)) / across
    for start in range(0, len(titles), across):
        row = titles[start : start + across]
        heads = [wrap(one.name, SMALL, block, True) for one in row]
        tall = max(map(len, heads)) * LEADING[SMALL]
        for n, one in enumerate(row):
            left = n * (block + _BETWEEN)
            # Names of one line stand right over their bars, beside longer ones too.
            top = drawing.y + tall - len(heads[n]) * LEADING[SMALL]
            for line in heads[n]:
                drawing.text(left, top + SMALL, line, bold=True)
                top += LEADING[SMALL]
            _bars(drawing, one, left, drawing.y + tall + 4, block, lang)
        drawing.y += tall + 4 + _ROW * len(STAGES) + 16
    words = say("pictures.own_measure", {}, lang)
    drawing.y = drawing.lines(0, drawing.y - 4, words, width, look="soft") + 2
    return drawing


def _bars(drawing: Drawing, one: TitleNumbers, left: float, top: float, block: float, lang: str) -> None:
    words = [say(f"pictures.stage.{stage}", {}, lang) for stage in STAGES]
    side = max(map(room, words)) + 8
    most = max(one.numbers)
    numbers = [number(value, lang) for value in one.numbers]
    length = block - side - max(room(text, SMALL, True) for text in numbers) - 8
    for n, value in enumerate(one.numbers):
        base = top + n * _ROW
        drawing.text(left, base + SMALL, words[n], look="soft")
        long = length * value / most if most else 0
        if value:
            drawing.rect(left + side, base + 1.5, max(long, 2), _BAR, _LOOKS[n], 1)
        at = left + side + (max(long, 2) if value else 0) + 5
        drawing.text(at, base + SMALL, numbers[n], look="count", bold=STAGES[n] == "decided")
    drawing.line(left + side, top, left + side, top + _ROW * len(STAGES) - 3, "base")


def _described(titles: Sequence[TitleNumbers], lang: str) -> str:
    said = []
    for one in titles:
        stages = ", ".join(
            f"{say(f'pictures.stage.{stage}', {}, lang)} {number(value, lang)}"
            for stage, value in zip(STAGES, one.numbers, strict=True)
        )
        said.append(f"{one.name}: {stages}.")
    return " ".join(said) or say("pictures.no_titles", {}, lang)
