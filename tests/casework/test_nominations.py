"""Putting people into a dossier and taking them out again."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import insert

from casework.nominate import NomineeInput, nominate, strike
from models.person import Employment
from tests.build import LONG_AGO, Office
from tests.casework.telling import (
    add,
    call_with,
    codes,
    every_row,
    last,
    outcomes,
    reasons,
    refused_without_trace,
    rows,
)


def take_out(office: Office, code: str, *nominations: int, person: str = "clerk", **options: Any) -> Any:
    return strike(office.database, code, nominations, office.call(person, "2024-09-11"), **options)


def test_people_and_the_school_itself_are_nominated_in_one_act(office: Office) -> None:
    code = office.open()
    receipt = add(
        office, code, NomineeInput("LDTT", "teacher"), NomineeInput("GK", "teacher"), NomineeInput("GK")
    )
    assert (receipt.version, receipt.state) == (2, "preparing")
    made = rows(office, "nomination")
    assert [(row["title"], row["person_id"]) for row in made] == [
        ("LDTT", office.people["teacher"]),
        ("GK", office.people["teacher"]),
        ("GK", None),
    ]
    assert all(not row["registered"] and not row["proposed"] and row["outcome"] == "open" for row in made)


def test_all_that_is_wrong_with_the_nominees_is_said_at_once(office: Office) -> None:
    code = office.open()
    wrong = [
        NomineeInput("LDTT", "nobody"),
        NomineeInput("LDTT", "nobody-else"),
        NomineeInput("NO-SUCH", "teacher"),
        NomineeInput("LDTT", "clerk-2"),
        NomineeInput("LDTT"),
        NomineeInput("CSTDT", "teacher"),
        NomineeInput("CSTDCS", "teacher"),
        NomineeInput("CSTDCS", "teacher"),
    ]
    assert refused_without_trace(office, add, office, code, *wrong) == [
        "nominated_twice",
        "not_employed_here",
        "title_for_other_subject",
        "title_of_other_level",
        "unknown_person",
        "unknown_person",
        "unknown_title",
    ]
    assert codes(add, office, code) == ["no_nomination"]


def test_who_works_elsewhere_on_the_day_is_not_nominated_here(office: Office) -> None:
    code = office.open()
    with office.database.write() as connection:
        spell = {"person_id": office.people["clerk-2"], "unit_id": office.units["th-mau-1"]}
        before, after = date(2024, 9, 9), date(2024, 9, 11)
        for dates in ({"since": LONG_AGO, "until": before}, {"since": after, "until": None}):
            connection.execute(insert(Employment.__table__), {**spell, **dates})
    assert codes(add, office, code, NomineeInput("LDTT", "clerk-2")) == ["not_employed_here"]
    add(office, code, NomineeInput("LDTT", "clerk-2"), day="2024-09-11")


def test_nobody_is_nominated_twice_for_one_title(office: Office) -> None:
    code = office.open()
    add(office, code, NomineeInput("GK", "teacher"), NomineeInput("GK"))
    (reason,) = reasons(add, office, code, NomineeInput("GK", "teacher"))
    assert (reason.code, reason.params["person"]) == ("nominated_twice", "teacher")
    assert codes(add, office, code, NomineeInput("GK")) == ["nominated_twice"]
    add(office, code, NomineeInput("GK", "teacher-2"))


def test_a_nomination_that_was_struck_may_be_made_again_and_stays_readable(office: Office) -> None:
    code = office.open()
    (first,) = office.nominate(code, "teacher")
    take_out(office, code, first)
    assert last(office, code)["payload"]["struck"] == [first]
    add(office, code, NomineeInput("LDTT", "teacher"))
    assert outcomes(office, code) == ["struck", "open"]


def test_what_is_not_there_or_struck_already_is_not_struck(office: Office) -> None:
    code, other = office.open(), office.open()
    (mine,) = office.nominate(code, "teacher")
    (strange,) = office.nominate(other, "teacher")
    take_out(office, code, mine)
    found = refused_without_trace(office, take_out, office, code, mine, strange, 10_000)
    assert found == ["nomination_not_open"] * 3
    assert codes(take_out, office, code) == ["no_nomination"]


def test_a_dossier_away_from_its_school_is_not_edited(office: Office) -> None:
    for state in ("at_bloc", "at_school_council", "ready", "at_education_office", "filed", "decided"):
        code = office.dossier_at(state)
        both = [*reasons(add, office, code, NomineeInput("GK", "teacher"))]
        both += reasons(take_out, office, code, office.nominations(code)[0])
        assert "not_editable_here" in {reason.code for reason in both[:1]}, state
        assert both[0].params["state"] == state


def test_only_those_who_prepare_it_edit_a_dossier(office: Office) -> None:
    code = office.open()
    (mine,) = office.nominate(code, "teacher")
    for person in ("teacher", "clerk-2", "appraiser", "chairman", "admin"):
        assert codes(take_out, office, code, mine, person=person) == ["duty_not_held"]
    take_out(office, code, mine, person="principal")


def test_a_title_rests_only_on_one_that_can_carry_it(office: Office) -> None:
    local, higher = office.open(), office.open("province")
    add(office, local, NomineeInput("CSTDCS", "teacher"), NomineeInput("LDTT", "teacher-2"))
    for wrong in (
        NomineeInput("CSTDT", "teacher-2", rests_on=local),
        NomineeInput("CSTDT", "teacher", rests_on="no-dossier"),
        NomineeInput("BKT-CD", "teacher", rests_on=local),
    ):
        # A commendation for a theme rests on a movement besides.
        besides = ["movement_missing"] if wrong.title == "BKT-CD" else []
        assert codes(add, office, higher, wrong) == ["foundation_not_found", *besides]
    add(office, higher, NomineeInput("CSTDT", "teacher", rests_on=local))
    assert rows(office, "nomination")[-1]["rests_on_id"] == rows(office, "nomination")[0]["id"]


def test_registering_and_handing_in_mark_what_stands_then(office: Office) -> None:
    code = office.open()
    _, second = office.nominate(code, "teacher", "teacher-2")
    take_out(office, code, second)
    office.step(code, "register", "clerk", "2024-10-15")
    add(office, code, NomineeInput("GK", "teacher"), day="2025-05-02")
    office.papers(code, "achievement_report")
    office.step(code, "hand_in", "clerk", "2025-05-05")
    marks = [(row["registered"], row["proposed"]) for row in rows(office, "nomination")]
    assert marks == [(True, True), (False, False), (False, True)]


def test_what_is_added_to_a_returned_dossier_is_proposed_when_it_is_handed_in_again(office: Office) -> None:
    code = office.dossier_at("at_bloc", "local", "teacher")
    office.step(code, "return", "bloc-head", "2025-05-20", reason="Thiếu một người")
    add(office, code, NomineeInput("GK", "teacher"))
    office.step(code, "resubmit", "clerk", "2025-05-21")
    assert [row["proposed"] for row in rows(office, "nomination")] == [True, True]


def test_nobody_is_added_behind_the_backs_of_the_desks_that_have_judged(office: Office) -> None:
    code = office.dossier_at("filed", "local", "teacher")
    office.step(code, "return", "reviewer", "2025-07-10", reason="Thiếu một người")
    late = NomineeInput("LDTT", "teacher-2")
    (reason,) = reasons(add, office, code, late, day="2025-07-11")
    told = {"desks": ["school_council", "education_office"], "desk": "interior_office"}
    assert (reason.code, reason.params) == ("judged_already", told)
    # Nor in the place of somebody taken out, whose opinions end with it.
    take_out(office, code, *office.nominations(code))
    assert codes(add, office, code, late, day="2025-07-11") == ["judged_already"]
    assert codes(office.step, code, "resubmit", "clerk", "2025-07-11") == ["no_nomination"]
    # A further dossier takes the same way from its beginning.
    add(office, office.open(), late)


def test_a_hold_or_a_withdrawal_while_returned_opens_no_way_round_either(office: Office) -> None:
    late = NomineeInput("GK", "teacher")
    for aside, back, person in (("hold", "release", "appraiser"), ("withdraw", "restore", "clerk")):
        code = office.dossier_at("at_education_office", "local", "teacher")
        office.step(code, "return", "appraiser", reason="Thiếu minh chứng")
        office.step(code, aside, person, reason="Một lý do")
        assert "not_editable_here" in codes(add, office, code, late)
        office.step(code, back, person, reason="Một lý do")
        assert codes(add, office, code, late) == ["judged_already"]


def test_the_same_request_nominates_once_and_its_key_does_nothing_else(office: Office) -> None:
    code = office.open()
    call = call_with(office, "clerk", "once", "2024-09-10")
    first = nominate(office.database, code, [NomineeInput("LDTT", "teacher")], call)
    before = every_row(office.database)
    again = nominate(office.database, code, [NomineeInput("LDTT", "teacher")], call)
    assert (again.version, again.hash, again.replayed) == (first.version, first.hash, True)
    assert codes(strike, office.database, code, office.nominations(code), call) == ["request_key_reused"]
    assert every_row(office.database) == before


def test_an_edit_on_an_old_version_is_told_who_was_there_before(office: Office) -> None:
    code = office.open()
    (mine,) = office.nominate(code, "teacher")
    (reason,) = reasons(take_out, office, code, mine, expected_version=1)
    seen = {name: reason.params[name] for name in ("seen", "now", "person", "event")}
    assert reason.code == "stale_version"
    assert seen == {"seen": 1, "now": 2, "person": office.people["clerk"], "event": "nominate"}
    take_out(office, code, mine, expected_version=2)


def test_a_dry_run_of_an_edit_writes_nothing(office: Office) -> None:
    code = office.open()
    (mine,) = office.nominate(code, "teacher")
    before = every_row(office.database)
    receipt = take_out(office, code, mine, dry_run=True)
    assert (receipt.dry_run, receipt.version, every_row(office.database)) == (True, 3, before)
    assert codes(take_out, office, code, 10_000, dry_run=True) == ["nomination_not_open"]
