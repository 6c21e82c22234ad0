"""Too early, too late, and extended for one unit: a milestone's window counts in local days, last day included."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casework.extend_window import extend_window
from casework.inputs import Inputs
from casework.load import dossier_by_code
from casework.prepare_step import prepare_step
from casework.reads import Reads
from casework.take_step import take_step
from rules.reasons import Refused
from tests.build import ROOT, Office
from tests.casework.telling import (
    TABLES,
    at,
    call_with,
    codes,
    every_row,
    reasons,
    refused_without_trace,
    rows,
)
from tests.trees import tree_of


def take(office: Office, code: str, event: str, person: str, moment: str, **given: Any) -> Any:
    return take_step(office.database, code, event, at(office, person, moment), Inputs(**given))


def extend(
    office: Office,
    until: str,
    *,
    person: str | None = "office-head",
    unit: str = "th-mau-1",
    milestone: str = "dossier-completion",
    why: str = "Trường bị ngập",
    day: str = "2025-06-25",
    calendar: str = "2024-2025",
    **options: Any,
) -> Any:
    day_of = date.fromisoformat(until)
    call = options.pop("call", None) or office.call(person, day)
    return extend_window(office.database, unit, calendar, milestone, day_of, why, call, **options)


def test_a_window_opens_with_the_first_second_of_its_day_and_closes_with_the_last(office: Office) -> None:
    code = office.dossier_at("ready")
    (early,) = reasons(take, office, code, "hand_in", "clerk", "2025-05-31T23:59:59")
    assert (early.code, early.params["opens"]) == ("window_not_open_yet", "2025-06-01")
    (late,) = reasons(take, office, code, "hand_in", "clerk", "2025-07-01T00:00:00")
    assert (late.code, late.params["last_day"]) == ("window_closed", "2025-06-30")
    take(office, code, "hand_in", "clerk", "2025-06-30T23:59:59")
    first = office.dossier_at("ready")
    take(office, first, "hand_in", "clerk", "2025-06-01T00:00:00")


def test_every_step_with_a_milestone_keeps_to_its_window_and_no_other_step_does(office: Office) -> None:
    procedure = tree_of(ROOT / "regulations/procedures/three-tier-2024.yaml")
    calendar = tree_of(ROOT / "regulations/calendars/2024-2025.yaml")
    code = office.open()
    with office.database.read() as connection:
        row = dossier_by_code(connection, code)
        for step in procedure["steps"]:
            level = step.get("levels", ["local"])[0]
            for source in _states(procedure, step["from"]):
                standing = {
                    "state": source,
                    "state_kind": procedure["states"][source]["kind"],
                    "level": level,
                }
                standing |= {name: "registered" for name in row if name.endswith("_from")}
                milestone = calendar["milestones"].get(step.get("milestone", ""), {})
                opens, last = (str(milestone.get(day, "2025-01-01")) for day in ("opens", "last_day"))
                for moment in (
                    f"{_before(opens)}T23:59:59",
                    f"{opens}T00:00:00",
                    f"{last}T23:59:59",
                    f"{_after(last)}T00:00:00",
                ):
                    call = at(office, "teacher", moment)
                    try:
                        prepare_step(
                            Reads(connection, call.day), {**row, **standing}, step["event"], call, Inputs()
                        )
                    except Refused as refusal:
                        found = {r.code for r in refusal.reasons if r.code.startswith("window")}
                    outside = opens > moment[:10] or moment[:10] > last
                    assert bool(found) == (outside and "milestone" in step), (step, moment, found)


def _states(procedure: dict[str, Any], named: Any) -> list[str]:
    found: list[str] = []
    for name in [named] if isinstance(named, str) else named:
        kind = name.strip("<>")
        found += (
            [s for s, body in procedure["states"].items() if body["kind"] == kind]
            if name[0] == "<"
            else [name]
        )
    return found


def _before(day: str) -> str:
    return date.fromordinal(date.fromisoformat(day).toordinal() - 1).isoformat()


def _after(day: str) -> str:
    return date.fromordinal(date.fromisoformat(day).toordinal() + 1).isoformat()


def test_an_extension_holds_for_its_unit_and_its_milestone_until_its_last_second(office: Office) -> None:
    mine, theirs = office.dossier_at("ready"), _of_the_other_school(office)
    extend(office, "2025-07-03")
    assert codes(take, office, theirs, "hand_in", "clerk-2", "2025-07-01T00:00:00") == ["window_closed"]
    (late,) = reasons(take, office, mine, "hand_in", "clerk", "2025-07-04T00:00:00")
    assert (late.code, late.params["last_day"]) == ("window_closed", "2025-07-03")
    take(office, mine, "hand_in", "clerk", "2025-07-03T23:59:59")
    found = codes(take, office, mine, "appraise", "appraiser", "2025-07-03T12:00:00", support_rest=True)
    assert found == ["window_closed"]


def _of_the_other_school(office: Office) -> str:
    code = office.dossier_at("ready")
    moved = {"unit": office.units["th-mau-2"], "old": office.units["th-mau-1"]}
    with office.database.write() as connection:
        row = rows(office, "dossier", code=code)[0]
        route = {desk: moved["unit"] if unit == moved["old"] else unit for desk, unit in row["route"].items()}
        table = TABLES["dossier"]
        values = {"unit_id": moved["unit"], "desk_unit_id": moved["unit"], "route": route}
        connection.execute(table.update().where(table.c.code == code).values(**values))
    return code


def test_an_extension_of_the_desk_that_owes_it_serves_every_dossier_there(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    given = {"unit": "pgd", "milestone": "preliminary-appraisal"}
    extend(office, "2025-07-02", person="chairman", **given)
    take(office, code, "appraise", "appraiser", "2025-07-02T23:59:59", support_rest=True)


def test_the_later_of_two_extensions_counts(office: Office) -> None:
    code = office.dossier_at("ready")
    extend(office, "2025-07-03")
    extend(office, "2025-07-05")
    with pytest.raises(Refused) as refusal:
        extend(office, "2025-07-04")
    assert [reason.code for reason in refusal.value.reasons] == ["extension_changes_nothing"]
    take(office, code, "hand_in", "clerk", "2025-07-05T12:00:00")


def test_a_second_extension_is_told_beside_the_plan_and_not_beside_the_first(office: Office) -> None:
    extend(office, "2025-07-03")
    extend(office, "2025-07-05")
    told = [row["facts"] for row in rows(office, "outbox_item", kind="extension")]
    assert {(facts["due"], facts["planned"]) for facts in told} == {
        ("2025-07-03", "2025-06-30"),
        ("2025-07-05", "2025-06-30"),
    }


def test_an_extension_is_a_row_with_its_reason_and_an_entry_of_the_unit(office: Office) -> None:
    extend(office, "2025-07-03")
    (row,) = rows(office, "extension")
    assert (row["granted_by_id"], row["until"]) == (office.people["office-head"], date(2025, 7, 3))
    assert rows(office, "note", id=row["note_id"])[0]["text"] == "Trường bị ngập"
    (entry,) = rows(office, "history_entry", subject=f"unit:{office.units['th-mau-1']}")
    assert entry["event"] == "extend_window"
    assert "ngập" not in entry["payload"]


def test_all_that_is_wrong_with_an_extension_is_said_at_once(office: Office) -> None:
    wrong = {"person": "clerk", "why": " ", "day": "2025-06-29"}
    assert refused_without_trace(office, extend, office, "2025-06-28", **wrong) == [
        "duty_not_held",
        "extension_changes_nothing",
        "extension_into_the_past",
        "input_missing",
    ]
    assert codes(extend, office, "2025-06-30") == ["extension_changes_nothing"]
    assert codes(extend, office, "2025-07-03", milestone="tea-party") == ["unknown_milestone"]
    assert codes(extend, office, "2025-07-03", unit="nowhere") == ["unknown_unit"]
    assert codes(extend, office, "2025-07-03", calendar="1999") == ["unknown_calendar"]


def test_nobody_extends_their_own_term(office: Office) -> None:
    own = {"milestone": "preliminary-appraisal", "unit": "pgd"}
    for person in ("office-head", "appraiser", "clerk", "admin", None):
        assert codes(extend, office, "2025-07-03", person=person, **own) == ["duty_not_held"]
    extend(office, "2025-07-03", person="vice-chairman", **own)


def test_the_same_request_extends_once_and_a_dry_run_not_at_all(office: Office) -> None:
    call = call_with(office, "office-head", "once")
    before = every_row(office.database)
    assert extend(office, "2025-07-03", call=call, dry_run=True).dry_run
    assert every_row(office.database) == before
    first, again = extend(office, "2025-07-03", call=call), extend(office, "2025-07-03", call=call)
    assert (first.replayed, again.replayed, len(rows(office, "extension"))) == (False, True, 1)
