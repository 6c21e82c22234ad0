"""What a dossier's row says beyond its columns: labels, the next main step, its deadline, and who is waited for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from casework.people import PERSON, UNIT
from casework.reads import Reads
from casework.regulations import chart_of
from rules.windows import Window, local_day
from states.procedure import Procedure, Transition
from states.soundness import decides
from states.vocabulary import FINAL_KINDS

# Steps that end the way or turn it back: never what a dossier waits for.
_ENDING = frozenset({"decline", "revoke", "reopen"})


def main_step(procedure: Procedure, state: str, level: str) -> Transition | None:
    """The step that takes a dossier further on its way from a state; None where the way has ended or is left."""
    return next(
        (s for s in procedure.steps_from(state, level) if decides(s.event) and s.event not in _ENDING), None
    )


def way_back(procedure: Procedure, state: str, level: str) -> Transition | None:
    """The step by which a dossier that was set aside comes back to its way."""
    return next((s for s in procedure.steps_from(state, level) if s.target == "back"), None)


def awaited_step(procedure: Procedure, state: str, level: str) -> Transition | None:
    """What a dossier waits for: its next main step, or the step back; None where it may rest for good."""
    if procedure.states[state].kind in FINAL_KINDS:
        return None
    return main_step(procedure, state, level) or way_back(procedure, state, level)


@dataclass(frozen=True, slots=True)
class Awaited:
    """The step that a dossier waits for: at which desk of which unit, of whom, and until when."""

    event: str
    desk: str
    unit_id: int
    people: tuple[int, ...]
    window: Window | None


def awaited(reads: Reads, dossier: Mapping[str, Any]) -> Awaited | None:
    """What a dossier waits for; None where it may rest for good."""
    procedure = chart_of(reads.connection, dossier["procedure_sha256"]).procedure
    step = awaited_step(procedure, dossier["state"], dossier["level"])
    if step is None:
        return None
    desk = procedure.acting_desk(dossier["state"], step)
    unit = dossier["route"].get(desk, dossier["desk_unit_id"])
    people = reads.holders(unit, procedure.desks[desk].duties) if desk in procedure.desks else ()
    window = None
    if step.milestone is not None:
        units = {dossier["unit_id"], unit}
        window = reads.window(procedure.name, dossier["school_year"], step.milestone, units)
    return Awaited(step.event, desk, unit, people, window)


class Directory:
    """Codes and names of units and people, each asked for once."""

    def __init__(self, reads: Reads) -> None:
        self.reads = reads
        self._units: dict[int, dict[str, str]] = {}
        self._people: dict[int, dict[str, str]] = {}

    def units(self, ids: Iterable[int]) -> dict[int, dict[str, str]]:
        """{"code": …, "name": …} of units, by id."""
        return self._fetch(self._units, UNIT, ids)

    def people(self, ids: Iterable[int]) -> dict[int, dict[str, str]]:
        """{"code": …, "name": …} of people, by id."""
        return self._fetch(self._people, PERSON, ids)

    def _fetch(
        self, known: dict[int, dict[str, str]], table: Any, ids: Iterable[int]
    ) -> dict[int, dict[str, str]]:
        missing = sorted({i for i in ids if i not in known})
        # Below the limit of bound values that every SQLite has.
        for start in range(0, len(missing), 500):
            rows = self.reads.connection.execute(
                select(table.c.id, table.c.code, table.c.name).where(
                    table.c.id.in_(missing[start : start + 500])
                )
            )
            known.update({row.id: {"code": row.code, "name": row.name} for row in rows})
        return known

    def unit(self, unit: int) -> dict[str, str]:
        """Code and name of one unit."""
        return self.units((unit,))[unit]

    def person(self, person: int | None) -> dict[str, str] | None:
        """Code and name of one person; None for nobody."""
        return None if person is None else self.people((person,)).get(person)


def deadline_of(window: Window | None) -> date | None:
    """The last day that is shown of a window."""
    return window.last_day if window else None


def is_late(window: Window | None, now: datetime) -> bool:
    """Whether the time for a step has passed."""
    return window is not None and window.is_over(now)


def days_left(window: Window | None, now: datetime) -> int | None:
    """Days from today to the last day of a window, today not counted; None where it is not open."""
    if window is None or not window.is_open(now):
        return None
    return max((window.last_day - local_day(now)).days, 0)
