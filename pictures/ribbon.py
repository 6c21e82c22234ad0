"""*The year*: a ribbon of a school year with its milestones as spans, today as a line, and what happened beneath."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from notifications.words import plain_day, say
from pictures.drawing import LEADING, SMALL, Drawing, room
from pictures.text import wrap, wrap_parts
from pictures.timeline import (
    WEEK,
    Counts,
    Scale,
    day_words,
    draw_counts,
    draw_month_lines,
    draw_months,
)

_BAR = 11
_GAP = 12
_LABEL_LIMIT = 250
# How near today's line may come to a word.
_CLEAR = 3


@dataclass(frozen=True, slots=True)
class Span:
    """One milestone. ``mine`` stands in front.

    ``extended`` are the last days that were granted beyond ``last``; ``own`` are the dates (first, last) that units
    set for themselves; ``late_until`` is the day up to which somebody was late; ``note`` is said after its dates.
    """

    label: str
    first: date
    last: date
    who: str = ""
    mine: bool = False
    extended: tuple[date, ...] = ()
    own: tuple[tuple[date, date], ...] = ()
    late_until: date | None = None
    note: str = ""


def year_ends(start: int, spans: Iterable[Span] = (), days: Iterable[date] = ()) -> tuple[date, date]:
    """The edges of the ribbon of the school year that begins in ``start``: to August, or as far as it goes on."""
    reached = [date(start + 1, 8, 31)]
    for span in spans:
        reached += [span.last, *span.extended, *([span.late_until] if span.late_until else [])]
    last = max([*reached, *days])
    following = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return date(start, 9, 1), date.fromordinal(following.toordinal() - 1)


def draw_ribbon(
    spans: Sequence[Span],
    *,
    first: date,
    last: date,
    today: date | None = None,
    today_code: str = "pictures.today",
    happened: Sequence[Counts] = (),
    width: float = 704,
    name: str = "year",
    title: str = "",
    headed: bool = False,
    lang: str = "vi",
) -> Drawing:
    """The ribbon from ``first`` to ``last`` (both days included).

    ``today_code`` is the text beside today's line. Labels lie over their spans in rows, so that none touches another,
    whatever the width.
    """
    question = title or say("pictures.ribbon_title", {}, lang)
    drawing = Drawing(name, question, _described(spans, today, today_code, lang), width, headed=headed)
    scale = Scale(first, last, 2, width - 2)
    shown = today if today is not None and first <= today <= last else None
    if shown is not None:
        label = say(today_code, {"day": day_words(shown, lang)}, lang)
        half = room(label, SMALL, True) / 2
        middle = min(max(scale.end(shown), 2 + half), width - 2 - half)
        drawing.text(middle, drawing.y + SMALL, label, look="gone", bold=True, anchor="middle")
        drawing.y += LEADING[SMALL] + 2
    draw_months(drawing, scale, lang)
    top = drawing.y
    placed = _rows([_Placed(span, scale, lang) for span in spans])
    bottom = top + 6 + sum(_height(row) for row in placed)
    # Lines first, so that words and spans lie over them.
    draw_month_lines(drawing, scale, top, bottom)
    if shown is not None:
        at = scale.end(shown)
        for begins, ends in _beside(at, top - 4, bottom, _in_rows(placed, top + 6)):
            drawing.line(at, begins, at, ends, "now")
    for item, bar in _in_rows(placed, top + 6):
        item.draw(drawing, bar)
    drawing.y = bottom
    if not spans:
        drawing.y = (
            drawing.lines(2, drawing.y, say("pictures.no_spans", {}, lang), width - 4, look="soft") + 8
        )
    if happened:
        drawing.y += 8
    for counts in happened:
        draw_counts(drawing, scale, counts, WEEK, lang)
    if happened:
        words = say("pictures.columns_are_weeks", {}, lang)
        drawing.y = drawing.lines(2, drawing.y, words, width - 4, look="soft") + 2
    return drawing


class _Placed:
    """A span with its label where both will lie, but for the row."""

    def __init__(self, span: Span, scale: Scale, lang: str) -> None:
        self.span, self.scale = span, scale
        limit = min(scale.right - scale.left, _LABEL_LIMIT)
        self.heads = wrap(span.label, SMALL, limit, span.mine)
        self.tails = wrap_parts(told_of(span, lang), SMALL, limit)
        self.rooms = [room(line, SMALL, span.mine) for line in self.heads] + [
            room(line) for line in self.tails
        ]
        wide = max(self.rooms, default=0)
        self.bar_left = scale.x(span.first)
        self.bar_right = max(scale.end(span.last), self.bar_left + 3)
        reached = [span.last, *span.extended, *([span.late_until] if span.late_until else [])]
        self.reaches = max(self.bar_right, scale.end(max(reached)))
        self.label_left = max(scale.left, min(self.bar_left, scale.right - wide))
        self.left = min(self.bar_left, self.label_left)
        self.right = max(self.reaches, self.label_left + wide)
        lines = len(self.heads) + len(self.tails)
        self.label_height = lines * LEADING[SMALL] + 3
        self.below = _BAR + (7 if span.own else 0)

    def words_at(self, at: float, bar: float) -> Iterator[tuple[float, float]]:
        """From where to where, downwards, words of the label lie at ``at`` when the span lies at ``bar``."""
        top = bar - self.label_height
        for wide in self.rooms:
            if self.label_left - _CLEAR < at < self.label_left + wide + _CLEAR:
                yield top, top + LEADING[SMALL] + 2
            top += LEADING[SMALL]

    def draw(self, drawing: Drawing, bar: float) -> None:
        """The label and under it the span, whose upper edge lies at ``bar``."""
        span, scale = self.span, self.scale
        top = bar - self.label_height
        for line in self.heads:
            drawing.text(self.label_left, top + SMALL, line, bold=span.mine)
            top += LEADING[SMALL]
        for line in self.tails:
            drawing.text(self.label_left, top + SMALL, line, look="soft")
            top += LEADING[SMALL]
        top = bar
        if span.late_until is not None and span.late_until > span.last:
            drawing.hatched(self.bar_right, top, scale.end(span.late_until) - self.bar_right, _BAR)
        granted = max(span.extended, default=span.last)
        if granted > span.last:
            end = scale.end(granted)
            drawing.rect(self.bar_right, top + 1.5, end - self.bar_right, _BAR - 3, "more")
            for day in sorted(set(span.extended)):
                drawing.line(scale.end(day), top, scale.end(day), top + _BAR, "way")
        look = "solid" if span.mine else "pale"
        drawing.rect(self.bar_left, top, self.bar_right - self.bar_left, _BAR, look, 2)
        for opens, closes in sorted(set(span.own)):
            left, right = scale.x(opens), scale.end(closes)
            drawing.path("base", "M", left, top + _BAR + 2, "v", 4, "H", right, "v", -4)


def told_of(span: Span, lang: str) -> list[str]:
    """What is said under the name of a span: who, from when to when, what was granted, how late it got."""
    said = [
        span.who,
        say(
            "pictures.from_to",
            {"first": day_words(span.first, lang), "last": day_words(span.last, lang)},
            lang,
        ),
    ]
    granted = [day for day in span.extended if day > span.last]
    if granted:
        words = {"count": len(granted), "day": day_words(max(granted), lang)}
        said.append(say("pictures.extended_one" if len(granted) == 1 else "pictures.extended", words, lang))
    if span.own:
        said.append(say("pictures.own_dates", {"count": len(span.own)}, lang))
    if span.late_until is not None and span.late_until > span.last:
        said.append(say("pictures.late_until", {"day": day_words(span.late_until, lang)}, lang))
    return [part for part in [*said, span.note] if part]


def _rows(items: Sequence[_Placed]) -> list[list[_Placed]]:
    """Items in rows in which none touches another: mine first, then by day."""
    rows: list[list[_Placed]] = []
    for item in sorted(
        items, key=lambda one: (not one.span.mine, one.span.first, one.span.last, one.span.label)
    ):
        for row in rows:
            # What is mine stays in front: others get rows of their own.
            if row[0].span.mine == item.span.mine and all(
                item.left >= other.right + 10 or other.left >= item.right + 10 for other in row
            ):
                row.append(item)
                break
        else:
            rows.append([item])
    return rows


def _in_rows(rows: Sequence[Sequence[_Placed]], top: float) -> Iterator[tuple[_Placed, float]]:
    """Each item with the upper edge of its span.

    The spans of a row stand on one line, however many lines their labels take.
    """
    for row in rows:
        bar = top + max(item.label_height for item in row)
        yield from ((item, bar) for item in row)
        top += _height(row)


def _beside(
    at: float, top: float, bottom: float, items: Iterable[tuple[_Placed, float]]
) -> Iterator[tuple[float, float]]:
    """The pieces of a line downwards at ``at`` that no word of a label stands in."""
    for begins, ends in sorted(gap for item, bar in items for gap in item.words_at(at, bar)):
        if begins > top:
            yield top, begins
        top = max(top, ends)
    if bottom > top:
        yield top, bottom


def _height(row: Sequence[_Placed]) -> float:
    return max(item.label_height for item in row) + max(item.below for item in row) + _GAP


def _described(spans: Sequence[Span], today: date | None, today_code: str, lang: str) -> str:
    said = [f"{span.label}: {', '.join(told_of(span, lang))}." for span in spans]
    if today is not None:
        said.insert(0, say(today_code, {"day": plain_day(today, lang)}, lang) + ".")
    return " ".join(said) or say("pictures.no_spans", {}, lang)
