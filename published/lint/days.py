"""Days on which nobody is at work."""

from __future__ import annotations

from datetime import date

from published.calendar import Calendar
from published.lint.findings import Findings
from published.lint.surroundings import Surroundings
from published.lint.ways import Ways
from published.milestone import CalendarMilestone
from rules.working_days import DaysOff, shifted


def look(calendar: Calendar, around: Surroundings, ways: Ways, findings: Findings) -> None:
    """Ends and openings on a day off."""
    for milestone in calendar.milestones.values():
        name, days = milestone.milestone.id, milestone.milestone
        if around.off.is_off(days.opens):
            findings.found(
                milestone.line_of("opens"), "opens_on_day_off", milestone=name, opens=days.opens.isoformat()
            )
        if not around.off.is_off(days.last_day):
            continue
        due = due_day(milestone, around.off)
        params = {"milestone": name, "last_day": days.last_day.isoformat()}
        line = milestone.line_of("last_day")
        if due == days.last_day:
            findings.found(line, "ends_on_day_off", **params)
        else:
            findings.found(line, "end_moved", **params, due=due.isoformat())


def due_day(milestone: CalendarMilestone, off: DaysOff) -> date:
    """The day until which a milestone is owed."""
    return shifted(milestone.milestone.last_day, milestone.on_day_off, off)
