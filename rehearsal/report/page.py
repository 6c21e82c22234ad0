"""The report as one HTML page that fetches nothing, runs nothing and prints on A4."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from casework.movements.calendar_of import PREFIX as MOVEMENTS
from notifications.words import number, plain_day, say
from pictures.text import clean
from pictures.tokens import FONT, picture_css, theme_css
from rehearsal.report.figures import Figure, letters_figure, ranking_figure, titles_figure, year_figure
from rehearsal.report.names import Names
from rehearsal.report.tables import Tables

_TEMPLATES = Path(__file__).with_name("templates")


def report_page(report: Mapping[str, Any], names: Names, lang: str) -> str:
    """The page of a year.

    Args:
        report: a `YearReport` as plain data, with ``audit`` and ``doctor`` as `thidua year --json` tells them.
    """
    tables = Tables(report, names, lang)
    played = dict.fromkeys(one["calendar"] for one in report["milestones"])
    # Plans of a movement are many and ask for two things each: they stand in one table.
    plans = [calendar for calendar in played if calendar.startswith(MOVEMENTS)]
    calendars = [calendar for calendar in played if calendar not in plans] or [""]
    years = [
        {
            "title": names.calendars.get(calendar, tables.say("year")),
            "figure": year_figure(report, names, tables, calendar, place, lang),
            "table": tables.milestones(calendar),
        }
        for place, calendar in enumerate(calendars)
    ]
    dossiers = sum(count for kinds in report["dossiers"].values() for count in kinds.values())
    early = any(one["last_day"] > report["last_day"] for one in report["milestones"])
    amiss = [
        *(tables.say("unexpected", act=act) for act in report["unexpected"]),
        # A year that was stopped on its way leaves dossiers on theirs.
        *(tables.say("unfinished", dossier=code) for code in report["unfinished"] if not early),
        *(_found(finding, tables, lang) for finding in report["doctor"]),
    ]
    if not report["audit"]["sound"]:
        amiss.append(tables.say("history_bad"))
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        # What a text could carry that no page may: marks that hide, turn the writing around, or are no letters.
        finalize=lambda value: clean(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": lambda value: number(value, lang),
        "day": lambda value: plain_day(value, lang),
        "drawn": _drawn,
    }
    return environment.get_template("report.html").render(
        say=tables.say,
        lang=lang,
        # Our own style sheet: an apostrophe of a font's name must stay one.
        css=Markup(theme_css() + picture_css()),  # noqa: S704
        font=Markup(FONT),  # noqa: S704
        report=report,
        tables=tables,
        school_years=", ".join(sorted({names.years[name] for name in calendars if name in names.years})),
        years=years,
        movements=tables.milestones(*plans, of="movements"),
        dossiers=dossiers,
        letters=sum(sum(days.values()) for days in report["letters_by_day"]["days"].values()),
        titles=titles_figure(tables, lang),
        bars=letters_figure(report, lang),
        blocs=[
            {
                "name": bloc["name"],
                "figure": ranking_figure(bloc, place, lang),
                "matrix": tables.matrix(bloc),
                "titles": tables.bloc_titles(bloc),
            }
            for place, bloc in enumerate(report["blocs"])
        ],
        amiss=amiss,
        early=early,
    )


def _drawn(figure: Figure) -> list[tuple[str, Markup]]:
    """The drawings; `pictures/drawing.py` escapes whatever came from people."""
    return [(size, Markup(svg)) for size, svg in figure.drawings]  # noqa: S704


def _found(finding: Mapping[str, Any], tables: Tables, lang: str) -> str:
    places = list(finding["found"])
    said = say(f"doctor.{finding['code']}.says", {**finding, "first": places[0] if places else ""}, lang)
    return tables.say("found", what=said, count=finding["count"], places=", ".join(places))
