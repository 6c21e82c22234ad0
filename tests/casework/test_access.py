"""Who may: every step of the procedure, asked by every person of the office."""

from __future__ import annotations

from typing import Any

import pytest

from casework.inputs import Inputs
from casework.load import Loaded, dossier_by_code
from casework.prepare_step import prepare_step
from casework.reads import Reads
from rules.reasons import Refused
from tests.build import PEOPLE, ROOT, UNITS, Office
from tests.casework.telling import codes
from tests.trees import tree_of

PROCEDURE = tree_of(ROOT / "regulations/procedures/three-tier-2024.yaml")
NOT_HERE, NOT_YOU = "step_not_here", {"duty_not_held", "only_the_calendar"}
# Everybody who holds a duty, somebody who holds none, one of another school, and the calendar.
ASKING = (*PEOPLE, None)


def steps_by_source() -> list[tuple[str, dict[str, Any]]]:
    """(state, step) for each state that a step of the file leaves."""
    found = []
    for step in PROCEDURE["steps"]:
        for name in [step["from"]] if isinstance(step["from"], str) else step["from"]:
            kind = name.strip("<>")
            names = (
                [name] if name == kind else [s for s, b in PROCEDURE["states"].items() if b["kind"] == kind]
            )
            found += [(state, step) for state in names]
    return found


def whence(state: str) -> str | None:
    """A state from which the file sets a dossier aside into this one."""
    return next((source for source, step in steps_by_source() if step["to"] == state), None)


def whom_the_file_names(state: str, step: dict[str, Any]) -> set[str | None]:
    """The people of the office who hold a duty of the step's desk at that desk's unit, read from the file alone."""
    name = PROCEDURE["states"][state]["desk"] if step["desk"] == "here" else step["desk"]
    if name == "calendar":
        return {None}
    desk = PROCEDURE["desks"][name]
    duties = [desk["duty"]] if isinstance(desk["duty"], str) else desk["duty"]
    # The dossier is of th-mau-1; of every other kind there is one unit.
    units = [code for code, (kind, _) in UNITS.items() if kind == desk["unit"] and code != "th-mau-2"]
    return {code for code, (_, unit, duty) in PEOPLE.items() if unit in units and duty in duties}


def answer(reads: Reads, row: dict[str, Any], event: str, office: Office, person: str | None) -> set[str]:
    try:
        prepare_step(
            reads, row, event, office.call(person, "2025-06-10"), Inputs(), Loaded([], [], frozenset())
        )
    except Refused as refusal:
        return {reason.code for reason in refusal.reasons}
    return set()


def test_a_step_is_open_to_exactly_those_who_hold_its_desk(office: Office) -> None:
    code, asked = office.open(), 0
    with office.database.read() as connection:
        opened = dossier_by_code(connection, code)
        reads = Reads(connection, office.call(None).day)
        for state, step in steps_by_source():
            desk = PROCEDURE["states"][state]["desk"]
            row = {**opened, "state": state, "state_kind": PROCEDURE["states"][state]["kind"], "desk": desk}
            row |= {"level": step.get("levels", ["local"])[0], "desk_unit_id": opened["route"][desk]}
            row |= {name: whence(state) for name in row if name.endswith("_from")}
            for person in ASKING:
                found = answer(reads, row, step["event"], office, person)
                assert NOT_HERE not in found
                allowed = whom_the_file_names(state, step)
                assert (not found & NOT_YOU) == (person in allowed), (state, step["event"], person)
                asked += 1
    assert asked > 2_000


def test_nobody_takes_an_event_that_does_not_leave_the_state(office: Office) -> None:
    leaving: dict[str, set[str]] = {}
    for state, step in steps_by_source():
        leaving.setdefault(state, set()).add(step["event"])
    events = {step["event"] for step in PROCEDURE["steps"]}
    with office.database.read() as connection:
        opened = dossier_by_code(connection, office.open())
        reads = Reads(connection, office.call(None).day)
        for state, body in PROCEDURE["states"].items():
            row = {**opened, "state": state, "state_kind": body["kind"], "desk": body["desk"]}
            for event in events - leaving.get(state, set()):
                assert answer(reads, row, event, office, "admin") == {NOT_HERE}, (state, event)


@pytest.mark.parametrize("level", ["local", "province", "ministry", "state"])
def test_a_step_of_another_level_is_not_there(office: Office, level: str) -> None:
    code = office.dossier_at("at_local_decision", level)
    there = {"local": {"decide"}, "province": {"endorse"}, "ministry": {"endorse"}, "state": {"endorse"}}[
        level
    ]
    for event in ("decide", "endorse"):
        found = codes(office.step, code, event, "teacher", "2025-07-25")
        assert (NOT_HERE in found) == (event not in there), event


def test_a_duty_at_another_unit_opens_nothing_here(office: Office) -> None:
    code = office.dossier_at("ready")
    assert codes(office.step, code, "hand_in", "clerk-2") == ["duty_not_held"]
    assert codes(office.step, code, "hand_in", "admin") == ["duty_not_held"]
    # A chairman of the province is none of the district.
    local = office.dossier_at("at_local_decision")
    found = codes(office.step, local, "decline", "province-chairman", "2025-07-25", reason="x")
    assert found == ["duty_not_held"]
