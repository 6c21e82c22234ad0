"""Days on a line: where a day lies, the months above it, and counts by day or week beneath it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from notifications.words import number, say
from pictures.drawing import LEADING, SMALL, Drawing, room

DAY, WEEK = "day", "week"
_DAY = timedelta(days=1)
_STRIP = 30
# A column that is narrower than this cannot be told from its neighbour.
_COLUMN = 1.2


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of one thing happened on which day."""

    label: str
    by_day: Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Scale:
    """Days from ``first`` to ``last`` (included) between two edges."""

    first: date
    last: date
    left: float
    right: float

    @property
    def per_day(self) -> float:
        """The room of a day."""
        return (self.right - self.left) / ((self.last - self.first).days + 1)

    def x(self, day: date) -> float:
        """Where a day begins; days outside lie on the edge."""
        inside = min(max(day, self.first), self.last + _DAY)
        return self.left + (inside - self.first).days * self.per_day

    def end(self, day: date) -> float:
        """Where a day ends: the last day counts in full."""
        return self.x(min(day, self.last) + _DAY)


def day_words(day: date, lang: str, *, year: bool = False) -> str:
    """A day as short as a picture needs it."""
    return say(
        "pictures.day_and_year" if year else "pictures.day",
        {"day": day.day, "month": day.month, "year": day.year},
        lang,
    )


def months_of(scale: Scale) -> list[date]:
    """The first days of the months that a scale shows; of the first month the day with which it begins."""
    found, day = [], scale.first
    while day <= scale.last:
        found.append(day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return found


def draw_months(drawing: Drawing, scale: Scale, lang: str) -> None:
    """The months as labels over a line, in the longest form that fits all of them; the years beneath."""
    months = months_of(scale)
    ends = [*(scale.x(day) for day in months[1:]), scale.right]
    rooms = [end - scale.x(day) for day, end in zip(months, ends, strict=True)]
    # The first and last month may be cut by the edge of the scale: those that are whole decide.
    whole = [n for n, day in enumerate(months) if rooms[n] > 0.9 * 28 * scale.per_day]
    form = next(
        (
            form
            for form in ("month_long", "month_short")
            if all(room(_month(form, months[n], lang)) + 4 <= rooms[n] for n in whole)
        ),
        "month_number",
    )
    for n, day in enumerate(months):
        label = _month(form, day, lang)
        if room(label) <= rooms[n]:
            drawing.text(scale.x(day) + rooms[n] / 2, drawing.y + SMALL, label, look="soft", anchor="middle")
    drawing.y += LEADING[SMALL]
    starts = [day for n, day in enumerate(months) if n == 0 or day.month == 1]
    for n, day in enumerate(starts):
        until = scale.x(starts[n + 1]) if n + 1 < len(starts) else scale.right
        label = say("pictures.year", {"year": day.year}, lang)
        if room(label) + 4 <= until - scale.x(day):
            drawing.text(scale.x(day) + 2, drawing.y + SMALL, label, look="soft")
    drawing.y += LEADING[SMALL]
    drawing.line(scale.left, drawing.y, scale.right, drawing.y, "base")


def draw_month_lines(drawing: Drawing, scale: Scale, top: float, bottom: float) -> None:
    """Thin lines where months begin."""
    for day in months_of(scale)[1:]:
        drawing.line(scale.x(day), top, scale.x(day), bottom, "tick")


def _month(form: str, day: date, lang: str) -> str:
    return say(f"pictures.{form}.{day.month}", {}, lang)


def unit_of(scale: Scale, wanted: str = DAY) -> str:
    """Whether columns stand for days or for weeks: days where there is room for them."""
    return DAY if wanted == DAY and scale.per_day >= _COLUMN else WEEK


def binned(counts: Mapping[date, int], scale: Scale, unit: str) -> dict[date, int]:
    """The counts within the scale by day, or by the Monday of the week."""
    found: dict[date, int] = {}
    for day in sorted(counts):
        if scale.first <= day <= scale.last and counts[day]:
            key = day if unit == DAY else day - timedelta(days=day.weekday())
            found[key] = found.get(key, 0) + counts[day]
    return found


def draw_counts(drawing: Drawing, scale: Scale, counts: Counts, unit: str, lang: str) -> None:
    """One row of columns with its name, its sum and its peak in words; each row has a measure of its own."""
    columns = binned(counts.by_day, scale, unit)
    total = sum(columns.values())
    limit = scale.right - scale.left
    if columns:
        peak = max(columns, key=lambda day: (columns[day], -day.toordinal()))
        told = say(
            f"pictures.counted_by_{unit}",
            {"total": number(total, lang), "most": number(columns[peak], lang), "day": day_words(peak, lang)},
            lang,
        )
    else:
        told = say("pictures.counted_nothing", {}, lang)
    name = room(counts.label, SMALL, True) + 8
    if name + room(told) <= limit:
        drawing.pair(scale.left, drawing.y + SMALL, counts.label, told)
        drawing.y += LEADING[SMALL]
    else:
        drawing.y = drawing.lines(scale.left, drawing.y, counts.label, limit, bold=True)
        drawing.y = drawing.lines(scale.left, drawing.y, told, limit, look="soft")
    floor = drawing.y + (_STRIP if columns else 6)
    if columns:
        draw_month_lines(drawing, scale, drawing.y + 2, floor)
        steps: list[str | float] = []
        for day, count in columns.items():
            left = scale.x(day)
            right = scale.end(day if unit == DAY else day + timedelta(days=6))
            gap = 0.2 if unit == DAY else min(1.0, (right - left) / 4)
            tall = max(1.5, (_STRIP - 4) * count / columns[peak])
            steps += ["M", left, floor, "v", -tall, "h", max(0.8, right - left - gap), "v", tall, "z"]
        drawing.path("bars", *steps)
    drawing.line(scale.left, floor, scale.right, floor, "base")
    drawing.y = floor + 8
