"""What the file as a whole says: whose calendar it is, when it was signed, which years' days off it needs."""

from __future__ import annotations

from published.calendar import Calendar
from published.lint.findings import Findings
from published.lint.surroundings import Surroundings
from published.lint.ways import Ways


def look(calendar: Calendar, around: Surroundings, ways: Ways, findings: Findings) -> None:
    """Other calendars, unknown procedures, the plan's own day, years without holidays."""
    line = calendar.line_of("procedures")
    for name in calendar.procedures:
        if name not in around.procedures:
            findings.found(line, "serves_unknown_procedure", procedure=name)
        for other in around.others:
            same = other.school_year == calendar.school_year and name in other.procedures
            if same and other.name != calendar.name:
                findings.found(
                    line,
                    "another_calendar_serves",
                    other=other.name,
                    procedure=name,
                    school_year=calendar.school_year,
                )
    for other in around.others:
        given_up = sorted(set(other.procedures) - set(calendar.procedures))
        if other.name == calendar.name and (given_up or other.school_year != calendar.school_year):
            findings.found(
                calendar.line_of("calendar"),
                "takes_place_of_calendar",
                name=other.name,
                procedures=list(other.procedures),
                school_year=other.school_year,
            )
    spans = [m.milestone for m in calendar.milestones.values()]
    first = min(spans, key=lambda m: m.opens)
    if calendar.dated is not None and calendar.dated > first.opens:
        findings.found(
            calendar.line_of("dated"),
            "dated_after_opening",
            dated=calendar.dated.isoformat(),
            milestone=first.id,
            opens=first.opens.isoformat(),
        )
    for year in range(first.opens.year, max(m.last_day for m in spans).year + 1):
        if year not in around.holiday_years:
            findings.found(calendar.line_of("school_year"), "holidays_unknown", year=year)
