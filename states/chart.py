"""The machine of a procedure, built once with python-statemachine, and the one function that takes a step.

The machine decides the route: which step an event takes from a state, for a level, back to which origin.
A route depends on nothing else, so each is asked of the machine once and remembered; the checks of the
step are then plain functions over the facts. The machine never sees a row, a clock or a database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from statemachine import StateChart
from statemachine.exceptions import TransitionNotAllowed
from statemachine.io.class_factory import create_machine_class_from_definition

from rules.checks import objections_to
from rules.facts import StepFacts
from rules.reasons import Reason, Refused
from states.procedure import Procedure, Transition
from states.vocabulary import ASIDE_KINDS, BACK, CALENDAR

_PREFIX = "state_"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a dossier stands: its state and, per kind of setting aside, the state it came from."""

    state: str
    origins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One step taken: everything that must be written, decided before anything is."""

    event: str
    source: str
    target: str
    kind: str
    desk: str
    acted_at: str
    origins: Mapping[str, str]
    invalidates: tuple[str, ...]
    separated: bool


class Chart:
    """A procedure and its machine class, with the routes already asked of it."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.machine = _build(procedure)
        # One instance answers every question: making one costs milliseconds, as many as the way has arrows.
        self._asked = self.machine()
        self._asking = Lock()
        self._routes: dict[tuple[str, str, str, str | None], tuple[Transition, str] | None] = {}
        self._events = frozenset(step.event for step in procedure.steps)
        self._by_order = {step.order: step for step in procedure.steps}

    def route(self, state: str, event: str, level: str, origin: str | None) -> tuple[Transition, str] | None:
        """The step that ``event`` takes from ``state`` and the state it leads to; None when there is none."""
        if event not in self._events:
            # Never asked: the machine would look the word up among its own attributes, and remember it for good.
            return None
        key = (state, event, level, origin)
        if key not in self._routes:
            self._routes[key] = self._ask_machine(state, event, level, origin)
        return self._routes[key]

    def _ask_machine(
        self, state: str, event: str, level: str, origin: str | None
    ) -> tuple[Transition, str] | None:
        with self._asking:
            self._asked.current_state_value = _inner(state)
            try:
                order = self._asked.send(event, level=level, origin=origin)
            except TransitionNotAllowed:
                return None
            (target,) = self._asked.configuration_values
        return self._by_order[order], str(target).removeprefix(_PREFIX)

    def events_from(self, standing: Standing, level: str) -> tuple[Transition, ...]:
        """The steps that people may take from the standing, before any check: the buttons of a page.

        What the calendar does by itself (a dossier lapses) is offered to nobody.
        """
        acting_desk = self.procedure.acting_desk
        steps = self.procedure.steps_from(standing.state, level)
        return tuple(step for step in steps if acting_desk(standing.state, step) != CALENDAR)

    def advance(self, standing: Standing, event: str, facts: StepFacts) -> Step:
        """The step that ``event`` takes, or `Refused` with every reason against it.

        Raises:
            Refused: the event does not leave this state, or checks of its step found reasons.
        """
        procedure = self.procedure
        state = procedure.states[standing.state]
        origin = standing.origins.get(state.kind)
        route = self.route(standing.state, event, facts.level, origin)
        if route is None:
            possible = [s.event for s in self.events_from(standing, facts.level)]
            raise Refused(
                [Reason("step_not_here", {"event": event, "state": state.name, "possible": possible})]
            )
        step, target_name = route
        rule = procedure.rule_of(standing.state, step)
        reasons = objections_to(rule, facts)
        if reasons:
            raise Refused(reasons)
        target = procedure.states[target_name]
        origins = dict(standing.origins)
        if step.target != BACK and target.kind in ASIDE_KINDS:
            # A returned dossier that is put on hold must still know, once released, who returned it.
            origins[target.kind] = standing.state
        elif step.target == BACK:
            origins.pop(state.kind, None)
        else:
            origins.clear()
        return Step(
            event=event,
            source=standing.state,
            target=target_name,
            kind=target.kind,
            desk=target.desk,
            acted_at=rule.desk,
            origins=origins,
            invalidates=procedure.invalidated_by(standing.state, step),
            separated="separation" in step.checks,
        )


def origins_of(procedure: Procedure, state: str) -> tuple[str, ...]:
    """The states from which the procedure sets a dossier aside into ``state``."""
    found: dict[str, None] = {}
    for step in procedure.steps:
        if step.target == state:
            found.update(dict.fromkeys(step.sources))
    return tuple(found)


def _serves(step: Transition) -> Callable[[str], bool]:
    def serves_level(level: str) -> bool:
        return step.serves(level)

    return serves_level


def _came_from(step: Transition, wanted: str) -> Callable[[str, str | None], bool]:
    def came_from_origin(level: str, origin: str | None) -> bool:
        return step.serves(level) and origin == wanted

    return came_from_origin


def _names(step: Transition) -> Callable[[], int]:
    def name_step() -> int:
        return step.order

    return name_step


def _inner(state: str) -> str:
    """What the machine calls a state: one that the data names `send` must not hide the machine's own."""
    return _PREFIX + state


def machine_class(name: str, states: dict[str, Any]) -> type[StateChart[Any]]:
    """A machine class with the options that this program relies on.

    `catch_errors_as_events` is off: by default the library swallows an error and moves all the same.
    Soundness is judged by `states.soundness`, which can name the line, so the library's own structural
    checks are off.
    """
    return create_machine_class_from_definition(
        name,
        states=states,
        catch_errors_as_events=False,
        allow_event_without_transition=False,
        validate_disconnected_states=False,
        validate_trap_states=False,
        validate_final_reachability=False,
    )


def _build(procedure: Procedure) -> type[StateChart[Any]]:
    states: dict[str, Any] = {
        _inner(name): {"initial": name == procedure.initial, "on": {}} for name in procedure.states
    }
    for step in procedure.steps:
        for source in step.sources:
            ways: list[dict[str, Any]] = states[_inner(source)]["on"].setdefault(step.event, [])
            if step.target == BACK:
                ways.extend(
                    {"target": _inner(origin), "cond": _came_from(step, origin), "on": _names(step)}
                    for origin in origins_of(procedure, source)
                )
            else:
                ways.append({"target": _inner(step.target), "cond": _serves(step), "on": _names(step)})
    return machine_class("Chart_" + "".join(c if c.isalnum() else "_" for c in procedure.name), states)
