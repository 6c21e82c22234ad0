"""Decisions: what they award, how they are cited, undone and taken anew."""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.doctor.examine import examine
from casework.extend_window import extend_window
from casework.inputs import DecisionInput, Inputs, OpinionInput, RecoveryInput
from casework.nominate import NomineeInput, strike
from casework.settle_recovery import settle_recovery
from casework.take_step import take_step
from casework.views.dossier import show_dossier
from casework.views.history import dossier_history
from tests.build import Office, decision, noon
from tests.casework.telling import (
    TABLES,
    add,
    broken_links,
    codes,
    every_row,
    history,
    last,
    outcomes,
    reasons,
    refused_without_trace,
    rows,
)

WHY = "Khiếu nại có căn cứ"


def decide(office: Office, code: str, made: DecisionInput | None = None, day: str = "2025-07-25") -> Any:
    return office.step(code, "decide", "chairman", day, decision=made or decision())


def standings(office: Office) -> list[str]:
    """What has become of each title that was given, in the order of giving."""
    return [row["standing"] for row in rows(office, "award")]


def test_a_decision_awards_what_it_does_not_leave_out(office: Office) -> None:
    code = office.dossier_at("at_local_decision")
    one, two = office.nominations(code)
    made = DecisionInput("12/QĐ-UBND", date(2025, 7, 25), "Người ký Mẫu", frozenset({two}))
    decide(office, code, made)
    assert outcomes(office, code) == ["awarded", "not_awarded"]
    (award,) = rows(office, "award")
    assert (award["person_id"], award["title"], award["school_year"]) == (
        office.people["teacher"],
        "LDTT",
        "2024-2025",
    )
    assert last(office, code)["payload"]["not_awarded"] == [two]
    assert last(office, code)["payload"]["awarded"] == [[one, "LDTT"]]


def test_a_collective_holds_its_title_as_a_unit(office: Office) -> None:
    code = office.open()
    add(office, code, NomineeInput("TTLDTT"))
    office.papers(code, "submission_letter", "achievement_report", "council_minutes")
    office.walk(code, "decided")
    (award,) = rows(office, "award")
    assert (award["person_id"], award["unit_id"]) == (None, office.units["th-mau-1"])


def test_one_decision_covers_many_dossiers_and_is_kept_once(office: Office) -> None:
    for _ in range(2):
        decide(office, office.dossier_at("at_local_decision"))
    (kept,) = rows(office, "decision")
    assert (kept["number"], kept["issued_by"]) == ("12/QĐ-UBND", "Đơn vị huyen")
    assert {row["decision_id"] for row in rows(office, "dossier")} == {kept["id"]}


def test_all_that_is_wrong_with_a_decision_is_said_at_once(office: Office) -> None:
    code = office.dossier_at("at_local_decision")
    wrong = DecisionInput("  ", date(2025, 7, 26), "", frozenset({10_000}))
    assert refused_without_trace(office, decide, office, code, wrong) == [
        "decision_in_future",
        "input_missing",
        "input_missing",
        "nomination_not_open",
    ]
    long = DecisionInput("1" * 81, date(2025, 7, 25), "k" * 121)
    assert codes(decide, office, code, long) == ["input_too_long", "input_too_long"]


def test_a_number_means_one_decision_a_year(office: Office) -> None:
    decide(office, office.dossier_at("at_local_decision"))
    code = office.dossier_at("at_local_decision")
    (reason,) = reasons(decide, office, code, decision(day="2025-07-24"))
    assert (reason.code, reason.params["decided_on"]) == ("decision_number_taken", "2025-07-25")
    decide(office, code, decision(day="2024-12-31"))
    assert len(rows(office, "decision")) == 2


def test_another_signatory_under_one_number_is_told_what_stands_there(office: Office) -> None:
    decide(office, office.dossier_at("at_local_decision"))
    code = office.dossier_at("at_local_decision")
    other = DecisionInput("12/QĐ-UBND", date(2025, 7, 25), "Người ký Khác")
    (reason,) = reasons(decide, office, code, other)
    told = {"number": "12/QĐ-UBND", "decided_on": "2025-07-25", "signatory": "Người ký Mẫu"}
    assert (reason.code, reason.params) == ("decision_number_taken", told)


