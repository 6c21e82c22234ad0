"""What a debt's calendar asks for on a day: an opening, the latest rung of a ladder, an escalation.

A debt is what somebody must still do under a milestone (`docs/calendar.md`). Everything here follows from its days
alone, so that a tick that runs twice, or after forty days of silence, finds what is still true, and finds it once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rules.working_days import CALENDAR_DAYS, DaysOff, add_days

OPENING, RUNG, ESCALATION = "opening", "rung", "escalation"
# How what is owed under a milestone stands on a day.
STANDINGS = ("late", "open", "coming", "met")


@dataclass(frozen=True, slots=True)
class Ladder:
    """On which days to remind: numbers of days from the due day, before (negative) and after it, in ascending order."""

    days: tuple[int, ...] = ()
    count: str = CALENDAR_DAYS


NO_RUNGS = Ladder()


@dataclass(frozen=True, slots=True)
class Escalation:
    """How many days after the due day those above are told."""

    after: int
    count: str = CALENDAR_DAYS


@dataclass(frozen=True, slots=True)
class Term:
    """The days of one debt (local, all included).

    ``since`` is the day on which it arose or its dates were last told to those who owe it: nothing of that day or
    before is due any more.
    """

    opens: date
    due: date
    since: date
    announced: bool = False
    ladder: Ladder = NO_RUNGS
    escalation: Escalation | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that is due: what it is, on which day it fell due, and the rung (days from the due day) of a rung."""

    what: str
    day: date
    rung: int = 0


def calls_of(term: Term, off: DaysOff) -> tuple[Call, ...]:
    """Everything that the term will ever ask for while the debt is unmet, by day."""
    calls = [
        Call(RUNG, day, rung)
        for rung in term.ladder.days
        if (day := add_days(term.due, rung, term.ladder.count, off)) > term.since
    ]
    if term.announced and term.opens > term.since:
        calls.append(Call(OPENING, term.opens))
    if term.escalation is not None:
        after = add_days(term.due, term.escalation.after, term.escalation.count, off)
        if after > term.since:
            calls.append(Call(ESCALATION, after))
    return tuple(sorted(calls, key=lambda call: (call.day, call.what, call.rung)))


def due_on(term: Term, today: date, off: DaysOff) -> tuple[Call, ...]:
    """What is due on ``today``: of rungs and opening the latest only, and an escalation that has fallen due."""
    fallen = [call for call in calls_of(term, off) if call.day <= today]
    told = [call for call in fallen if call.what != ESCALATION]
    # On one day a rung says more than an opening does.
    latest = max(told, key=lambda call: (call.day, call.what == RUNG, call.rung), default=None)
    escalated = [call for call in fallen if call.what == ESCALATION]
    return tuple(([latest] if latest else []) + escalated)


def next_look(term: Term, today: date, off: DaysOff, over_from: date | None = None) -> date | None:
    """The next day after ``today`` on which something falls due; ``over_from`` is the day on which the window is over.

    None: whatever happens to this debt from now on, no day of the calendar brings it.
    """
    days = [call.day for call in calls_of(term, off) if call.day > today]
    if over_from is not None and over_from > today:
        days.append(over_from)
    return min(days, default=None)


def days_left(due: date, today: date) -> int:
    """Calendar days from ``today`` to the due day; 0 on the day itself, negative after it."""
    return (due - today) // timedelta(days=1)
