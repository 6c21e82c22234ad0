"""*The way*: a line of stations from school to decision. Read without colour: filled, marked, open, looped back."""

from __future__ import annotations

from collections.abc import Sequence

from notifications.stop import DONE, HERE, LEFT, NEXT, Stop
from notifications.words import moment, say
from pictures.drawing import LEADING, SMALL, Drawing
from pictures.text import wrap

__all__ = ["DONE", "HERE", "LEFT", "NEXT", "Stop", "draw_way"]

_RADIUS = 9
# Below this width stations stand under one another, with their words beside them.
_NARROW = 560
_STATION = 150


def draw_way(
    stops: Sequence[Stop],
    *,
    width: float = 704,
    name: str = "way",
    title: str = "",
    headed: bool = False,
    lang: str = "vi",
) -> Drawing:
    """The way at a width: side by side in rows where there is room, else one under the other."""
    question = title or say("pictures.way_title", {}, lang)
    drawing = Drawing(name, question, _described(stops, lang), width, headed=headed)
    if not stops:
        words = say("pictures.no_way", {}, lang)
        drawing.y = drawing.lines(0, drawing.y, words, width, look="soft") + 4
    elif width < _NARROW:
        _downwards(drawing, stops, lang)
    else:
        _in_rows(drawing, stops, lang)
    return drawing


def _downwards(drawing: Drawing, stops: Sequence[Stop], lang: str) -> None:
    x, beside = 22.0, 42.0
    middles, y = [], drawing.y + 4
    tops = []
    for stop in stops:
        lines = _lines(stop, drawing.width - beside - 2, lang)
        tops.append((y, lines))
        middles.append(y + LEADING[SMALL] / 2)
        y += max(len(lines) * LEADING[SMALL], 2 * _RADIUS) + 12
    for n, middle in enumerate(middles[1:], 1):
        drawing.line(x, middles[n - 1], x, middle, _between(stops[n - 1], stops[n]))
    for n, stop in enumerate(stops):
        if stop.returned and n:
            from_y, to_y = middles[n] - 3, middles[n - 1] + 3
            drawing.path("back", "M", x - 6, from_y, "C", 2, from_y - 4, 2, to_y + 4, x - 11, to_y + 4)
            drawing.path("arrow", "M", x - 8, to_y + 3, "l", -7, -2, "l", 1, 7, "z")
    for stop, middle, (top, lines) in zip(stops, middles, tops, strict=True):
        _sign(drawing, stop, x, middle)
        for n, (text, look, bold) in enumerate(lines):
            drawing.text(beside, top + n * LEADING[SMALL] + SMALL, text, look=look, bold=bold)
    drawing.y = y - 4


def _in_rows(drawing: Drawing, stops: Sequence[Stop], lang: str) -> None:
    across = max(1, min(len(stops), int(drawing.width // _STATION)))
    # Rows of about the same length: six stations are three and three, not five and one.
    across = -(-len(stops) // -(-len(stops) // across))
    column = drawing.width / across
    rows = [stops[n : n + across] for n in range(0, len(stops), across)]
    for number, row in enumerate(rows):
        looped = any(stop.returned for stop in row)
        y = drawing.y + _RADIUS + (30 if looped else 6)
        xs = [column * (n + 0.5) for n in range(len(row))]
        for n in range(1, len(row)):
            drawing.line(xs[n - 1], y, xs[n], y, _between(row[n - 1], row[n]))
        if number:
            drawing.line(2, y, xs[0], y, _between(rows[number - 1][-1], row[0]))
        if number + 1 < len(rows):
            drawing.line(xs[-1], y, drawing.width - 2, y, _between(row[-1], rows[number + 1][0]))
        below = y
        for stop, x in zip(row, xs, strict=True):
            if stop.returned:
                back = max(x - column, 4)
                high = y - _RADIUS - 16
                drawing.path("back", "M", x, y - _RADIUS, "C", x, high, back, high, back, y - _RADIUS - 6)
                tip = y - _RADIUS - 1
                drawing.path("arrow", "M", back, tip, "l", -4, -7, "l", 8, 0, "z")
        for stop, x in zip(row, xs, strict=True):
            _sign(drawing, stop, x, y)
            top = y + _RADIUS + 6
            for text, look, bold in _lines(stop, column - 14, lang):
                drawing.text(x, top + SMALL, text, look=look, bold=bold, anchor="middle")
                top += LEADING[SMALL]
            below = max(below, top)
        drawing.y = below + 10


def _lines(stop: Stop, limit: float, lang: str) -> list[tuple[str, str, bool]]:
    """The words of a station: text, look and whether bold."""
    here = stop.mark == HERE
    lines = [
        (text, "soft" if stop.mark == NEXT else "", here) for text in wrap(stop.label, SMALL, limit, here)
    ]
    for text, look in (
        (say("pictures.way_here", {}, lang) if here else "", "word"),
        (say("pictures.way_left", {}, lang) if stop.mark == LEFT else "", "soft"),
        (moment(stop.at, lang) if stop.at else "", "soft"),
        (stop.who, "soft"),
        (stop.note, "soft"),
        (_turned_back(stop, lang), ""),
    ):
        lines += [(line, look, False) for line in wrap(text, SMALL, limit)]
    return lines


def _turned_back(stop: Stop, lang: str) -> str:
    if not stop.returned:
        return ""
    code = "pictures.returned_one" if stop.returned == 1 else "pictures.returned"
    return say(code, {"count": stop.returned}, lang)


def _between(one: Stop, other: Stop) -> str:
    """The line from a station to the next: solid as far as the dossier has come."""
    if one.mark in (DONE, LEFT) and other.mark in (DONE, LEFT, HERE) and other.on_way:
        return "way"
    return "ahead"


def _sign(drawing: Drawing, stop: Stop, x: float, y: float) -> None:
    if not stop.on_way:
        # Beside the way: a square on its corner.
        look = "mark" if stop.mark == HERE else "open"
        size = _RADIUS + 1
        drawing.path(look, "M", x, y - size, "L", x + size, y, "L", x, y + size, "L", x - size, y, "z")
        if stop.mark == HERE:
            drawing.circle(x, y, 3.5, "solid")
    elif stop.mark == DONE:
        drawing.circle(x, y, _RADIUS, "solid")
        drawing.path("check", "M", x - 4, y + 0.5, "l", 3, 3, "l", 5.5, -6.5)
    elif stop.mark == HERE:
        drawing.circle(x, y, _RADIUS, "mark")
        drawing.circle(x, y, 4, "solid")
    elif stop.mark == LEFT:
        drawing.circle(x, y, _RADIUS, "open")
        half = ("M", x, y - _RADIUS, "A", _RADIUS, _RADIUS, 0, 0, 0, x, y + _RADIUS, "z")
        drawing.path("solid", *half)
    else:
        drawing.circle(x, y, _RADIUS - 1, "open")


def _described(stops: Sequence[Stop], lang: str) -> str:
    said = []
    for n, stop in enumerate(stops, 1):
        state = say(f"pictures.way_mark.{stop.mark}", {}, lang)
        more = [moment(stop.at, lang) if stop.at else "", stop.who, stop.note, _turned_back(stop, lang)]
        said.append(f"{n}. {stop.label}: " + ", ".join(part for part in [state, *more] if part) + ".")
    return " ".join(said) or say("pictures.no_way", {}, lang)