def test_a_body_is_itself_under_a_new_name_and_two_of_one_name_are_two(office: Office) -> None:
    decide(office, office.dossier_at("at_local_decision"))
    with office.database.write() as connection:
        units = TABLES["unit"]
        connection.execute(units.update().where(units.c.code == "huyen").values(name="Đơn vị mới"))
        connection.execute(units.update().where(units.c.code == "tinh").values(name="Đơn vị huyen"))
    decide(office, office.dossier_at("at_local_decision"))
    (kept,) = rows(office, "decision")
    assert kept["issued_by"] == "Đơn vị huyen"
    code = office.dossier_at("at_provincial_decision", "province")
    office.step(code, "decide", "province-chairman", "2025-09-20", decision=decision())
    assert [row["issued_by"] for row in rows(office, "decision")] == ["Đơn vị huyen", "Đơn vị huyen"]


def test_a_decision_is_not_older_than_the_dossier(office: Office) -> None:
    code = office.dossier_at("at_local_decision")
    early = decision(day="2024-09-09")
    (reason,) = reasons(decide, office, code, early)
    told = {"decided_on": "2024-09-09", "opened": "2024-09-10"}
    assert (reason.code, reason.params) == ("decision_before_opening", told)
    decide(office, code, decision(day="2024-09-10"))


def test_the_same_number_of_another_body_is_another_decision(office: Office) -> None:
    decide(office, office.dossier_at("at_local_decision"))
    code = office.dossier_at("at_provincial_decision", "province")
    office.step(code, "decide", "province-chairman", "2025-09-20", decision=decision(day="2025-07-24"))
    assert [row["issued_by"] for row in rows(office, "decision")] == ["Đơn vị huyen", "Đơn vị tinh"]


def test_a_reopened_dossier_is_judged_and_decided_anew(office: Office) -> None:
    code = office.dossier_at("decided")
    one, two = office.nominations(code)
    again = {"reason": WHY, "receipt": "H01.2025.0099"}
    version = office.step(code, "reopen", "reviewer", "2025-08-01", **again).version
    assert (office.row(code)["state"], outcomes(office, code)) == ("filed", ["open", "open"])
    assert standings(office) == ["reopened", "reopened"]
    ended = {o["desk"] for o in rows(office, "opinion") if o["ended_by"] == version}
    assert ended == {"interior_office", "local_council"}
    assert [row["decided_title"] for row in rows(office, "nomination")] == [None, None]
    _extend(office, "2025-08-31")
    found = codes(office.step, code, "appraise", "reviewer", "2025-08-02")
    assert found == ["opinion_missing", "opinion_missing"]
    office.step(code, "appraise", "reviewer", "2025-08-02", support_rest=True)
    against = (OpinionInput(two, "not_supported", reason=WHY),)
    office.step(
        code, "record_council", "council-secretary", "2025-08-03", opinions=against, support_rest=True
    )
    decide(office, code, decision("99/QĐ-UBND", "2025-08-04"), "2025-08-05")
    assert outcomes(office, code) == ["awarded", "stopped"]
    assert standings(office) == ["reopened", "reopened", "held"]
    held = rows(office, "award", standing="held")
    assert [row["nomination_id"] for row in held] == [one]
    assert broken_links(office.database) == []


def _extend(office: Office, until: str) -> None:
    what = ("th-mau-1", "2024-2025", "local-decision", date.fromisoformat(until), "Mở lại hồ sơ")
    extend_window(office.database, *what, office.call("chairman", "2025-08-01"))


