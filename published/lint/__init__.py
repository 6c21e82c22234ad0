"""What is wrong, doubtful or worth knowing in a calendar that can be read, beside what it will meet when it is used.

`published/calendar.py` says whether a file is a calendar; this says whether it is a good one. Everything that a
calendar is looked at beside (procedures, days off, units) is handed in as plain values (`surroundings.py`).
"""

from __future__ import annotations

from published.calendar import Calendar
from published.lint import days, fates, ladders, order, owers, plan
from published.lint.findings import Finding, Findings
from published.lint.surroundings import Surroundings
from published.lint.ways import Ways

_CHECKS = (plan.look, order.look, days.look, owers.look, fates.look, ladders.look)


def lint(calendar: Calendar, around: Surroundings) -> tuple[Finding, ...]:
    """Every finding about a calendar, faults first, then warnings and notes, each by line."""
    findings = Findings()
    ways = Ways(calendar, around)
    for look in _CHECKS:
        look(calendar, around, ways, findings)
    return findings.in_order()
