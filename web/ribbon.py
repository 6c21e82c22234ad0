"""The year as a ribbon, for one reader: what her kinds of unit owe in front, what others owe behind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from pictures.drawing import Drawing
from pictures.ribbon import Span, draw_ribbon, year_ends
from published.calendar import Calendar

#: drawn for both: style sheets show the one that fits
WIDTHS = {"broad": 1040, "narrow": 328}


def ribbons(
    calendars: Sequence[Calendar], kinds: Collection[str], today: date, lang: str
) -> dict[str, Drawing]:
    """The ribbon at each width; empty where no calendar is in force."""
    if not calendars:
        return {}
    spans = [
        Span(
            label=planned.label[lang],
            first=planned.milestone.opens,
            last=planned.milestone.last_day,
            who=planned.actor[lang],
            mine=planned.milestone.owed_by in kinds,
        )
        for calendar in calendars
        for planned in calendar.milestones.values()
    ]
    start = int(calendars[0].school_year.partition("-")[0])
    first, last = year_ends(start, spans)
    first = min([first, *(span.first for span in spans)])
    return {
        size: draw_ribbon(
            spans, first=first, last=last, today=today, width=width, name=f"year-{size}", lang=lang
        )
        for size, width in WIDTHS.items()
    }