def test_reopening_opens_what_a_council_had_stopped_but_not_what_was_struck(office: Office) -> None:
    code = office.open()
    one, two, _ = office.nominate(code, "teacher", "teacher-2", "principal")
    strike(office.database, code, [one], office.call("clerk", "2024-09-10"))
    office.papers(code, "submission_letter", "achievement_report", "council_minutes")
    office.walk(code, "at_local_council")
    against = (OpinionInput(two, "not_supported", reason=WHY),)
    office.step(
        code, "record_council", "council-secretary", "2025-07-18", opinions=against, support_rest=True
    )
    decide(office, code)
    assert outcomes(office, code) == ["struck", "stopped", "awarded"]
    office.step(code, "reopen", "reviewer", "2025-08-01", reason=WHY, receipt="H02")
    assert outcomes(office, code) == ["struck", "open", "open"]


def test_a_declined_dossier_is_reopened_and_then_decided(office: Office) -> None:
    code = office.dossier_at("at_provincial_decision", "province")
    office.step(code, "decline", "province-chairman", "2025-09-20", reason=WHY)
    assert codes(office.step, code, "reopen", "reviewer", "2025-09-21", reason=WHY) == ["duty_not_held"]
    office.step(code, "reopen", "province-appraiser", "2025-09-21", reason=WHY)
    assert office.row(code)["state"] == "at_province_desk"
    office.step(code, "appraise", "province-appraiser", "2025-09-22", support_rest=True)
    office.step(code, "record_council", "province-council", "2025-09-23", support_rest=True)
    office.step(code, "decide", "province-chairman", "2025-09-25", decision=decision("7/QĐ", "2025-09-25"))
    assert outcomes(office, code) == ["awarded", "awarded"]


def test_revoking_takes_the_titles_back_and_demands_money_and_items(office: Office) -> None:
    code = office.dossier_at("decided")
    made = decision("200/QĐ-UBND", "2026-01-10")
    what = {
        "reason": "Khai man thành tích",
        "decision": made,
        "recovery": RecoveryInput(3_000_000_000, " Bằng "),
    }
    office.step(code, "revoke", "chairman", "2026-01-12", **what)
    assert (office.row(code)["state_kind"], outcomes(office, code)) == ("revoked", ["revoked", "revoked"])
    assert standings(office) == ["revoked", "revoked"]
    (recovery,) = rows(office, "recovery")
    assert (recovery["money"], recovery["items"], recovery["settled_at"]) == (3_000_000_000, "Bằng", None)
    first, second = rows(office, "decision")
    row = office.row(code)
    assert (recovery["decision_id"], row["decision_id"], row["revocation_id"]) == (
        second["id"],
        first["id"],
        second["id"],
    )
    assert {row["decision_id"] for row in rows(office, "award")} == {first["id"]}
    assert last(office, code)["payload"]["titles_fallen"] == office.nominations(code)


def test_a_revoked_dossier_shows_both_decisions_and_its_history_too(office: Office) -> None:
    code = _revoked(office)
    with office.database.read() as connection:
        shown = show_dossier(connection, code, noon("2026-02-01"), "vi")
        told = dossier_history(connection, code, "vi")
    assert (shown["decision"]["number"], shown["revocation"]["number"]) == ("12/QĐ-UBND", "200/QĐ-UBND")
    numbers = [(e["event"], e["decision"]["number"]) for e in told if e["decision"]]
    assert numbers == [("decide", "12/QĐ-UBND"), ("revoke", "200/QĐ-UBND")]


def _revoked(office: Office) -> str:
    code = office.dossier_at("decided")
    made = decision("200/QĐ-UBND", "2026-01-10")
    what = {"reason": WHY, "decision": made, "recovery": RecoveryInput(702_000, "Bằng")}
    office.step(code, "revoke", "chairman", "2026-01-12", **what)
    return code


def _settle(office: Office, code: str, person: str, on: str, text: str = "Đã nộp đủ") -> Any:
    call = office.call(person, "2026-02-10")
    return settle_recovery(office.database, code, date.fromisoformat(on), text, call)


