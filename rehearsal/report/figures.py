"""The pictures of the report, each at three widths: for a phone, for paper and a small window, for a wide screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from notifications.words import capital, say, word
from pictures.bars import draw_bars
from pictures.drawing import Drawing
from pictures.funnel import TitleNumbers, draw_funnel
from pictures.ranking import RankingBar, draw_ranking
from pictures.ribbon import Span, draw_ribbon, year_ends
from pictures.timeline import Counts
from rehearsal.report.names import Names
from rehearsal.report.tables import STAGES, Tables, day_of
from rules.scorecard import PENALTY

#: name of a width → units; the page shows the one that fits
WIDTHS = {"slim": 288, "middle": 704, "wide": 1040}


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture: its SVG at each width."""

    drawings: tuple[tuple[str, str], ...]


def _figure(draw: Callable[..., Drawing], name: str, lang: str) -> Figure:
    return Figure(
        tuple(
            (size, draw(width=width, name=f"{name}-{size}", lang=lang).svg())
            for size, width in WIDTHS.items()
        )
    )


def year_figure(
    report: Mapping[str, Any], names: Names, tables: Tables, calendar: str, number: int, lang: str
) -> Figure:
    """The ribbon of one calendar; the first of a report also shows what happened by week."""
    spans = []
    for one in report["milestones"]:
        if one["calendar"] != calendar:
            continue
        named = names.milestones.get((calendar, one["milestone"]))
        spans.append(
            Span(
                tables.milestone_name(one),
                day_of(one["opens"]),
                day_of(one["last_day"]),
                who=named.who if named else "",
                mine=named is not None and named.of_schools,
                extended=tuple(map(day_of, one["extended"])),
                own=tuple((day_of(first), day_of(last)) for first, last in one["own"]),
                late_until=day_of(one["late_until"]) if one["late_until"] else None,
                note=say("report.lapsed_here", {"count": one["lapsed"]}, lang) if one["lapsed"] else "",
            )
        )
    happened = []
    if number == 0:
        labels = (("steps", "steps"), ("letters", f"{tables.counted}s"), ("lapses", "lapses"))
        happened = [
            Counts(tables.say(f"head.{label}"), {day_of(day): n for day, n in report["weeks"][kind].items()})
            for kind, label in labels
        ]
    first, last = ends_of(report)

    def draw(**size: Any) -> Drawing:
        return draw_ribbon(
            spans,
            first=first,
            last=last,
            today=day_of(report["last_day"]),
            today_code="report.played_until",
            happened=happened,
            title=names.calendars.get(calendar, tables.say("year")),
            **size,
        )

    return _figure(draw, f"year{number}", lang)


def ends_of(report: Mapping[str, Any]) -> tuple[Any, Any]:
    """The first and last day of the ribbon: of the whole report, so that its pictures stand under one another."""
    start = day_of(report["first_day"])
    days = [day_of(report["last_day"])]
    for one in report["milestones"]:
        days += [day_of(day) for day in (one["last_day"], *one["extended"], one["late_until"]) if day]
    days += [day_of(day) for kind in report["letters_by_day"]["days"].values() for day in kind]
    return year_ends(start.year if start.month >= 7 else start.year - 1, (), days)


def titles_figure(tables: Tables, lang: str) -> Figure:
    """The funnel of each title."""
    titles = []
    for name, numbers in tables.titles_in_order():
        registered, proposed, appraised, decided = (numbers[stage] for stage in STAGES)
        titles.append(TitleNumbers(name, (registered, proposed, appraised, decided)))
    return _figure(lambda **size: draw_funnel(titles, **size), "titles", lang)


def ranking_figure(bloc: Mapping[str, Any], number: int, lang: str) -> Figure | None:
    """A bar for each school of a bloc, as its pages have them; None before its scoring is settled."""
    schools = [
        RankingBar(
            one["name"],
            one["rank"],
            Fraction(one["score"]),
            tuple((code, Fraction(points)) for code, points in one["groups"].items() if code != PENALTY),
            Fraction(one["groups"].get(PENALTY, 0)),
        )
        for one in bloc["schools"]
        if one["rank"] is not None
    ]
    if not schools:
        return None
    most = Fraction(bloc["most"])
    return _figure(lambda **size: draw_ranking(schools, most=most, **size), f"ranking{number}", lang)


def letters_figure(report: Mapping[str, Any], lang: str) -> Figure:
    """Letters by day, a row a kind, the most frequent first."""
    days = report["letters_by_day"]["days"]
    kinds = [
        Counts(capital(word("letters", kind, lang)), {day_of(day): n for day, n in days[kind].items()})
        for kind in sorted(days, key=lambda kind: (-sum(days[kind].values()), kind))
    ]
    first, last = ends_of(report)
    return _figure(lambda **size: draw_bars(kinds, first=first, last=last, **size), "letters", lang)
