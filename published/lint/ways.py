"""The main ways of the procedures that a calendar serves, as far as milestones stand on them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from published.calendar import Calendar
from published.lint.surroundings import Surroundings
from published.milestone import CalendarMilestone
from states.procedure import Procedure, Transition
from states.vocabulary import ASIDE_KINDS, ONWARD

Pair = tuple[CalendarMilestone, CalendarMilestone]


class Ways:
    """What the served procedures ask of a calendar's milestones."""

    def __init__(self, calendar: Calendar, around: Surroundings) -> None:
        self.calendar = calendar
        self.procedures = [around.procedures[p] for p in calendar.procedures if p in around.procedures]
        #: whether every served procedure is known; what none of them asks for can be told only then
        self.complete = len(self.procedures) == len(calendar.procedures)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of unit that have a desk on the way."""
        return frozenset(desk.unit for p in self.procedures for desk in p.desks.values())

    @cached_property
    def asked_for(self) -> dict[str, Procedure]:
        """The milestones that the procedures name, each with the first that does."""
        return {name: p for p in reversed(self.procedures) for name in p.milestones}

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Each milestone with each that comes next on a way, in the order of the ways; both are in the calendar."""
        found: dict[tuple[str, str], None] = {}
        for procedure in self.procedures:
            for level in procedure.levels:
                for step in procedure.steps:
                    if step.event in ONWARD and step.milestone and step.serves(level):
                        for after in _next_milestones(procedure, step.target, level):
                            if after != step.milestone:
                                found[step.milestone, after] = None
        known = self.calendar.milestones
        return tuple((known[a], known[b]) for a, b in found if a in known and b in known)

    def after(self, milestone: CalendarMilestone) -> list[CalendarMilestone]:
        """The milestones that come next after one."""
        return [later for earlier, later in self.pairs if earlier is milestone]

    @cached_property
    def _fates(self) -> dict[str, list[bool]]:
        """Milestone → for each place where a dossier owes it, whether it can lapse there."""
        found: dict[str, list[bool]] = {}
        for procedure in self.procedures:
            for level in procedure.levels:
                for name, lapses in _owing(procedure, level):
                    found.setdefault(name, []).append(lapses)
        return found

    def can_lapse(self, milestone: str) -> bool:
        """Whether a dossier that owes it can lapse anywhere."""
        return any(self._fates.get(milestone, ()))

    def always_lapses(self, milestone: str) -> bool:
        """Whether a dossier that owes it can lapse wherever it stands, so that none is left to be reminded of."""
        fates = self._fates.get(milestone, [])
        return bool(fates) and all(fates)


def _next_milestones(procedure: Procedure, state: str, level: str) -> Iterator[str]:
    """The first milestone on each way onward from a state."""
    seen: set[str] = set()
    waiting = [state]
    while waiting:
        here = waiting.pop(0)
        if here in seen or here not in procedure.states:
            continue
        seen.add(here)
        for step in _onward(procedure, here, level):
            if step.milestone is not None:
                yield step.milestone
            else:
                waiting.append(step.target)


def _onward(procedure: Procedure, state: str, level: str) -> list[Transition]:
    return [step for step in procedure.steps_from(state, level) if step.event in ONWARD]


def _owing(procedure: Procedure, level: str) -> Iterator[tuple[str, bool]]:
    """(milestone, whether it can lapse there) of every place where a dossier owes something.

    A returned dossier owes what the desk that returned it waits to do, so each desk that returns makes a second place.
    """
    for state in procedure.states.values():
        if state.kind in ASIDE_KINDS:
            continue
        owed = next(_next_milestones(procedure, state.name, level), None)
        if owed is None:
            continue
        yield owed, _lapses(procedure, state.name, level)
        back = procedure.step_of(state.name, "return", level)
        if back is not None and procedure.states[back.target].kind == "returned":
            yield owed, _lapses(procedure, back.target, level)


def _lapses(procedure: Procedure, state: str, level: str) -> bool:
    # What an office is late with turns red: a dossier lapses in its school's hands only (casework/deadlines.py).
    held_by = procedure.desks[procedure.states[state].desk].unit
    return held_by == "school" and procedure.step_of(state, "lapse", level) is not None
