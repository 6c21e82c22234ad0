"""Off the main way and back: returned, withdrawn, on hold, lapsed, declined, and what the row remembers of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from casework.duties import delegate
from casework.inputs import OpinionInput, RecoveryInput, ScoreInput, SubmissionInput
from casework.nominate import NomineeInput, strike
from models.person import Employment
from tests.build import Office, decision, main_way, noon
from tests.casework.telling import (
    TABLES,
    add,
    broken_links,
    codes,
    history,
    last,
    opinion,
    outcomes,
    reasons,
    refused_without_trace,
    rows,
)

WHY = "Một lý do"
# Every window of the calendar has passed.
AFTER_ALL = "2025-08-15"
ORIGINS = ("returned_from", "held_from", "withdrawn_from", "lapsed_from")


def origins(office: Office, code: str) -> dict[str, str]:
    """From where the dossier was set aside, as its row remembers it."""
    row = office.row(code)
    return {name: row[name] for name in ORIGINS if row[name] is not None}


def test_every_step_of_every_way_leaves_its_mark(office: Office) -> None:
    for level in ("local", "state"):
        code = office.dossier_at("decided", level)
        entries = history(office, code)
        way = ["open", "nominate", *(event for event, *_ in main_way(level))]
        assert [entry["event"] for entry in entries] == way
        steps = [entry["payload"] for entry in entries if "to" in entry["payload"]][1:]
        assert [later["from"] for later in steps[1:]] == [earlier["to"] for earlier in steps[:-1]]
        assert office.row(code)["version"] == len(entries)
    assert broken_links(office.database) == []


def test_a_returned_dossier_goes_back_to_the_desk_that_returned_it(office: Office) -> None:
    for state, person, level in (
        ("at_bloc", "bloc-head", "local"),
        ("at_education_office", "appraiser", "local"),
        ("filed", "reviewer", "local"),
        ("at_province_desk", "province-appraiser", "state"),
        ("at_ministry_branch", "ministry-branch", "ministry"),
    ):
        code = office.dossier_at(state, level)
        assert codes(office.step, code, "return", person) == ["input_missing"]
        office.step(code, "return", person, reason=WHY)
        assert (office.row(code)["state_kind"], origins(office, code)) == (
            "returned",
            {"returned_from": state},
        )
        assert office.step(code, "resubmit", "clerk").state == state
        assert origins(office, code) == {}


def test_an_emptied_dossier_is_not_handed_in_again(office: Office) -> None:
    code = office.dossier_at("at_bloc", "local", "teacher")
    office.step(code, "return", "bloc-head", reason=WHY)
    strike(office.database, code, office.nominations(code), office.call("clerk"))
    assert codes(office.step, code, "resubmit", "clerk") == ["no_nomination"]
    add(office, code, NomineeInput("LDTT", "teacher"), day="2025-06-10")
    office.step(code, "resubmit", "clerk")


def test_a_hold_within_a_return_remembers_both(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    office.step(code, "return", "appraiser", reason=WHY)
    office.step(code, "hold", "appraiser", reason=WHY)
    assert origins(office, code) == {"returned_from": "at_education_office", "held_from": "returned"}
    assert office.step(code, "release", "appraiser", reason=WHY).state == "returned"
    assert office.step(code, "resubmit", "clerk").state == "at_education_office"


def test_a_dossier_is_withdrawn_from_every_kind_of_state_and_restored_to_it(office: Office) -> None:
    for state in (
        "preparing",
        "registered",
        "at_bloc",
        "completing",
        "at_education_office",
        "filed",
        "at_local_decision",
    ):
        code = office.dossier_at(state)
        assert refused_without_trace(office, office.step, code, "withdraw", "appraiser", reason=WHY) == [
            "duty_not_held"
        ]
        office.step(code, "withdraw", "principal", reason=WHY)
        assert (office.row(code)["desk"], origins(office, code)) == ("school", {"withdrawn_from": state})
        assert codes(office.step, code, "restore", "clerk") == ["input_missing"]
        assert office.step(code, "restore", "clerk", reason=WHY).state == state


def test_a_dossier_withdrawn_while_returned_still_knows_who_returned_it(office: Office) -> None:
    code = office.dossier_at("filed")
    office.step(code, "return", "reviewer", reason=WHY)
    office.step(code, "withdraw", "clerk", reason=WHY)
    assert origins(office, code) == {"returned_from": "filed", "withdrawn_from": "returned"}
    office.step(code, "restore", "clerk", reason=WHY)
    assert office.step(code, "resubmit", "clerk").state == "filed"


def test_what_rests_for_good_is_not_withdrawn_held_or_returned(office: Office) -> None:
    code = office.dossier_at("decided")
    for event in (
        "withdraw",
        "hold",
        "return",
        "restore",
        "release",
        "resubmit",
        "lapse",
        "revive",
        "decide",
    ):
        (reason,) = reasons(office.step, code, event, "clerk", reason=WHY)
        assert (reason.code, reason.params["state"]) == ("step_not_here", "decided"), event
        assert reason.params["possible"] == ["reopen", "revoke"]


def test_the_stages_own_authority_puts_a_dossier_on_hold_and_releases_it(office: Office) -> None:
    for state, level, authority in (
        ("at_bloc", "local", "appraiser"),
        ("filed", "local", "reviewer"),
        ("at_party_opinion", "state", "province-appraiser"),
        ("with_ministry", "ministry", "ministry-branch"),
    ):
        code = office.dossier_at(state, level)
        assert codes(office.step, code, "hold", authority) == ["input_missing"]
        assert codes(office.step, code, "hold", "clerk", reason=WHY) == ["duty_not_held", "own_school"]
        office.step(code, "hold", authority, reason=WHY)
        assert origins(office, code) == {"held_from": state}
        assert codes(office.step, code, "hold", authority, reason=WHY) == ["step_not_here"]
        assert codes(office.step, code, "release", "clerk", reason=WHY) == ["duty_not_held", "own_school"]
        assert codes(office.step, code, "release", authority) == ["input_missing"]
        assert office.step(code, "release", authority, reason=WHY).state == state


def test_who_is_concerned_neither_holds_nor_releases_a_dossier_and_a_colleague_does(office: Office) -> None:
    # The appraiser worked at the school until May, was nominated there, and has since moved to the office.
    spell = {"person_id": office.people["appraiser"], "unit_id": office.units["th-mau-1"]}
    with office.database.write() as connection:
        dates = {"since": date(2020, 1, 1), "until": date(2025, 5, 31)}
        connection.execute(insert(Employment.__table__), {**spell, **dates})
    code = office.dossier_at("at_education_office", "local", "appraiser", "teacher")
    own = office.nominations(code)[0]
    (reason,) = reasons(office.step, code, "hold", "appraiser", reason=WHY)
    assert (reason.code, reason.params["nomination"]) == ("own_nomination", own)
    # A colleague's opinion is no leave to hold: only to pass the dossier on.
    opinion(office, code, "appraiser-2", OpinionInput(own))
    assert codes(office.step, code, "hold", "appraiser", reason=WHY) == ["own_nomination"]
    office.step(code, "hold", "appraiser-2", reason=WHY)
    assert codes(office.step, code, "release", "appraiser", reason=WHY) == ["own_nomination"]
    # Nor on behalf of the nominee.
    span = (date(2025, 6, 1), date(2025, 6, 30))
    delegate(office.database, "pgd", "appraiser", "admin", *span, office.call("appraiser", "2025-06-01"))
    assert codes(office.step, code, "release", "admin", reason=WHY) == ["own_nomination"]
    office.step(code, "release", "appraiser-2", reason=WHY)


def test_only_the_calendar_lets_a_dossier_lapse_and_an_office_revives_it(office: Office) -> None:
    for state in ("preparing", "registered", "completing", "ready", "to_file"):
        code = office.dossier_at(state)
        for person in ("clerk", "appraiser", "admin"):
            assert codes(office.step, code, "lapse", person, AFTER_ALL) == ["only_the_calendar"]
        office.step(code, "lapse", None, AFTER_ALL)
        assert (last(office, code)["actor_id"], origins(office, code)) == (None, {"lapsed_from": state})
        assert codes(office.step, code, "revive", None, reason=WHY) == ["duty_not_held"]
        assert office.step(code, "revive", "appraiser", reason=WHY).state == state


def test_nothing_lapses_before_its_window_has_passed(office: Office) -> None:
    code = office.dossier_at("completing")
    assert codes(office.step, code, "lapse", None, "2025-06-30") == ["deadline_not_missed"]
    assert office.step(code, "lapse", None, "2025-07-01").state == "lapsed"


def test_what_a_desk_holds_does_not_lapse(office: Office) -> None:
    for state in (
        "at_bloc",
        "at_school_council",
        "at_education_office",
        "filed",
        "at_local_decision",
        "decided",
    ):
        assert codes(office.step, office.dossier_at(state), "lapse", None) == ["step_not_here"]


def test_a_lapsed_return_goes_back_the_whole_way(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    office.step(code, "return", "appraiser", reason=WHY)
    office.step(code, "lapse", None, AFTER_ALL)
    assert origins(office, code) == {"returned_from": "at_education_office", "lapsed_from": "returned"}
    office.step(code, "revive", "appraiser", reason=WHY)
    office.step(code, "resubmit", "clerk")
    assert origins(office, code) == {}


def test_declining_awards_nothing_and_may_be_reopened(office: Office) -> None:
    for state, person, level in (
        ("at_local_decision", "chairman", "local"),
        ("at_provincial_decision", "province-chairman", "province"),
        ("with_ministry", "ministry", "ministry"),
        ("with_state", "state", "state"),
    ):
        code = office.dossier_at(state, level)
        assert codes(office.step, code, "decline", person) == ["input_missing"]
        office.step(code, "decline", person, reason=WHY)
        assert set(outcomes(office, code)) == {"not_awarded"}
    assert rows(office, "award") == []


def test_a_forwarded_dossier_carries_its_letter_and_waits_for_a_result(office: Office) -> None:
    code = office.dossier_at("at_ministry_branch", "ministry")
    step = ("forward", "ministry-branch", "2025-08-20")
    assert codes(office.step, code, *step, support_rest=True) == ["input_missing"]
    blank = SubmissionInput("   ", date(2025, 8, 20))
    assert codes(office.step, code, *step, support_rest=True, submission=blank) == ["input_missing"]
    long = SubmissionInput("45" * 41, date(2025, 8, 20))
    assert refused_without_trace(office, office.step, code, *step, support_rest=True, submission=long) == [
        "input_too_long"
    ]
    office.step(code, *step, support_rest=True, submission=SubmissionInput("45/TTr", date(2025, 8, 20)))
    row = office.row(code)
    assert (row["state_kind"], row["submission_number"], row["submitted_on"]) == (
        "forwarded",
        "45/TTr",
        date(2025, 8, 20),
    )
    made = decision("3001/QĐ-BGDĐT", "2025-11-18")
    found = codes(office.step, code, "record_result", "ministry-branch", "2025-11-20", decision=made)
    assert found == ["duty_not_held"]
    office.step(code, "record_result", "ministry", "2025-11-20", decision=made)
    assert outcomes(office, code) == ["awarded", "awarded"]


def test_a_receipt_of_blanks_is_no_receipt(office: Office) -> None:
    code = office.dossier_at("to_file")
    for receipt in (None, "", "  \t"):
        assert codes(office.step, code, "file", "clerk", "2025-07-02", receipt=receipt) == ["input_missing"]
    assert codes(office.step, code, "file", "clerk", "2025-07-02", receipt="9" * 81) == ["input_too_long"]
    office.step(code, "file", "clerk", "2025-07-02", receipt=" H01 ")
    assert office.row(code)["receipt_number"] == "H01"


def test_all_that_stands_against_a_step_is_said_at_once(office: Office) -> None:
    code = office.open()
    office.nominate(code, "teacher")
    office.walk(code, "registered")
    # Wrong person, papers missing, too early.
    assert refused_without_trace(office, office.step, code, "hand_in", "appraiser", "2025-04-30") == [
        "duty_not_held",
        "paper_missing",
        "window_not_open_yet",
    ]
    ready = office.dossier_at("at_local_decision")
    nothing: dict[str, Any] = {"recovery": RecoveryInput(-1, "")}
    assert codes(office.step, ready, "decide", "clerk", "2025-07-25", **nothing) == [
        "duty_not_held",
        "input_missing",
        "input_not_for_step",
        "own_school",
    ]


def test_an_unknown_dossier_or_event_is_named(office: Office) -> None:
    (reason,) = reasons(office.step, "no-such-dossier", "register", "clerk")
    assert (reason.code, reason.params["dossier"]) == ("unknown_dossier", "no-such-dossier")
    (reason,) = reasons(office.step, office.open(), "explode", "clerk")
    assert (reason.code, reason.params["event"]) == ("step_not_here", "explode")


def test_the_score_is_recorded_once_for_the_year(office: Office) -> None:
    def record(code: str, points: str, rank: int) -> Any:
        return office.step(
            code, "record_score", "bloc-head", "2025-05-20", score=ScoreInput(Decimal(points), rank)
        )

    first, second = office.dossier_at("at_bloc"), office.dossier_at("at_bloc", "state")
    for points, rank, wrong in (
        ("-0.01", 1, ["score_out_of_range"]),
        ("1000.01", 0, ["rank_out_of_range", "score_out_of_range"]),
        ("912.505", 10**30, ["rank_out_of_range", "score_out_of_range"]),
        ("NaN", 1, ["score_out_of_range"]),
        ("Infinity", 1, ["score_out_of_range"]),
    ):
        assert refused_without_trace(office, record, first, points, rank) == wrong, points
    record(first, "912.50", 1)
    (reason,) = reasons(record, second, "912.40", 1)
    assert (reason.code, reason.params["rank"]) == ("score_differs", 1)
    assert codes(record, second, "912.5", 2) == ["score_differs"]
    record(second, "912.5", 1)
    assert len(rows(office, "bloc_score")) == 1


def test_a_score_that_another_bloc_recorded_is_not_recorded_anew(office: Office) -> None:
    code = office.dossier_at("at_bloc")
    earlier = {
        "school_id": office.units["th-mau-1"],
        "bloc_id": office.units["huyen"],
        "school_year": "2024-2025",
    }
    with office.database.write() as connection:
        made = {"score": Decimal("900.00"), "rank": 2, "recorded_by_id": 1, "recorded_at": noon("2025-05-01")}
        connection.execute(TABLES["bloc_score"].insert(), {**earlier, **made})
    score = ScoreInput(Decimal("912.50"), 1)
    assert codes(office.step, code, "record_score", "bloc-head", "2025-05-20", score=score) == [
        "score_differs"
    ]
