"""Nobody decides at two desks declared apart, unless a chair says so, openly and never for themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from casework.duties import delegate
from casework.except_from_separation import except_from_separation
from casework.inputs import OpinionInput
from models.person import Duty
from tests.build import LONG_AGO, Office, decision
from tests.casework.telling import call_with, codes, last, opinion, reasons, refused_without_trace, rows

WHY = "Xã chỉ có một công chức"


def also(office: Office, person: str, unit: str, duty: str) -> None:
    """A second duty for somebody, as in a commune with few people."""
    held = {
        "person_id": office.people[person],
        "unit_id": office.units[unit],
        "duty": duty,
        "since": LONG_AGO,
    }
    with office.database.write() as connection:
        connection.execute(insert(Duty.__table__), held)


def allow(
    office: Office, code: str, person: str, desk: str, *, by: str = "council-chair", why: str = WHY
) -> Any:
    return except_from_separation(office.database, code, person, desk, why, office.call(by, "2025-07-05"))


def appraised_by(office: Office, person: str) -> str:
    """A dossier that somebody appraised at the education office and that now is filed."""
    code = office.dossier_at("at_education_office")
    office.step(code, "appraise", person, "2025-06-20", support_rest=True)
    office.step(code, "file", "clerk", "2025-07-02", receipt="H01")
    return code


@pytest.mark.parametrize(
    ("state", "event", "unit", "duty", "earlier"),
    [
        ("filed", "appraise", "pnv", "reviewer", "appraiser"),
        ("at_local_decision", "decide", "huyen", "vice_chairman", "appraiser"),
        ("at_local_decision", "decide", "huyen", "vice_chairman", "reviewer"),
        ("at_local_decision", "decline", "huyen", "vice_chairman", "reviewer"),
    ],
)
def test_who_decided_at_one_desk_does_not_decide_at_one_apart(
    office: Office, state: str, event: str, unit: str, duty: str, earlier: str
) -> None:
    also(office, earlier, unit, duty)
    code = office.dossier_at(state)
    given: dict[str, Any] = {"decision": decision()} if event == "decide" else {"reason": WHY}
    if event == "appraise":
        given = {"support_rest": True}
    (reason,) = reasons(office.step, code, event, earlier, "2025-07-25", **given)
    assert (reason.code, reason.params["person"]) == ("acted_at_desk_apart", office.people[earlier])


def test_desks_that_are_not_declared_apart_may_share_a_person(office: Office) -> None:
    also(office, "reviewer", "hoi-dong", "council_secretary")
    code = office.dossier_at("at_local_council")
    office.step(code, "record_council", "reviewer", "2025-07-18", support_rest=True)


def test_side_steps_are_no_decisions(office: Office) -> None:
    also(office, "appraiser", "pnv", "reviewer")
    code = appraised_by(office, "appraiser")
    office.step(code, "return", "appraiser", "2025-07-03", reason=WHY)


def test_it_counts_for_the_one_acted_for_as_well(office: Office) -> None:
    # The reviewer lends her duty to the appraiser: he has decided, and acting for her changes nothing.
    delegated = (office.database, "pnv", "reviewer", "appraiser", date(2025, 6, 1), date(2025, 7, 31))
    delegate(*delegated, office.call("reviewer", "2025-06-01"))
    code = appraised_by(office, "appraiser")
    found = codes(office.step, code, "appraise", "appraiser", "2025-07-10", support_rest=True)
    assert found == ["acted_at_desk_apart"]


def test_nobody_acts_for_someone_who_decided_at_a_desk_apart(office: Office) -> None:
    # The reviewer appraised at the education office; her duty of review, lent to another, is bound by that.
    also(office, "reviewer", "pgd", "appraiser")
    lent = (office.database, "pnv", "reviewer", "council-secretary", date(2025, 6, 1), date(2025, 7, 31))
    delegate(*lent, office.call("reviewer", "2025-06-01"))
    code = appraised_by(office, "reviewer")
    (reason,) = reasons(office.step, code, "appraise", "council-secretary", "2025-07-10", support_rest=True)
    assert (reason.code, reason.params["person"]) == ("acted_at_desk_apart", office.people["reviewer"])
    said = OpinionInput(office.nominations(code)[0])
    assert codes(opinion, office, code, "council-secretary", said, day="2025-07-10") == [
        "acted_at_desk_apart"
    ]


def test_who_was_acted_for_is_bound_like_who_acted(office: Office) -> None:
    # The office head appraised for the appraiser, who is also a reviewer: neither may review.
    also(office, "appraiser", "pnv", "reviewer")
    also(office, "office-head", "pnv", "reviewer")
    lent = (office.database, "pgd", "appraiser", "office-head", date(2025, 6, 1), date(2025, 7, 31))
    delegate(*lent, office.call("appraiser", "2025-06-01"))
    code = appraised_by(office, "office-head")
    for person in ("office-head", "appraiser"):
        found = codes(office.step, code, "appraise", person, "2025-07-10", support_rest=True)
        assert found == ["acted_at_desk_apart"], person
    office.step(code, "appraise", "reviewer", "2025-07-10", support_rest=True)


def test_a_chair_excepts_one_person_at_one_desk_of_one_dossier(office: Office) -> None:
    also(office, "appraiser", "pnv", "reviewer")
    code, other = appraised_by(office, "appraiser"), appraised_by(office, "appraiser")
    allow(office, code, "appraiser", "interior_office")
    entry = last(office, code)
    told = entry["payload"]
    assert (entry["event"], entry["actor_id"]) == ("except_from_separation", office.people["council-chair"])
    assert (told["desk"], told["person"]) == ("interior_office", office.people["appraiser"])
    assert rows(office, "note", id=told["reason"]["note"])[0]["text"] == WHY
    office.step(code, "appraise", "appraiser", "2025-07-10", support_rest=True)
    found = codes(office.step, other, "appraise", "appraiser", "2025-07-10", support_rest=True)
    assert found == ["acted_at_desk_apart"]


def test_an_exception_holds_for_its_desk_alone(office: Office) -> None:
    also(office, "appraiser", "pnv", "reviewer")
    also(office, "appraiser", "huyen", "vice_chairman")
    code = appraised_by(office, "appraiser")
    allow(office, code, "appraiser", "interior_office", by="chairman")
    office.step(code, "appraise", "appraiser", "2025-07-10", support_rest=True)
    office.step(code, "record_council", "council-secretary", "2025-07-18", support_rest=True)
    found = reasons(office.step, code, "decide", "appraiser", "2025-07-25", decision=decision())
    assert {r.params["other"] for r in found} == {"education_office", "interior_office"}


def test_only_a_chair_excepts_with_a_reason_and_never_themselves(office: Office) -> None:
    code = appraised_by(office, "appraiser")
    for person in ("clerk", "appraiser", "council-secretary", "vice-chairman", "admin"):
        assert codes(allow, office, code, "reviewer", "interior_office", by=person) == ["duty_not_held"]
    assert refused_without_trace(
        office, allow, office, code, "chairman", "no-desk", by="chairman", why=" "
    ) == [
        "input_missing",
        "not_for_oneself",
        "unknown_desk",
    ]
    assert codes(allow, office, code, "nobody", "interior_office") == ["unknown_person"]


def test_who_acts_for_a_chair_does_not_except_that_chair(office: Office) -> None:
    lent = (office.database, "huyen", "chairman", "vice-chairman", date(2025, 7, 1), date(2025, 7, 31))
    delegate(*lent, office.call("chairman", "2025-06-30"))
    code = appraised_by(office, "appraiser")
    found = codes(allow, office, code, "chairman", "local_decision", by="vice-chairman")
    assert found == ["not_for_oneself"]
    allow(office, code, "appraiser", "interior_office", by="vice-chairman")
    assert last(office, code)["on_behalf_of_id"] == office.people["chairman"]


def test_an_exception_asked_for_twice_is_one(office: Office) -> None:
    code = appraised_by(office, "appraiser")
    call = call_with(office, "chairman", "once", "2025-07-05")
    what = (office.database, code, "reviewer", "interior_office", WHY, call)
    assert [except_from_separation(*what).replayed, except_from_separation(*what).replayed] == [False, True]
    assert office.row(code)["exceptions"] == [["interior_office", office.people["reviewer"]]]
