"""The way of one dossier as a line of stations: done, here, next; set aside; how often it was turned back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.views.standing import main_step
from models.dossier import ORIGIN_COLUMNS
from notifications.stop import DONE, HERE, LEFT, NEXT, Stop
from states.procedure import Procedure
from states.vocabulary import BACK


@dataclass(frozen=True, slots=True)
class Station:
    """One state of the way, by its codes; said in words it is a `Stop`.

    ``mark`` is done, here, next, or left (the dossier was set aside from here and comes back to it). ``returned``
    counts how often the dossier was turned back at this station; ``at``, ``actor_id`` and ``event`` tell of the
    act that last took it further.
    """

    state: str
    mark: str
    on_way: bool = True
    at: datetime | None = None
    actor_id: int | None = None
    on_behalf_of_id: int | None = None
    event: str | None = None
    returned: int = 0


def main_states(procedure: Procedure, level: str) -> list[str]:
    """The states of the way for a level, from the first to the decision."""
    states, state = [procedure.initial], procedure.initial
    while True:
        step = main_step(procedure, state, level)
        if step is None or step.target == BACK or step.target in states:
            return states
        state = step.target
        states.append(state)


def way_of(
    procedure: Procedure, dossier: Mapping[str, Any], history: Sequence[Mapping[str, Any]]
) -> list[Station]:
    """The stations of a dossier, given its row and the entries of its history (payloads read).

    Where it stands follows from the row alone; without entries nothing is said of when and by whom.
    """
    states = main_states(procedure, dossier["level"])
    state = dossier["state"]
    reached = _position(procedure, dossier, states)
    left: dict[str, Mapping[str, Any]] = {}
    returned: dict[str, int] = {}
    for entry in history:
        source, target = entry["payload"].get("from"), entry["payload"].get("to")
        if entry["event"] == "return":
            returned[source] = returned.get(source, 0) + 1
        elif source in states and target in states and states.index(target) == states.index(source) + 1:
            left[source] = entry
        if entry["event"] == "reopen" and target in states:
            # What lies behind the place to which it was reopened is to be done again.
            for later in states[states.index(target) :]:
                left.pop(later, None)
    aside = state not in states
    stations = []
    for position, name in enumerate(states):
        entry = left.get(name)
        if position == reached:
            mark = LEFT if aside and procedure.states[state].kind in ORIGIN_COLUMNS else HERE
            mark = DONE if aside and mark == HERE else mark
        else:
            mark = DONE if position < reached else NEXT
        stations.append(
            Station(
                state=name,
                mark=mark,
                at=entry["at"] if entry and mark == DONE else None,
                actor_id=entry["actor_id"] if entry and mark == DONE else None,
                on_behalf_of_id=entry["on_behalf_of_id"] if entry and mark == DONE else None,
                event=entry["event"] if entry and mark == DONE else None,
                returned=returned.get(name, 0),
            )
        )
    if aside:
        stations.insert(reached + 1, Station(state=state, mark=HERE, on_way=False))
    return stations


def stops_of(procedure: Procedure, dossier: Mapping[str, Any], lang: str) -> tuple[Stop, ...]:
    """The way in words as far as a dossier's row tells it: what it has passed, where it is, what is to come."""
    return tuple(
        Stop(procedure.states[station.state].label[lang], station.mark, on_way=station.on_way)
        for station in way_of(procedure, dossier, ())
    )


def _position(procedure: Procedure, dossier: Mapping[str, Any], states: Sequence[str]) -> int:
    """How far on the way the dossier is: at its state, or at the one from which it was set aside."""
    state, seen = dossier["state"], set[str]()
    while state not in states and state not in seen:
        seen.add(state)
        column = ORIGIN_COLUMNS.get(procedure.states[state].kind)
        origin = dossier[column] if column else None
        if origin is None:
            # Declined and revoked: the way ended where the last desk of the way was.
            return len(states) - 1 if procedure.states[state].kind == "revoked" else len(states) - 2
        state = origin
    return states.index(state) if state in states else 0
