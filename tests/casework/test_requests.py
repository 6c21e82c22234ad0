"""The same request twice changes once; a request that fails changes nothing; an old version is told what changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from casework.duties import delegate, end_delegation, end_duty
from casework.give_opinion import give_opinion
from casework.inputs import Inputs, OpinionInput, ScoreInput
from casework.nominate import NomineeInput, nominate
from casework.objections import receive_objection
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

WHY = "Một lý do"


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


def test_a_request_key_with_other_inputs_is_another_request(office: Office) -> None:
    code = office.open()
    once = call_with(office, "clerk", "once", "2024-09-10")
    nominate(office.database, code, [NomineeInput("LDTT", "teacher")], once)
    receive = call_with(office, "clerk", "objection", "2024-09-10")
    receive_objection(office.database, code, WHY, receive)
    filed = office.dossier_at("to_file")
    file = call_with(office, "clerk", "file", "2025-07-02")
    take_step(office.database, filed, "file", file, Inputs(receipt="H01"))
    judged = office.dossier_at("at_education_office")
    (first, second) = office.nominations(judged)
    give = call_with(office, "appraiser", "opinion")
    give_opinion(office.database, judged, [OpinionInput(first)], give)
    lend = call_with(office, "appraiser", "lend", "2025-06-01")
    days = (date(2025, 6, 10), date(2025, 6, 20))
    delegate(office.database, "pgd", "appraiser", "office-head", *days, lend)
    before = every_row(office.database)
    for act, *other in (
        (nominate, code, [NomineeInput("LDTT", "teacher-2")], once),
        (receive_objection, code, "Một đơn khác", receive),
        (take_step, filed, "file", file, Inputs(receipt="H02")),
        (take_step, filed, "file", file, Inputs(receipt="H01", expected_version=1)),
        (give_opinion, judged, [OpinionInput(second)], give),
        (give_opinion, judged, [OpinionInput(first, votes_for=1, members=2)], give),
        (delegate, "pgd", "appraiser", "admin", *days, lend),
        (end_duty, "appraiser", "pgd", "appraiser", days[1], lend),
    ):
        assert codes(act, office.database, *other) == ["request_key_reused"], other
    assert every_row(office.database) == before
    for act, *same in (
        (nominate, code, [NomineeInput("LDTT", "teacher")], once),
        (receive_objection, code, WHY, receive),
        (take_step, filed, "file", file, Inputs(receipt="H01")),
        (give_opinion, judged, [OpinionInput(first)], give),
        (delegate, "pgd", "appraiser", "office-head", *days, lend),
    ):
        assert act(office.database, *same).replayed, same
    assert every_row(office.database) == before


def test_a_number_written_in_another_way_is_the_same_request(office: Office) -> None:
    code = office.dossier_at("at_bloc")
    call = call_with(office, "bloc-head", "once", "2025-05-20")
    take_step(office.database, code, "record_score", call, Inputs(score=ScoreInput(Decimal("912.5"), 1)))
    again = Inputs(score=ScoreInput(Decimal("912.50"), 1))
    assert take_step(office.database, code, "record_score", call, again).replayed


def test_what_an_event_would_leave_lying_is_refused(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    for event, person, given, unused in (
        ("hold", "appraiser", {"support_rest": True}, ["support_rest"]),
        ("hold", "appraiser", {"support_rest": True, "votes": (2, 3)}, ["support_rest", "votes"]),
        ("appraise", "appraiser", {"votes": (2, 3)}, ["votes"]),
    ):
        found = reasons(office.step, code, event, person, "2025-06-20", reason=WHY, **given)
        told = [reason.params["input"] for reason in found if reason.code == "input_not_for_step"]
        assert told == unused
    office.step(code, "appraise", "appraiser", "2025-06-20", support_rest=True, votes=(2, 3))


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
        at = noon("2025-07-01")
        connection.execute(TABLES["outbox_item"].insert(), {**item, "queued_at": at, "ready_at": at})
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


def test_a_number_beyond_every_column_is_refused_not_a_crash(office: Office) -> None:
    code, far = office.open(), 10**20
    for act, *given in (
        (end_delegation, far, office.call("appraiser")),
        (receive_objection, code, WHY, office.call("clerk", "2024-09-10")),
    ):
        options = {"nomination": far} if act is receive_objection else {}
        (found,) = codes(act, office.database, *given, **options)
        assert found in ("value_unusable", "delegation_not_found", "nomination_not_open")


def test_a_step_enqueues_its_letters_with_it_and_a_dry_run_none(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    before = len(rows(office, "outbox_item"))
    call = office.call("appraiser")
    take_step(office.database, code, "return", call, Inputs(reason="Thiếu"), dry_run=True)
    assert len(rows(office, "outbox_item")) == before
    office.step(code, "return", "appraiser", reason="Thiếu")
    told = rows(office, "outbox_item", kind="returned")
    assert {item["person_id"] for item in told} == {office.people["clerk"], office.people["principal"]}
