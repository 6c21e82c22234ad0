"""Whether a procedure may be published: every fault of its way, with its line.

What can be seen in the file is read from the file; what depends on the way is proved by exploring the very
machine that the program runs (`Chart.advance`), with one person who holds every duty and may take any step or
leave it to a stranger.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kit.strict_yaml import Fault
from rules.facts import NominationFacts, StepFacts
from rules.reasons import Refused
from rules.separation import Pair
from rules.windows import Window
from states import vocabulary as words
from states.chart import Chart, Standing, Step, origins_of
from states.procedure import Procedure, Transition, read_procedure

ONE_PERSON, STRANGER = 1, 2
_NOON = datetime(2025, 1, 1, 5, 0, tzinfo=UTC)


def check_procedure(text: str | bytes, sha256: str = "") -> tuple[Procedure | None, tuple[Fault, ...]]:
    """The procedure in ``text`` and every fault, of its form and of its way, by line."""
    procedure, faults = read_procedure(text, sha256)
    if procedure is not None:
        faults = [*faults, *faults_of(procedure)]
    unique = {(f.line, f.code, repr(f.params)): f for f in faults}
    return procedure, tuple(sorted(unique.values(), key=lambda f: (f.line, f.code)))


def faults_of(procedure: Procedure) -> list[Fault]:
    """Every fault of the way of a procedure whose form could be read."""
    machine = _Machine(Chart(procedure))
    return [
        *_doubled_events(procedure),
        *_missing_facts(procedure),
        *_origin_free_returns(procedure),
        *_unused(procedure),
        *_unrecused(procedure),
        *_lost_states(machine),
        *_unseparated(machine),
    ]


def _doubled_events(procedure: Procedure) -> Iterator[Fault]:
    """One event with two targets under the same checks: nobody could say which step is taken."""
    for position, step in enumerate(procedure.steps):
        for earlier in procedure.steps[:position]:
            if earlier.event != step.event:
                continue
            shared_states = [s for s in step.sources if s in earlier.sources]
            shared_levels = [lv for lv in procedure.levels if step.serves(lv) and earlier.serves(lv)]
            if shared_states and shared_levels:
                yield Fault(
                    step.line,
                    "event_with_two_targets",
                    {
                        "event": step.event,
                        "state": shared_states[0],
                        "level": shared_levels[0],
                        "first": earlier.line,
                    },
                )


def _missing_facts(procedure: Procedure) -> Iterator[Fault]:
    """A state whose kind demands facts that no step into it provides."""
    for step in procedure.steps:
        if step.target == words.BACK:
            continue
        kind = procedure.states[step.target].kind
        for demand in words.KIND_DEMANDS.get(kind, ()):
            if demand not in step.provides:
                yield Fault(step.line, "kind_demands", {"kind": kind, "input": demand, "event": step.event})


def _origin_free_returns(procedure: Procedure) -> Iterator[Fault]:
    for step in procedure.steps:
        if step.target != words.BACK:
            continue
        for source in step.sources:
            if procedure.states[source].kind in words.ASIDE_KINDS and not origins_of(procedure, source):
                yield Fault(step.line, "back_from_nowhere", {"state": source})


def _unused(procedure: Procedure) -> Iterator[Fault]:
    used_desks = {s.desk for s in procedure.states.values()} | {s.desk for s in procedure.steps}
    for desk in procedure.desks.values():
        if desk.name not in used_desks:
            yield Fault(desk.line, "desk_unused", {"desk": desk.name})
    used_milestones = {s.milestone for s in procedure.steps}
    for milestone in procedure.milestones:
        if milestone not in used_milestones:
            yield Fault(
                procedure.milestone_lines.get(milestone, 0), "milestone_unused", {"milestone": milestone}
            )


def _unrecused(procedure: Procedure) -> Iterator[Fault]:
    """A desk outside the school that declares a recusal which one of its steps does not check."""
    for step in procedure.steps:
        if not decides(step.event):
            continue
        for source in step.sources:
            desk = procedure.desks.get(procedure.acting_desk(source, step))
            if desk is not None and desk.recusal != "none" and "not_concerned" not in step.checks:
                yield Fault(step.line, "recusal_not_checked", {"desk": desk.name, "event": step.event})
                break


@dataclass(frozen=True, slots=True)
class _Node:
    """A standing that the machine can reach; hashable."""

    state: str
    origins: tuple[tuple[str, str], ...]

    @property
    def standing(self) -> Standing:
        return Standing(self.state, dict(self.origins))


def permissive_facts(
    procedure: Procedure,
    step: Transition,
    level: str,
    acted: Mapping[str, Collection[int]],
    person: int = ONE_PERSON,
) -> StepFacts:
    """Facts under which every check holds that does not depend on who acted where."""
    window = Window(step.milestone or "", _NOON - timedelta(days=1), _NOON.date(), _NOON + timedelta(days=1))
    return StepFacts(
        actor=person,
        now=_NOON,
        level=level,
        people=(person,),
        given=frozenset(words.INPUTS),
        papers=frozenset(words.PAPERS),
        nominations=(NominationFacts(1, None, 2, "LDTT"),),
        opinions={desk: frozenset({1}) for desk in procedure.desks},
        acted=acted,
        unit=2,
        window=window,
        score_recorded=True,
        deadline_missed=True,
    )


class _Machine:
    """What may be done from each standing, asked of the machine once: the proofs pass by them again and again."""

    def __init__(self, chart: Chart) -> None:
        self.procedure = chart.procedure
        self._chart = chart
        self._known: dict[
            tuple[_Node, str, frozenset[str], int], tuple[tuple[Transition, Step, _Node], ...]
        ] = {}

    def steps(
        self, node: _Node, level: str, person: int, marked_at: frozenset[str] = frozenset()
    ) -> tuple[tuple[Transition, Step, _Node], ...]:
        """Every step that the program would let ``person``, with every duty, take from here, and where it leads.

        ``marked_at`` are the desks that keep a mark of what the one person decided there.
        """
        key = (node, level, marked_at, person)
        if key not in self._known:
            self._known[key] = tuple(self._asked(node, level, person, marked_at))
        return self._known[key]

    def _asked(
        self, node: _Node, level: str, person: int, marked_at: frozenset[str]
    ) -> Iterator[tuple[Transition, Step, _Node]]:
        acted = dict.fromkeys(marked_at, (ONE_PERSON,))
        for transition in self.procedure.steps_from(node.state, level):
            facts = permissive_facts(self.procedure, transition, level, acted, person)
            try:
                step = self._chart.advance(node.standing, transition.event, facts)
            except Refused:
                continue
            yield transition, step, _Node(step.target, tuple(sorted(step.origins.items())))


def _reachable(machine: _Machine, level: str) -> dict[_Node, set[_Node]]:
    """Every standing that a dossier of ``level`` can reach, with the standings that follow it."""
    start = _Node(machine.procedure.initial, ())
    after: dict[_Node, set[_Node]] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        if node in after:
            continue
        after[node] = {onward for _, _, onward in machine.steps(node, level, STRANGER)}
        queue.extend(after[node] - after.keys())
    return after


def _lost_states(machine: _Machine) -> Iterator[Fault]:
    """States that no dossier reaches, and standings from which none can ever be decided."""
    procedure = machine.procedure
    reached: set[str] = set()
    for level in procedure.levels:
        after = _reachable(machine, level)
        reached |= {node.state for node in after}
        good = {node for node in after if procedure.states[node.state].kind == "decided"}
        if not good:
            # Said once: on a level without a decision every state is a dead end.
            yield Fault(procedure.level_lines.get(level, 0), "level_never_decided", {"level": level})
            continue
        before: dict[_Node, set[_Node]] = {node: set() for node in after}
        for node, following in after.items():
            for later in following:
                before[later].add(node)
        queue = deque(good)
        while queue:
            for earlier in before[queue.popleft()] - good:
                good.add(earlier)
                queue.append(earlier)
        stuck = {node.state for node in after.keys() - good}
        for name in sorted(stuck):
            state = procedure.states[name]
            if state.kind not in words.FINAL_KINDS:
                yield Fault(state.line, "dead_end", {"state": name, "level": level})
    for state in procedure.states.values():
        if state.name not in reached:
            yield Fault(state.line, "unreachable_state", {"state": state.name})


def _unseparated(machine: _Machine) -> Iterator[Fault]:
    """Pairs of desks declared apart at both of which one person can decide all the same."""
    for pair, line in machine.procedure.apart:
        for level in machine.procedure.levels:
            way = _way_through_both(machine, level, pair)
            if way is not None:
                first, second = sorted(pair)
                yield Fault(
                    line,
                    "separation_not_checked",
                    {"desk": first, "other": second, "level": level, "step": way.line},
                )
                break


def _way_through_both(machine: _Machine, level: str, pair: Pair) -> Transition | None:
    """The step by which one person comes to decide at both desks, if the machine lets it happen.

    Side steps (hold, return …) are not decisions: a desk may return what it also holds. Whatever is not done
    by the one person at the pair's desks is done by a stranger: a third desk, declared apart from both, must
    not hide what happens behind it. A desk whose steps do not check leaves no mark on which the other's check
    could rely.
    """
    start = (_Node(machine.procedure.initial, ()), frozenset[str](), frozenset[str]())
    queue, seen = deque([start]), {start}
    while queue:
        node, decided_at, marked_at = queue.popleft()
        following = [(onward, decided_at, marked_at) for _, _, onward in machine.steps(node, level, STRANGER)]
        for transition, step, onward in machine.steps(node, level, ONE_PERSON, marked_at):
            desk = step.acted_at
            if desk not in pair or not decides(transition.event):
                continue
            if decided_at | {desk} == pair:
                return transition
            marked = marked_at | {desk} if step.separated else marked_at
            following.append((onward, decided_at | {desk}, marked))
        for place in following:
            if place not in seen:
                seen.add(place)
                queue.append(place)
    return None


# A reopened dossier is judged anew by the desks it goes back to; opening it judges nothing.
_SIDE_EVENTS = frozenset(
    {"return", "hold", "release", "withdraw", "restore", "lapse", "revive", "resubmit", "reopen"}
)


def decides(event: str) -> bool:
    """Whether an event carries a decision of its desk, rather than setting the dossier aside or back."""
    return event in words.EVENTS and event not in _SIDE_EVENTS
