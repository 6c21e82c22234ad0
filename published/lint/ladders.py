"""Reminders, escalation and extensions: whether they come when they can be of use, and reach somebody."""

from __future__ import annotations

from published.calendar import Calendar
from published.lint.days import due_day
from published.lint.findings import Findings
from published.lint.surroundings import Surroundings
from published.lint.ways import Ways
from published.milestone import FULFIL, LAPSE, CalendarMilestone
from rules.working_days import add_days


def look(calendar: Calendar, around: Surroundings, ways: Ways, findings: Findings) -> None:
    """Rungs, escalation and extension of every milestone."""
    for milestone in calendar.milestones.values():
        _rungs(milestone, around, ways, findings)
        _escalation(milestone, around, ways, findings)
        _extension(milestone, around, findings)


def _ends_all(milestone: CalendarMilestone, ways: Ways) -> bool:
    """Whether nobody owes it any more once its window is over: every dossier lapses, and no unit is asked."""
    lapses = milestone.unmet == LAPSE and FULFIL not in milestone.met_by
    return lapses and ways.always_lapses(milestone.milestone.id)


def _rungs(milestone: CalendarMilestone, around: Surroundings, ways: Ways, findings: Findings) -> None:
    days, ladder = milestone.milestone, milestone.ladder
    due, line = due_day(milestone, around.off), milestone.line_of("remind")
    placed = {rung: add_days(due, rung, ladder.count, around.off) for rung in ladder.days}
    over = max(due, days.last_day)
    later = [m.milestone for m in ways.after(milestone) if m.milestone.last_day > days.last_day]
    following = min(later, key=lambda m: m.last_day, default=None)
    early = [rung for rung, day in placed.items() if day < days.opens]
    if early:
        findings.found(
            line, "rung_before_opening", milestone=days.id, rungs=early, opens=days.opens.isoformat()
        )
    lost = [rung for rung, day in placed.items() if day > over]
    if lost and _ends_all(milestone, ways):
        findings.found(line, "rung_after_lapse", milestone=days.id, rungs=lost)
    late = [rung for rung, day in placed.items() if following is not None and day > following.last_day]
    if late and following is not None:
        findings.found(
            line,
            "rung_after_next_end",
            milestone=days.id,
            rungs=late,
            following=following.id,
            last_day=following.last_day.isoformat(),
        )
    if placed and min(placed) > 0:
        findings.found(line, "rungs_all_after_end", milestone=days.id)


def _escalation(milestone: CalendarMilestone, around: Surroundings, ways: Ways, findings: Findings) -> None:
    escalation, to = milestone.escalation, milestone.escalates_to
    if escalation is None or to is None:
        return
    name, line = milestone.milestone.id, milestone.line_of("escalate")
    due = due_day(milestone, around.off)
    day = add_days(due, escalation.after, escalation.count, around.off)
    last = max(
        (add_days(due, r, milestone.ladder.count, around.off) for r in milestone.ladder.days), default=due
    )
    if day < last:
        params = {"milestone": name, "day": day.isoformat(), "last_rung": last.isoformat()}
        findings.found(line, "escalates_before_last_rung", **params)
    if _ends_all(milestone, ways):
        findings.found(line, "escalates_after_lapse", milestone=name)
    if milestone.owed_by in around.kinds and not _reaches(milestone, to.unit, around):
        params = {"milestone": name, "kind": to.unit, "ower": milestone.owed_by}
        findings.found(line, "escalates_to_nobody", **params)


def _extension(milestone: CalendarMilestone, around: Surroundings, findings: Findings) -> None:
    by = milestone.extends
    if by is not None and milestone.owed_by in around.kinds and not _reaches(milestone, by.unit, around):
        params = {"milestone": milestone.milestone.id, "kind": by.unit, "ower": milestone.owed_by}
        findings.found(milestone.line_of("extends"), "extended_by_nobody", **params)


def _reaches(milestone: CalendarMilestone, kind: str, around: Surroundings) -> bool:
    """Whether an office of a kind stands above the ower, or one that does its work since that kind has ended."""
    above = _above(milestone, around)
    return kind in above or around.successors.get(kind) in above


def _above(milestone: CalendarMilestone, around: Surroundings) -> frozenset[str]:
    """The kinds of unit above the ower while the milestone runs; of an ower that has ended, above it to the last."""
    kind, day = milestone.owed_by, milestone.milestone.opens
    ended, begins = around.ended_on(kind), around.begins_on(kind)
    if ended is not None and ended < day:
        day = ended
    if begins is not None and begins > day:
        day = begins
    return around.reached_from(kind, day)
