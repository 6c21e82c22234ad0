"""Whether a dossier that stands somewhere under one version of its procedure may go on under another.

Nothing is translated: a state, a desk or a level of the one version is that of the other only if it has the same name
and the same kind. Where that does not hold, the dossier stays under the version under which it was opened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from rules.reasons import Reason
from states.chart import Standing, origins_of
from states.procedure import Procedure
from states.vocabulary import BACK, FINAL_KINDS


@dataclass(frozen=True, slots=True)
class Carried:
    """What a dossier takes along when it moves.

    ``judged`` are the desks whose opinions stand; ``acted`` maps a desk to the ids of those who decided there,
    ``exceptions`` holds (desk, person id) pairs that a chair excepted from separation.
    """

    standing: Standing
    level: str
    judged: Collection[str]
    acted: Mapping[str, Collection[int]]
    exceptions: Collection[tuple[str, int]] = ()


def against_moving(old: Procedure, new: Procedure, carried: Carried) -> list[Reason]:
    """Every reason why a dossier may not be moved from ``old`` to ``new``; none where it is safe."""
    unserved = (
        [] if carried.level in new.levels else [Reason("move_level_not_served", {"level": carried.level})]
    )
    unknown = list(_against_states(old, new, carried))
    return [
        *unserved,
        *unknown,
        # Where the level or a state is not the same, nothing can be said of the way from there.
        *(() if unserved or unknown else _against_way(new, carried)),
        *_against_desks(old, new, carried),
        *_against_people(new, carried),
    ]


def _against_states(old: Procedure, new: Procedure, carried: Carried) -> Iterator[Reason]:
    standing = carried.standing
    for name in dict.fromkeys((standing.state, *standing.origins.values())):
        if name not in new.states:
            yield Reason("move_state_gone", {"state": name})
        elif new.states[name].kind != old.states[name].kind:
            kinds = {"kind": old.states[name].kind, "other": new.states[name].kind}
            yield Reason("move_state_kind_differs", {"state": name, **kinds})


def _against_way(new: Procedure, carried: Carried) -> Iterator[Reason]:
    """It must come back to where it was set aside from, and from there to a decision."""
    state, level = carried.standing.state, carried.level
    waiting = dict(carried.standing.origins)
    while new.states[state].kind in waiting:
        origin = waiting.pop(new.states[state].kind)
        goes_back = any(step.target == BACK for step in new.steps_from(state, level))
        if not goes_back or origin not in origins_of(new, state):
            yield Reason("move_no_way_back", {"state": state, "origin": origin})
        state = origin
    if new.states[state].kind not in FINAL_KINDS and not _leads_on(new, state, level):
        yield Reason("move_no_way_on", {"state": state, "level": level})


def _leads_on(procedure: Procedure, state: str, level: str) -> bool:
    """Whether a decision can be reached from a state without going aside."""
    seen, waiting = {state}, [state]
    while waiting:
        for step in procedure.steps_from(waiting.pop(), level):
            if step.target == BACK or step.target in seen:
                continue
            if procedure.states[step.target].kind == "decided":
                return True
            seen.add(step.target)
            waiting.append(step.target)
    return False


def _against_desks(old: Procedure, new: Procedure, carried: Carried) -> Iterator[Reason]:
    """Opinions and the names of those who decided are kept by desk."""
    for desk in sorted(carried.judged):
        if desk not in new.desks:
            yield Reason("move_opinion_desk_gone", {"desk": desk})
        elif desk in old.desks and new.desks[desk].unit != old.desks[desk].unit:
            kinds = {"kind": old.desks[desk].unit, "becomes": new.desks[desk].unit}
            yield Reason("move_opinion_desk_differs", {"desk": desk, **kinds})
    for desk, people in carried.acted.items():
        if people and desk not in new.desks and desk not in carried.judged:
            yield Reason("move_acted_desk_gone", {"desk": desk})


def _against_people(new: Procedure, carried: Carried) -> Iterator[Reason]:
    excepted = set(carried.exceptions)
    for one, other in (sorted(pair) for pair in new.pairs()):
        both = set(carried.acted.get(one, ())) & set(carried.acted.get(other, ()))
        for person in sorted(both):
            if (one, person) not in excepted and (other, person) not in excepted:
                yield Reason("move_acted_at_both", {"person": person, "desk": one, "other": other})
