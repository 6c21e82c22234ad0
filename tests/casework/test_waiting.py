"""A higher title that rests on one still pending waits for that dossier, and says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casework.inputs import DecisionInput, OpinionInput
from casework.nominate import NomineeInput, strike
from tests.build import Office, decision
from tests.casework.telling import add, codes, outcomes, reasons

PAPERS = ("submission_letter", "achievement_report", "council_minutes")


def two_dossiers(office: Office, *others: NomineeInput) -> tuple[str, str]:
    """One for this year's CSTDCS of the teacher, and one for CSTDT that rests on it, and others, at the province."""
    local, higher = office.open(), office.open("province")
    add(office, local, NomineeInput("CSTDCS", "teacher"), NomineeInput("LDTT", "teacher-2"))
    add(office, higher, NomineeInput("CSTDT", "teacher", rests_on=local), *others)
    for code in (local, higher):
        office.papers(code, *PAPERS)
    office.walk(higher, "at_province_desk")
    return local, higher


def appraise(office: Office, code: str) -> Any:
    return office.step(code, "appraise", "province-appraiser", "2025-08-10", support_rest=True)


def test_it_waits_names_the_dossier_and_goes_on_once_that_is_decided(office: Office) -> None:
    local, higher = two_dossiers(office)
    (reason,) = reasons(appraise, office, higher)
    assert (reason.code, reason.params["dossier"]) == ("waits_for_dossier", local)
    office.walk(local, "at_local_decision")
    assert codes(appraise, office, higher) == ["waits_for_dossier"]
    office.step(local, "decide", "chairman", "2025-07-25", decision=decision())
    appraise(office, higher)


def test_it_fails_when_the_decision_leaves_the_person_out(office: Office) -> None:
    local, higher = two_dossiers(office)
    office.walk(local, "at_local_decision")
    out = frozenset({office.nominations(local)[0]})
    made = DecisionInput("12/QĐ-UBND", decision().decided_on, "Người ký Mẫu", out)
    office.step(local, "decide", "chairman", "2025-07-25", decision=made)
    (reason,) = reasons(appraise, office, higher)
    assert (reason.code, reason.params["dossier"]) == ("foundation_failed", local)


def test_a_lower_title_than_the_one_hoped_for_is_nothing_to_rest_on(office: Office) -> None:
    local, higher = two_dossiers(office)
    office.walk(local, "at_local_council")
    lowered = OpinionInput(office.nominations(local)[0], "lower_title", "LDTT", "Chưa đủ sáng kiến")
    office.step(
        local, "record_council", "council-secretary", "2025-07-18", opinions=(lowered,), support_rest=True
    )
    assert codes(appraise, office, higher) == ["waits_for_dossier"]
    office.step(local, "decide", "chairman", "2025-07-25", decision=decision())
    assert codes(appraise, office, higher) == ["foundation_failed"]


@pytest.mark.parametrize("end", ["decline", "withdraw", "lapse", "stop"])
def test_it_fails_when_the_other_dossier_ends_without_the_title(office: Office, end: str) -> None:
    local, higher = two_dossiers(office)
    office.walk(
        local,
        {"decline": "at_local_decision", "withdraw": "ready", "lapse": "ready", "stop": "at_local_council"}[
            end
        ],
    )
    if end == "stop":
        against = OpinionInput(office.nominations(local)[0], "not_supported", reason="Không")
        office.step(
            local, "record_council", "council-secretary", "2025-07-18", opinions=(against,), support_rest=True
        )
    else:
        who = {"decline": "chairman", "withdraw": "clerk", "lapse": None}[end]
        office.step(local, end, who, "2025-07-25", reason=None if end == "lapse" else "Một lý do")
    assert codes(appraise, office, higher) == ["foundation_failed"]


def test_a_dossier_that_comes_back_is_waited_for_again(office: Office) -> None:
    local, higher = two_dossiers(office)
    office.walk(local, "decided")
    office.step(local, "reopen", "reviewer", "2025-08-01", reason="Khiếu nại", receipt="H02")
    assert codes(appraise, office, higher) == ["waits_for_dossier"]
    office.step(local, "withdraw", "clerk", "2025-08-02", reason="Trường rút")
    assert codes(appraise, office, higher) == ["foundation_failed"]
    office.step(local, "restore", "clerk", "2025-08-03", reason="Trường nộp lại")
    assert codes(appraise, office, higher) == ["waits_for_dossier"]


def test_the_desk_that_decides_waits_too(office: Office) -> None:
    local, higher = two_dossiers(office)
    office.walk(local, "decided")
    appraise(office, higher)
    office.step(higher, "record_council", "province-council", "2025-09-10", support_rest=True)
    office.step(local, "reopen", "reviewer", "2025-09-12", reason="Khiếu nại", receipt="H02")
    made = {"decision": decision("1500/QĐ-UBND", "2025-09-20")}
    (reason,) = reasons(office.step, higher, "decide", "province-chairman", "2025-09-20", **made)
    assert (reason.code, reason.params["dossier"]) == ("waits_for_dossier", local)
    # Leaving it out of the decision is a way on for the others.
    out = DecisionInput(
        "1500/QĐ-UBND", date(2025, 9, 20), "Người ký Mẫu", frozenset(office.nominations(higher))
    )
    office.step(higher, "decide", "province-chairman", "2025-09-20", decision=out)
    assert outcomes(office, higher) == ["not_awarded"]


def test_a_nomination_that_the_desk_does_not_support_waits_for_nothing(office: Office) -> None:
    local, higher = two_dossiers(office)
    office.walk(local, "at_local_decision")
    office.step(local, "decline", "chairman", "2025-07-25", reason="Không")
    assert codes(appraise, office, higher) == ["foundation_failed"]
    against = OpinionInput(office.nominations(higher)[0], "not_supported", reason="Không đạt danh hiệu cơ sở")
    office.step(higher, "appraise", "province-appraiser", "2025-08-10", opinions=(against,))
    assert office.row(higher)["state"] == "at_provincial_council"


def test_a_failed_nomination_holds_nobody_else_once_it_is_struck(office: Office) -> None:
    local, higher = two_dossiers(office, NomineeInput("BKT-TX", "teacher-2"))
    office.walk(local, "at_local_decision")
    office.step(local, "decline", "chairman", "2025-07-25", reason="Không")
    office.step(
        higher, "return", "province-appraiser", "2025-08-01", reason="Danh hiệu cơ sở không được công nhận"
    )
    failed = office.nominations(higher)[:1]
    strike(office.database, higher, failed, office.call("clerk", "2025-08-02"))
    office.step(higher, "resubmit", "clerk", "2025-08-03")
    appraise(office, higher)
