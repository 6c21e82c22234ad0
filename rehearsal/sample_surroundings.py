"""What a calendar is looked at beside where a home has published nothing yet: the files of this program."""

from __future__ import annotations

from functools import cache

from published.calendar import read_calendar
from published.holidays import days_off_of, read_holidays
from published.lint.surroundings import Link, OtherCalendar, Span, Surroundings
from published.successions import read_succession
from rehearsal.sample_files import CASES, SCHOOL_TYPES, day_or_none, regulation_texts, rows_of
from states.procedure import read_procedure


@cache
def sample_surroundings() -> Surroundings:
    """The regulations of `regulations/` and the units of the sample, its instructive cases among them."""
    read = {
        "procedure": read_procedure,
        "calendar": read_calendar,
        "holidays": read_holidays,
        "succession": read_succession,
    }
    found: dict[str, list] = {kind: [] for kind in read}
    of_cases = ("succession", (CASES / "succession.yaml").read_bytes())
    for kind, text in (*regulation_texts(), of_cases):
        if kind in read:
            value, _ = read[kind](text)
            if value is not None:
                found[kind].append(value)
    units = {
        row["code"]: ("school" if row["kind"] in SCHOOL_TYPES else row["kind"], _span(row))
        for row in (*rows_of("units"), *rows_of("units", CASES))
    }
    kinds: dict[str, set[Span]] = {}
    for kind, span in units.values():
        kinds.setdefault(kind, set()).add(span)
    return Surroundings(
        procedures={procedure.name: procedure for procedure in found["procedure"]},
        off=days_off_of(found["holidays"]),
        holiday_years=frozenset(year.year for year in found["holidays"]),
        kinds={kind: frozenset(spans) for kind, spans in kinds.items()},
        links=frozenset(
            Link(units[row["unit"]][0], units[row["under"]][0], row["relation"], _span(row))
            for row in (*rows_of("placements"), *rows_of("placements", CASES))
        ),
        others=tuple(OtherCalendar(c.name, c.school_year, c.procedures) for c in found["calendar"]),
        successors={row.kind: row.becomes for plan in found["succession"] for row in plan.kinds},
    )


def _span(row: dict[str, str]) -> Span:
    return Span(day_or_none(row["since"]), day_or_none(row["until"]))
