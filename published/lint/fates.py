"""What follows from missing a milestone."""

from __future__ import annotations

from published.calendar import Calendar
from published.lint.findings import Findings
from published.lint.surroundings import Surroundings
from published.lint.ways import Ways
from published.milestone import LAPSE


def look(calendar: Calendar, around: Surroundings, ways: Ways, findings: Findings) -> None:
    """A lapse that no procedure knows would be threatened and never come."""
    if not ways.complete:
        return
    for name, milestone in calendar.milestones.items():
        if milestone.unmet == LAPSE and not ways.can_lapse(name):
            findings.found(milestone.line_of("unmet"), "nothing_lapses", milestone=name)