def test_what_a_revocation_demands_is_settled_once_by_the_office_that_decided(office: Office) -> None:
    code = _revoked(office)
    assert refused_without_trace(office, _settle, office, code, "clerk", "2026-02-11", " ") == [
        "duty_not_held",
        "input_missing",
        "settled_on_out_of_range",
    ]
    assert codes(_settle, office, code, "chairman", "2026-01-11") == ["settled_on_out_of_range"]
    receipt = _settle(office, code, "vice-chairman", "2026-02-05")
    assert (receipt.state, receipt.event) == ("revoked", "settle_recovery")
    (recovery,) = rows(office, "recovery")
    assert (recovery["settled_on"], recovery["settled_at"]) == (date(2026, 2, 5), noon("2026-02-10"))
    with office.database.read() as connection:
        (shown,) = show_dossier(connection, code, noon("2026-02-11"), "vi")["recoveries"]
        found = examine(connection, noon("2026-02-11"))
        assert [finding.code for finding in found if finding.severity == "fault"] == []
    assert (shown["settled_on"], shown["settlement"]) == ("2026-02-05", "Đã nộp đủ")
    assert codes(_settle, office, code, "chairman", "2026-02-05") == ["no_open_recovery"]
    assert last(office, code)["payload"]["recovered"] == [recovery["id"]]
    assert broken_links(office.database) == []


def test_each_levels_own_office_settles_what_it_revoked(office: Office) -> None:
    good = {"reason": WHY, "decision": decision("2/QĐ", "2026-01-10"), "recovery": RecoveryInput(1, "")}
    code = office.dossier_at("decided", "province")
    office.step(code, "revoke", "province-chairman", "2026-01-12", **good)
    assert codes(_settle, office, code, "chairman", "2026-02-05") == ["duty_not_held"]
    _settle(office, code, "province-chairman", "2026-02-05")


def test_all_that_is_wrong_with_a_revocation_is_said_at_once(office: Office) -> None:
    code = office.dossier_at("decided")
    wrong = {"decision": decision(day="2026-01-13"), "recovery": RecoveryInput(-1, "x" * 401)}
    assert refused_without_trace(office, office.step, code, "revoke", "chairman", "2026-01-12", **wrong) == [
        "decision_in_future",
        "input_missing",
        "input_too_long",
        "money_negative",
    ]
    assert codes(office.step, code, "revoke", "chairman", "2026-01-12") == ["input_missing"] * 3
    good = {"reason": WHY, "decision": decision("2/QĐ", "2026-01-10"), "recovery": RecoveryInput(0, "")}
    assert codes(office.step, code, "revoke", "province-chairman", "2026-01-12", **good) == ["duty_not_held"]


def test_whoever_decided_revokes_for_each_level(office: Office) -> None:
    good = {"reason": WHY, "decision": decision("2/QĐ", "2026-01-10"), "recovery": RecoveryInput(0, "")}
    for level, person in (("province", "province-chairman"), ("ministry", "ministry"), ("state", "state")):
        code = office.dossier_at("decided", level)
        assert "duty_not_held" in codes(office.step, code, "revoke", "chairman", "2026-01-12", **good)
        office.step(code, "revoke", person, "2026-01-12", **good)


def test_a_decision_that_leaves_everybody_out_gives_no_title(office: Office) -> None:
    code = office.dossier_at("at_local_decision")
    nobody = DecisionInput(
        "12/QĐ-UBND", date(2025, 7, 25), "Người ký Mẫu", frozenset(office.nominations(code))
    )
    decide(office, code, nobody)
    assert (outcomes(office, code), rows(office, "award")) == (["not_awarded", "not_awarded"], [])


def test_a_dry_run_of_a_decision_leaves_no_decision_behind(office: Office) -> None:
    code = office.dossier_at("at_local_decision")
    before = every_row(office.database)
    call = office.call("chairman", "2025-07-25")
    receipt = take_step(office.database, code, "decide", call, Inputs(decision=decision()), dry_run=True)
    assert (receipt.state, receipt.dry_run, every_row(office.database)) == ("decided", True, before)


def test_the_history_cites_a_decision_by_number_and_day_and_names_nobody(office: Office) -> None:
    code = office.dossier_at("decided")
    entry = history(office, code)[-1]["payload"]
    assert (entry["number"], entry["decided_on"], entry["from"]) == (
        "12/QĐ-UBND",
        "2025-07-25",
        "at_local_decision",
    )
    assert "Người ký Mẫu" not in str(history(office, code))
