"""What the linter says: a finding has a line, a code, parameters, and a grade that follows from its code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

FAULT, WARNING, NOTE = "fault", "warning", "note"
GRADE_ORDER = (FAULT, WARNING, NOTE)

# A fault refuses publishing: some dossier or unit could not do what the calendar asks. A warning asks its author to
# look again. A note says what will happen, and nothing is wrong with it.
GRADES = {
    # what the whole file says
    "another_calendar_serves": FAULT,
    "serves_unknown_procedure": WARNING,
    "takes_place_of_calendar": WARNING,
    "dated_after_opening": WARNING,
    "holidays_unknown": WARNING,
    # the order of the way
    "step_without_window": FAULT,
    "ends_before_earlier_opens": FAULT,
    "ends_before_earlier_ends": FAULT,
    "window_shared": WARNING,
    "grace_into_next_opening": WARNING,
    # single days
    "ends_on_day_off": WARNING,
    "end_moved": NOTE,
    "opens_on_day_off": NOTE,
    # who owes
    "owed_by_nobody": FAULT,
    "fulfil_without_duty": FAULT,
    "never_met": FAULT,
    "own_dates_off_the_way": FAULT,
    "duty_missing": WARNING,
    "ower_unknown": WARNING,
    "ower_abolished": WARNING,
    "extends_own_term": WARNING,
    "extended_by_nobody": WARNING,
    # what follows from missing it
    "nothing_lapses": WARNING,
    # reminders and escalation
    "rung_before_opening": WARNING,
    "rung_after_lapse": WARNING,
    "rung_after_next_end": WARNING,
    "rungs_all_after_end": WARNING,
    "escalates_before_last_rung": WARNING,
    "escalates_after_lapse": WARNING,
    "escalates_to_nobody": WARNING,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``line`` counts from 1; 0 is the file as a whole."""

    line: int
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def grade(self) -> str:
        """fault, warning or note."""
        return GRADES[self.code]


class Findings:
    """Collects findings."""

    def __init__(self) -> None:
        self._all: list[Finding] = []

    def found(self, line: int, code: str, **params: Any) -> None:
        """Note a finding; its code must have a grade."""
        finding = Finding(line, code, params)
        if finding.grade:
            self._all.append(finding)

    def in_order(self) -> tuple[Finding, ...]:
        """All of them, by grade and line."""
        return tuple(sorted(self._all, key=lambda f: (GRADE_ORDER.index(f.grade), f.line, f.code)))
