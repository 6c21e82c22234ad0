"""Which letters a step enqueues, for whom, and from when on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from casework.call import Call
from casework.inputs import Inputs
from casework.publish import publish
from casework.take_step import take_step
from rules.windows import LOCAL
from tests.build import ROOT, Office, decision
from tests.casework.telling import at, rows

PROCEDURE = ROOT / "regulations" / "procedures" / "three-tier-2024.yaml"


def enqueued(office: Office, act: Any) -> dict[str, set[str]]:
    """Kind → people for whom ``act`` enqueues an item."""
    names = {number: name for name, number in office.people.items()}
    before = {item["key"] for item in rows(office, "outbox_item")}
    act()
    found: dict[str, set[str]] = {}
    for item in rows(office, "outbox_item"):
        if item["key"] not in before:
            found.setdefault(item["kind"], set()).add(names[item["person_id"]])
    return found


def test_whoever_hands_in_gets_a_receipt_and_the_next_desk_is_told(office: Office) -> None:
    code = office.dossier_at("ready")
    told = enqueued(office, lambda: office.step(code, "hand_in", "clerk"))
    assert told == {"received": {"clerk"}, "ready": {"appraiser", "appraiser-2"}}


def test_whoever_files_online_gets_a_receipt(office: Office) -> None:
    code = office.dossier_at("to_file")
    told = enqueued(office, lambda: office.step(code, "file", "principal", "2025-07-02", receipt="H01"))
    assert told == {"received": {"principal"}, "ready": {"reviewer"}}


def test_a_return_by_the_schools_own_council_is_told_as_a_return(office: Office) -> None:
    code = office.dossier_at("at_school_council")
    told = enqueued(office, lambda: office.step(code, "return", "school-council", reason="Thiếu biên bản"))
    assert told == {"returned": {"clerk", "principal"}}


def test_the_end_of_a_forwarded_dossier_is_a_result_for_its_school(office: Office) -> None:
    for event, given in (("record_result", {"decision": decision()}), ("decline", {"reason": "Chưa đủ"})):
        code = office.dossier_at("with_ministry", "ministry")
        told = enqueued(
            office, lambda c=code, e=event, g=given: office.step(c, e, "ministry", "2025-10-01", **g)
        )
        assert told == {"result": {"clerk", "principal"}}


def test_a_withdrawal_is_told_to_the_desk_that_had_the_dossier(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    told = enqueued(office, lambda: office.step(code, "withdraw", "clerk", reason="Nộp nhầm"))
    assert told == {"withdrawn": {"appraiser", "appraiser-2"}}


def test_a_desk_that_the_procedure_calls_quiet_is_not_told(office: Office, tmp_path: Path) -> None:
    text = PROCEDURE.read_text(encoding="utf-8")
    loud = "    unit: education_office\n    duty: [appraiser]\n"
    assert text.count(loud) == 1
    quiet = tmp_path / "quiet.yaml"
    quiet.write_text(text.replace(loud, f"{loud}    quiet: [ready]\n"), encoding="utf-8")
    publish(office.database, "procedure", quiet.read_bytes(), office.call("admin", "2024-09-01"))
    code = office.dossier_at("ready")
    assert enqueued(office, lambda: office.step(code, "hand_in", "clerk")) == {"received": {"clerk"}}
    assert set(enqueued(office, lambda: office.step(code, "withdraw", "clerk", reason="x"))) == {"withdrawn"}


def test_what_waits_at_a_desk_is_told_the_next_morning_and_a_receipt_at_once(office: Office) -> None:
    for moment, morning in (
        ("2025-06-10T06:59:59", "2025-06-10T07:00:00"),
        ("2025-06-10T07:00:00", "2025-06-11T07:00:00"),
        ("2025-06-30T23:59:59", "2025-07-01T07:00:00"),
    ):
        code = office.dossier_at("ready")
        call: Call = at(office, "clerk", moment)
        take_step(office.database, code, "hand_in", call, Inputs())
        subject = f"dossier:{office.row(code)['id']}"
        ready = {
            item["kind"]: item["ready_at"]
            for item in rows(office, "outbox_item", subject=subject)
            if item["queued_at"] == call.now
        }
        expected = datetime.fromisoformat(morning).replace(tzinfo=LOCAL)
        assert ready == {"received": call.now, "ready": expected}
