"""Whether a dossier can pass the windows in the order of its procedure."""

from __future__ import annotations

from datetime import timedelta

from published.calendar import Calendar
from published.lint.findings import Findings
from published.lint.surroundings import Surroundings
from published.lint.ways import Ways
from published.milestone import CalendarMilestone

_DAY = timedelta(days=1)


def look(calendar: Calendar, around: Surroundings, ways: Ways, findings: Findings) -> None:
    """Missing windows, windows out of order, windows that two milestones share, grace that reaches into the next."""
    for name, procedure in ways.asked_for.items():
        if name not in calendar.milestones:
            findings.found(
                calendar.line_of("milestones"),
                "step_without_window",
                milestone=name,
                procedure=procedure.name,
            )
    for earlier, later in ways.pairs:
        _in_order(earlier, later, findings)
    for group in _sharing(ways):
        days = group[0].milestone
        findings.found(
            group[0].line,
            "window_shared",
            milestones=[m.milestone.id for m in group],
            opens=days.opens.isoformat(),
            last_day=days.last_day.isoformat(),
        )
    for milestone in calendar.milestones.values():
        _grace(milestone, ways, findings)


def _in_order(earlier: CalendarMilestone, later: CalendarMilestone, findings: Findings) -> None:
    before, after = earlier.milestone, later.milestone
    params = {"milestone": after.id, "last_day": after.last_day.isoformat(), "earlier": before.id}
    line = later.line_of("last_day")
    if after.last_day < before.opens:
        findings.found(line, "ends_before_earlier_opens", **params, opens=before.opens.isoformat())
    elif after.last_day < before.last_day:
        findings.found(line, "ends_before_earlier_ends", **params, ends=before.last_day.isoformat())


def _sharing(ways: Ways) -> list[list[CalendarMilestone]]:
    """Groups of milestones that follow each other on a way within the same days, each in the order of the file."""
    groups: list[list[CalendarMilestone]] = []
    for earlier, later in ways.pairs:
        a, b = earlier.milestone, later.milestone
        if (a.opens, a.last_day) != (b.opens, b.last_day):
            continue
        touched = [group for group in groups if earlier in group or later in group]
        merged = [m for group in touched for m in group]
        merged += [m for m in (earlier, later) if m not in merged]
        groups = [group for group in groups if group not in touched] + [merged]
    return [sorted(group, key=lambda m: m.line) for group in groups]


def _grace(milestone: CalendarMilestone, ways: Ways, findings: Findings) -> None:
    ends = milestone.milestone.last_day
    openings = [later.milestone for later in ways.after(milestone) if later.milestone.opens > ends]
    if not openings:
        return
    following = min(openings, key=lambda m: m.opens)
    minutes_between = (following.opens - ends - _DAY) // timedelta(minutes=1)
    if milestone.grace_minutes > minutes_between:
        findings.found(
            milestone.line_of("grace_minutes"),
            "grace_into_next_opening",
            milestone=milestone.milestone.id,
            minutes=milestone.grace_minutes,
            following=following.id,
            opens=following.opens.isoformat(),
        )
