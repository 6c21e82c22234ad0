"""Who owes a milestone, who acts for it, and whether they are there while it runs."""

from __future__ import annotations

from published.calendar import Calendar
from published.lint.findings import Findings
from published.lint.surroundings import Surroundings
from published.lint.ways import Ways
from published.milestone import FULFIL, CalendarMilestone


def look(calendar: Calendar, around: Surroundings, ways: Ways, findings: Findings) -> None:
    """Owers without a desk, a duty or an existence; milestones that cannot be met; own terms and own dates."""
    for milestone in calendar.milestones.values():
        _duties(milestone, findings)
        if ways.complete:
            _on_the_way(milestone, ways, findings)
        _there(milestone, around, findings)
        if milestone.extends is not None and milestone.extends.unit == milestone.owed_by:
            findings.found(
                milestone.line_of("extends"),
                "extends_own_term",
                milestone=milestone.milestone.id,
                kind=milestone.owed_by,
            )


def _duties(milestone: CalendarMilestone, findings: Findings) -> None:
    if milestone.duties:
        return
    if FULFIL in milestone.met_by:
        line = milestone.line_of("met_by")
        findings.found(line, "fulfil_without_duty", milestone=milestone.milestone.id)
    else:
        findings.found(milestone.line, "duty_missing", milestone=milestone.milestone.id)


def _on_the_way(milestone: CalendarMilestone, ways: Ways, findings: Findings) -> None:
    name = milestone.milestone.id
    if milestone.owed_by not in ways.kinds:
        line = milestone.line_of("owed_by")
        findings.found(line, "owed_by_nobody", milestone=name, kind=milestone.owed_by)
    if milestone.own_dates is not None and milestone.own_dates not in ways.kinds:
        line = milestone.line_of("own_dates")
        findings.found(line, "own_dates_off_the_way", milestone=name, kind=milestone.own_dates)
    if FULFIL not in milestone.met_by and name not in ways.asked_for:
        findings.found(milestone.line_of("met_by"), "never_met", milestone=name)


def _there(milestone: CalendarMilestone, around: Surroundings, findings: Findings) -> None:
    """Units are facts that may be entered or handed over later, so what is said of them never refuses a file."""
    if not around.kinds:
        return
    kind, days = milestone.owed_by, milestone.milestone
    line, params = milestone.line_of("owed_by"), {"milestone": days.id, "kind": kind}
    begins, ended = around.begins_on(kind), around.ended_on(kind)
    if kind not in around.kinds or (begins is not None and begins > days.last_day):
        findings.found(line, "ower_unknown", **params, last_day=days.last_day.isoformat())
    elif ended is not None and ended < days.last_day:
        findings.found(
            line, "ower_abolished", **params, ended=ended.isoformat(), last_day=days.last_day.isoformat()
        )
