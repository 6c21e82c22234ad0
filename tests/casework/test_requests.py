"""The same request twice changes once; a request that fails changes nothing; an old version is told what changed."""

from __future__ import annotations

from typing import Any

import pytest

from casework.inputs import Inputs
from casework.take_step import take_step
from kit.canonical import canonical_json
from rules.reasons import Refused
from tests.build import Office, decision, main_way, noon
from tests.casework.telling import (
    TABLES,
    broken_links,
    call_with,
    codes,
    every_row,
    reasons,
    refused_without_trace,
    rows,
)


def test_every_step_of_the_way_sent_twice_is_taken_once(office: Office) -> None:
    code = office.open("state")
    office.nominate(code, "teacher", title="BKTTG")
    office.papers(
        code,
        "submission_letter",
        "achievement_report",
        "council_minutes",
        "publicity_notice",
        "party_opinion",
    )
    for number, (event, person, day, given) in enumerate(main_way("state")):
        call = call_with(office, person, f"request-{number}", day)
        first = take_step(office.database, code, event, call, Inputs(**given))
        before = every_row(office.database)
        again = take_step(office.database, code, event, call, Inputs(**given))
        assert (again.state, again.version, again.hash, again.replayed) == (
            first.state,
            first.version,
            first.hash,
            True,
        )
        assert every_row(office.database) == before
    assert office.row(code)["state"] == "decided"


def test_a_request_is_remembered_also_when_the_dossier_has_gone_on(office: Office) -> None:
    code = office.dossier_at("to_file")
    call = call_with(office, "clerk", "once", "2025-07-02")
    first = take_step(office.database, code, "file", call, Inputs(receipt="H01"))
    office.step(code, "return", "reviewer", "2025-07-03", reason="Thiếu")
    office.step(code, "resubmit", "clerk", "2025-07-04")
    again = take_step(office.database, code, "file", call, Inputs(receipt="H01"))
    assert (again.replayed, again.hash, again.state) == (True, first.hash, "filed")


def test_a_request_key_serves_one_act_on_one_dossier_by_one_person(office: Office) -> None:
    code, other = office.dossier_at("to_file"), office.dossier_at("to_file")
    call = call_with(office, "clerk", "once", "2025-07-02")
    take_step(office.database, code, "file", call, Inputs(receipt="H01"))
    before = every_row(office.database)
    for wrong in (
        (code, "withdraw", call, Inputs(reason="x")),
        (other, "file", call, Inputs(receipt="H01")),
        (code, "file", call_with(office, "principal", "once", "2025-07-02"), Inputs(receipt="H01")),
        (other, "withdraw", call_with(office, None, "once"), Inputs(reason="x")),
    ):
        (reason,) = reasons(take_step, office.database, *wrong)
        assert (reason.code, reason.params["event"]) == ("request_key_reused", "file")
    assert every_row(office.database) == before


def test_a_refused_request_may_be_sent_again_with_what_was_missing(office: Office) -> None:
    code = office.dossier_at("to_file")
    call = call_with(office, "clerk", "once", "2025-07-02")
    with pytest.raises(Refused):
        take_step(office.database, code, "file", call)
    assert not take_step(office.database, code, "file", call, Inputs(receipt="H01")).replayed


def test_an_act_that_breaks_half_way_leaves_nothing(office: Office) -> None:
    # An outbox row with this key exists already: the last insert of the act fails.
    code = office.dossier_at("at_local_decision")
    row, clerk = office.row(code), office.people["clerk"]
    key = f"decided/dossier:{row['id']}/{row['version'] + 1}/{clerk}"
    with office.database.write() as connection:
        item = {
            "key": key,
            "kind": "decided",
            "person_id": clerk,
            "subject": "x",
            "facts": {},
            "standing": "queued",
        }
        connection.execute(TABLES["outbox_item"].insert(), {**item, "queued_at": noon("2025-07-01")})
    made = {"decision": decision(), "reason": "Một ghi chú"}
    found = refused_without_trace(office, office.step, code, "decide", "chairman", "2025-07-25", **made)
    assert found == ["someone_was_faster_elsewhere"]
    assert broken_links(office.database) == []


def test_whoever_decided_on_an_old_version_is_told_what_changed_by_whom_and_when(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    seen = office.row(code)["version"]
    office.step(code, "hold", "appraiser", "2025-06-12", reason="Có đơn")
    office.step(code, "release", "appraiser-2", "2025-06-13", reason="Đã rõ")
    given: dict[str, Any] = {"support_rest": True, "expected_version": seen}
    (reason,) = reasons(office.step, code, "appraise", "appraiser", "2025-06-20", **given)
    assert reason.code == "stale_version"
    told = {name: reason.params[name] for name in ("person", "event", "seen", "now", "dossier")}
    assert told == {
        "person": office.people["appraiser-2"],
        "event": "release",
        "seen": seen,
        "now": seen + 2,
        "dossier": code,
    }
    assert reason.params["at"].startswith("2025-06-13")
    office.step(code, "appraise", "appraiser", "2025-06-20", support_rest=True, expected_version=seen + 2)


def test_reasons_can_be_given_as_data(office: Office) -> None:
    found = reasons(office.step, office.open(), "decide", "clerk", reason="x")
    assert '"code":"step_not_here"' in canonical_json([reason.as_dict() for reason in found])


def test_a_text_that_the_database_cannot_hold_is_refused_not_a_crash(office: Office) -> None:
    code = office.dossier_at("to_file")
    long = call_with(office, "clerk", "k" * 300, "2025-07-02")
    if office.database.is_sqlite:
        # SQLite holds any length.
        assert take_step(office.database, code, "file", long, Inputs(receipt="H01")).state == "filed"
        return
    assert codes(take_step, office.database, code, "file", long, Inputs(receipt="H01")) == ["value_unusable"]
    assert codes(office.step, code, "file", "clerk", "2025-07-02", receipt="H\x0001") == ["value_unusable"]
    assert rows(office, "note") == []


def test_a_step_enqueues_its_letters_with_it_and_a_dry_run_none(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    before = len(rows(office, "outbox_item"))
    call = office.call("appraiser")
    take_step(office.database, code, "return", call, Inputs(reason="Thiếu"), dry_run=True)
    assert len(rows(office, "outbox_item")) == before
    office.step(code, "return", "appraiser", reason="Thiếu")
    told = rows(office, "outbox_item", kind="returned")
    assert {item["person_id"] for item in told} == {office.people["clerk"], office.people["principal"]}
