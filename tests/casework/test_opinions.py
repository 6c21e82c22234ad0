"""What desks say of nominations: who may, what they must say, what it makes of each nomination."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import insert, update

from casework.bulk import take_steps
from casework.duties import delegate
from casework.give_opinion import give_opinion
from casework.inputs import OpinionInput, ScoreInput
from casework.nominate import NomineeInput, nominate
from casework.publish import publish
from models.person import Duty, Employment
from tests.build import LONG_AGO, ROOT, Office, decision, main_way
from tests.casework.telling import (
    TABLES,
    add,
    call_with,
    codes,
    every_row,
    history,
    last,
    opinion,
    outcomes,
    reasons,
    refused_without_trace,
    rows,
)

NO = "Chưa đủ minh chứng"


def against(nomination: int, why: str | None = NO) -> OpinionInput:
    return OpinionInput(nomination, "not_supported", reason=why)


def lower(nomination: int, title: str | None = "LDTT", why: str | None = NO) -> OpinionInput:
    return OpinionInput(nomination, "lower_title", lower_title=title, reason=why)


def fighters_at(office: Office, state: str) -> tuple[str, list[int]]:
    """A dossier of two nominations for CSTDCS, whose lower title is LDTT."""
    code = office.open()
    ids = office.nominate(code, "teacher", "teacher-2", title="CSTDCS")
    office.papers(code, "submission_letter", "achievement_report", "council_minutes")
    office.walk(code, state)
    return code, ids


def test_an_opinion_is_kept_with_who_gave_it_and_its_reason_stays_out_of_the_chain(office: Office) -> None:
    code, (one, two) = fighters_at(office, "at_education_office")
    receipt = opinion(office, code, "appraiser", OpinionInput(one), lower(two))
    kept = rows(office, "opinion", desk="education_office")
    assert [(o["verdict"], o["lower_title"], o["person_id"]) for o in kept] == [
        ("supported", None, office.people["appraiser"]),
        ("lower_title", "LDTT", office.people["appraiser"]),
    ]
    assert rows(office, "note", id=kept[1]["note_id"])[0]["text"] == NO
    assert receipt.state == "at_education_office"
    assert last(office, code)["payload"]["desk"] == "education_office"
    assert NO not in str(history(office, code))


def test_all_that_is_wrong_with_opinions_is_said_at_once(office: Office) -> None:
    code, (one, two) = fighters_at(office, "at_education_office")
    wrong = [
        against(one, "  "),
        lower(two, "GK"),
        OpinionInput(one, "perhaps"),
        OpinionInput(two, lower_title="LDTT", votes_for=3, members=2),
        OpinionInput(10_000),
    ]
    assert refused_without_trace(office, opinion, office, code, "appraiser", *wrong) == [
        "lower_title_without_verdict",
        "nomination_not_open",
        "not_a_lower_title",
        "opinion_needs_reason",
        "opinion_twice",
        "opinion_twice",
        "unknown_verdict",
        "votes_do_not_fit",
    ]
    assert codes(opinion, office, code, "appraiser") == ["input_missing"]


def test_one_nomination_is_judged_once_in_one_act(office: Office) -> None:
    code, (one, _) = fighters_at(office, "at_education_office")
    twice = (OpinionInput(one), against(one))
    assert codes(opinion, office, code, "appraiser", *twice) == ["opinion_twice"]
    found = codes(office.step, code, "appraise", "appraiser", support_rest=True, opinions=twice)
    assert found == ["opinion_twice"]


def test_votes_are_those_for_out_of_all_members(office: Office) -> None:
    code, (one, two) = fighters_at(office, "at_school_council")
    for votes, members in ((3, None), (None, 3), (-1, 3), (4, 3), (0, 0)):
        wrong = OpinionInput(one, votes_for=votes, members=members)
        assert codes(opinion, office, code, "school-council", wrong) == ["votes_do_not_fit"]
    opinion(office, code, "school-council", OpinionInput(one, votes_for=9, members=9), OpinionInput(two))
    assert [(o["votes_for"], o["members"]) for o in rows(office, "opinion")] == [(9, 9), (None, None)]


def test_a_desk_may_think_again_and_the_earlier_opinion_stays_readable(office: Office) -> None:
    code, (one, two) = fighters_at(office, "at_education_office")
    opinion(office, code, "appraiser", against(one), OpinionInput(two))
    version = opinion(office, code, "appraiser-2", OpinionInput(one)).version
    kept = [
        (o["verdict"], o["ended_by"])
        for o in rows(office, "opinion", nomination_id=one, desk="education_office")
    ]
    assert kept == [("not_supported", version), ("supported", None)]
    office.step(code, "appraise", "appraiser")
    assert [row["appraised_title"] for row in rows(office, "nomination")] == ["CSTDCS", "CSTDCS"]


def test_opinions_are_given_at_the_desk_that_judges_now(office: Office) -> None:
    code, (one, _) = fighters_at(office, "at_education_office")
    assert codes(opinion, office, code, "reviewer", OpinionInput(one)) == ["duty_not_held"]
    assert codes(opinion, office, code, "chairman", OpinionInput(one)) == ["duty_not_held"]
    for state in ("preparing", "at_bloc", "to_file", "at_local_decision", "decided"):
        elsewhere, (nomination, _) = fighters_at(office, state)
        assert "opinions_not_here" in codes(opinion, office, elsewhere, "clerk", OpinionInput(nomination)), (
            state
        )


def test_an_act_that_judges_nothing_takes_no_opinions(office: Office) -> None:
    code, (one, _) = fighters_at(office, "at_local_decision")
    given = {"decision": decision(), "opinions": (OpinionInput(one),)}
    assert codes(office.step, code, "decide", "chairman", "2025-07-25", **given) == ["opinions_not_here"]


def test_nothing_goes_on_before_every_nomination_is_judged(office: Office) -> None:
    code, (one, two) = fighters_at(office, "at_education_office")
    missing = reasons(office.step, code, "appraise", "appraiser")
    assert [(r.code, r.params["nomination"]) for r in missing] == [
        ("opinion_missing", one),
        ("opinion_missing", two),
    ]
    (left,) = reasons(office.step, code, "appraise", "appraiser", opinions=(against(one),))
    assert left.params["nomination"] == two
    office.step(code, "appraise", "appraiser", opinions=(against(one),), support_rest=True)
    assert [row["appraised_title"] for row in rows(office, "nomination")] == [None, "CSTDCS"]


def test_supporting_the_rest_leaves_what_was_judged_as_it_is(office: Office) -> None:
    code, (one, two) = fighters_at(office, "at_education_office")
    opinion(office, code, "appraiser", lower(one))
    office.step(code, "appraise", "appraiser", support_rest=True)
    standing = [o for o in rows(office, "opinion", desk="education_office") if o["ended_by"] is None]
    assert [(o["nomination_id"], o["verdict"]) for o in standing] == [
        (one, "lower_title"),
        (two, "supported"),
    ]
    assert [row["appraised_title"] for row in rows(office, "nomination")] == ["LDTT", "CSTDCS"]


def test_a_council_that_does_not_support_a_nomination_ends_its_way_there(office: Office) -> None:
    code, (one, _) = fighters_at(office, "at_local_council")
    office.step(
        code, "record_council", "council-secretary", "2025-07-18", opinions=(against(one),), support_rest=True
    )
    assert outcomes(office, code) == ["stopped", "open"]
    assert last(office, code)["payload"]["stopped"] == [one]
    office.step(code, "decide", "chairman", "2025-07-25", decision=decision())
    assert outcomes(office, code) == ["stopped", "awarded"]


def test_a_dossier_whose_council_supports_nothing_can_only_be_declined(office: Office) -> None:
    code, (one, two) = fighters_at(office, "at_local_council")
    both = (against(one), against(two))
    office.step(code, "record_council", "council-secretary", "2025-07-18", opinions=both)
    found = codes(office.step, code, "decide", "chairman", "2025-07-25", decision=decision())
    assert found == ["no_nomination"]
    office.step(code, "decline", "chairman", "2025-07-25", reason="Hội đồng không thông qua")
    assert outcomes(office, code) == ["stopped", "stopped"]
    assert rows(office, "award") == [] == rows(office, "decision")


@pytest.mark.parametrize(
    ("appraiser", "reviewer", "council", "decided"),
    [
        ("supported", "supported", "supported", "CSTDCS"),
        ("lower_title", "supported", "supported", "LDTT"),
        ("supported", "lower_title", "supported", "LDTT"),
        ("supported", "not_supported", "supported", "CSTDCS"),
        ("supported", "supported", "lower_title", "LDTT"),
    ],
)
def test_the_decision_follows_the_last_desk_that_judged(
    office: Office, appraiser: str, reviewer: str, council: str, decided: str
) -> None:
    code, (one, _) = fighters_at(office, "at_education_office")

    def said(verdict: str) -> tuple[OpinionInput, ...]:
        return ({"supported": OpinionInput, "lower_title": lower, "not_supported": against}[verdict](one),)

    office.step(code, "appraise", "appraiser", opinions=said(appraiser), support_rest=True)
    office.step(code, "file", "clerk", "2025-07-02", receipt="H01")
    office.step(code, "appraise", "reviewer", "2025-07-10", opinions=said(reviewer), support_rest=True)
    office.step(
        code, "record_council", "council-secretary", "2025-07-18", opinions=said(council), support_rest=True
    )
    office.step(code, "decide", "chairman", "2025-07-25", decision=decision())
    assert [row["decided_title"] for row in rows(office, "nomination")] == [decided, "CSTDCS"]
    assert [row["title"] for row in rows(office, "award")] == [decided, "CSTDCS"]


def employ(office: Office, person: str, unit: str, until: date | None = None) -> None:
    spell = {
        "person_id": office.people[person],
        "unit_id": office.units[unit],
        "since": LONG_AGO,
        "until": until,
    }
    with office.database.write() as connection:
        connection.execute(insert(Employment.__table__), spell)


def test_nobody_judges_their_own_nomination_and_a_colleague_does(office: Office) -> None:
    # The appraiser worked at the school until May, was nominated there, and has since moved to the office.
    employ(office, "appraiser", "th-mau-1", date(2025, 5, 31))
    code = office.open()
    own, other = office.nominate(code, "appraiser", "teacher")
    office.papers(code, "submission_letter", "achievement_report", "council_minutes")
    office.walk(code, "at_education_office")
    (reason,) = reasons(opinion, office, code, "appraiser", OpinionInput(own), OpinionInput(other))
    assert (reason.code, reason.params["nomination"]) == ("own_nomination", own)
    opinion(office, code, "appraiser", OpinionInput(other))
    opinion(office, code, "appraiser-2", OpinionInput(own))
    office.step(code, "appraise", "appraiser-2")
    assert office.row(code)["state"] == "to_file"


def test_supporting_the_rest_never_supports_oneself(office: Office) -> None:
    employ(office, "appraiser", "th-mau-1", date(2025, 5, 31))
    code = office.open()
    own, _ = office.nominate(code, "appraiser", "teacher")
    office.papers(code, "submission_letter", "achievement_report", "council_minutes")
    office.walk(code, "ready")
    office.step(code, "hand_in", "clerk", "2025-06-05")
    found = reasons(office.step, code, "appraise", "appraiser", support_rest=True)
    assert {(r.code, r.params["nomination"]) for r in found} == {
        ("opinion_missing", own),
        ("own_nomination", own),
    }


def test_nobody_judges_a_nomination_of_the_school_that_employs_them(office: Office) -> None:
    employ(office, "appraiser", "th-mau-1")
    code, (one, two) = fighters_at(office, "ready")
    office.step(code, "hand_in", "clerk", "2025-06-05")
    found = reasons(opinion, office, code, "appraiser", OpinionInput(one), OpinionInput(two))
    assert [(r.code, r.params["nomination"]) for r in found] == [
        ("own_nomination", one),
        ("own_nomination", two),
    ]
    assert "own_school" in codes(office.step, code, "appraise", "appraiser", support_rest=True)
    opinion(office, code, "appraiser-2", OpinionInput(one))
    assert codes(office.step, code, "appraise", "appraiser") == ["opinion_missing", "own_school"]
    # Where a colleague has judged all of it they pass the dossier on, and that is all: a return is a judgement.
    opinion(office, code, "appraiser-2", against(two))
    assert codes(office.step, code, "return", "appraiser", reason="x") == ["own_school"]
    office.step(code, "appraise", "appraiser")
    assert [row["appraised_title"] for row in rows(office, "nomination")] == ["CSTDCS", None]


def test_what_is_said_on_ones_behalf_is_no_colleagues_opinion(office: Office) -> None:
    employ(office, "appraiser", "th-mau-1")
    code, ids = fighters_at(office, "at_education_office")
    span = (date(2025, 6, 1), date(2025, 6, 30))
    delegate(office.database, "pgd", "appraiser", "admin", *span, office.call("appraiser", "2025-06-01"))
    opinion(office, code, "admin", *(OpinionInput(n) for n in ids))
    assert codes(office.step, code, "appraise", "appraiser") == ["own_school"]
    office.step(code, "appraise", "appraiser-2")


def test_a_chairman_passes_on_what_the_vice_chairman_judged_alone_and_in_bulk(office: Office) -> None:
    employ(office, "chairman", "th-mau-1")
    two = [office.dossier_at("at_local_council", "province") for _ in range(2)]
    for code in two:
        office.step(code, "record_council", "council-secretary", "2025-07-18", support_rest=True)
        assert codes(office.step, code, "endorse", "chairman", "2025-07-25") == ["own_school"]
        ids = office.nominations(code)
        opinion(office, code, "vice-chairman", *(OpinionInput(n) for n in ids), day="2025-07-25")
    office.step(two[0], "endorse", "chairman", "2025-07-25")
    (outcome,) = take_steps(office.database, two[1:], "endorse", office.call("chairman", "2025-07-25"))
    assert outcome.reasons == ()


def test_at_the_bloc_nobody_scores_their_own_school(office: Office) -> None:
    code, _ = fighters_at(office, "at_bloc")
    score = main_way("local")[2][3]
    # The deputy works at this school, the head at another.
    assert codes(office.step, code, "record_score", "bloc-deputy", "2025-05-20", **score) == ["own_school"]
    office.step(code, "record_score", "bloc-head", "2025-05-20", **score)


def test_inside_the_school_only_the_nominee_stands_aside(office: Office) -> None:
    text = (ROOT / "regulations/procedures/school-certificate.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None))
    code = office.open(procedure="school-certificate")
    office.nominate(code, "school-council", "teacher", title="GK")
    office.papers(code, "council_minutes")
    office.step(code, "convene", "clerk")
    office.step(code, "record_council", "school-council", support_rest=True)
    office.step(code, "decide", "principal", decision=decision(day="2025-06-10"))
    assert outcomes(office, code) == ["awarded", "awarded"]
    # A principal does not decide on her own.
    other = office.open(procedure="school-certificate")
    office.nominate(other, "principal", title="GK")
    office.papers(other, "council_minutes")
    office.step(other, "convene", "clerk")
    office.step(other, "record_council", "school-council", support_rest=True)
    found = codes(office.step, other, "decide", "principal", decision=decision(day="2025-06-10"))
    assert found == ["own_nomination"]


def test_a_nomination_made_after_a_return_is_judged_with_the_others_anew(office: Office) -> None:
    # In a sudden merit the council's standing office is the first that judges: nobody is passed over.
    text = (ROOT / "regulations/procedures/sudden-2024.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None))
    code = office.open(procedure="sudden-2024")
    (one,) = office.nominate(code, "teacher", title="GK")
    office.papers(code, "submission_letter", "achievement_report")
    office.step(code, "hand_in", "clerk")
    opinion(office, code, "council-secretary", OpinionInput(one))
    office.step(code, "return", "council-secretary", reason="Thiếu một người")
    add(office, code, NomineeInput("GK", "teacher-2"), day="2025-06-10")
    office.step(code, "resubmit", "clerk")
    missing = reasons(office.step, code, "appraise", "council-secretary")
    assert [reason.params["nomination"] for reason in missing] == office.nominations(code)
    office.step(code, "appraise", "council-secretary", support_rest=True)


def test_a_desk_that_returned_a_dossier_judges_it_anew_and_the_others_opinions_stand(office: Office) -> None:
    code, (one, two) = fighters_at(office, "filed")
    opinion(office, code, "reviewer", OpinionInput(one), against(two), day="2025-07-08")
    version = office.step(code, "return", "reviewer", "2025-07-08", reason="Thiếu minh chứng").version
    ended = {(o["desk"], o["ended_by"]) for o in rows(office, "opinion")}
    assert ended == {("school_council", None), ("education_office", None), ("interior_office", version)}
    office.step(code, "hold", "appraiser", "2025-07-08", reason="Chờ xác minh")
    office.step(code, "release", "appraiser", "2025-07-09", reason="Đã rõ")
    office.step(code, "resubmit", "clerk", "2025-07-09")
    assert codes(office.step, code, "appraise", "reviewer", "2025-07-10") == ["opinion_missing"] * 2
    office.step(code, "appraise", "reviewer", "2025-07-10", support_rest=True)


def test_a_council_that_sends_the_dossier_back_judges_anew(office: Office) -> None:
    code, (one, two) = fighters_at(office, "at_school_council")
    opinion(office, code, "school-council", OpinionInput(one), OpinionInput(two))
    version = office.step(code, "return", "school-council", reason="Bổ sung biên bản").version
    assert {o["ended_by"] for o in rows(office, "opinion")} == {version}
    office.step(code, "convene", "clerk")
    assert codes(office.step, code, "record_council", "school-council") == ["opinion_missing"] * 2


def test_the_same_opinion_sent_twice_is_given_once(office: Office) -> None:
    code, (one, _) = fighters_at(office, "at_education_office")
    call = call_with(office, "appraiser", "once")
    first = give_opinion(office.database, code, [OpinionInput(one)], call)
    before = every_row(office.database)
    again = give_opinion(office.database, code, [OpinionInput(one)], call)
    assert (again.hash, again.replayed) == (first.hash, True)
    assert every_row(office.database) == before


def test_who_gave_a_desks_opinion_does_not_judge_at_a_desk_apart(office: Office) -> None:
    # As in a commune, whose one office does both appraisals: the same person holds both duties.
    both = {"person_id": office.people["appraiser"], "unit_id": office.units["pnv"], "duty": "reviewer"}
    with office.database.write() as connection:
        connection.execute(insert(Duty.__table__), {**both, "since": LONG_AGO})
    code, ids = fighters_at(office, "at_education_office")
    opinion(office, code, "appraiser", *(OpinionInput(n) for n in ids))
    office.step(code, "appraise", "appraiser-2")
    office.step(code, "file", "clerk", "2025-07-02", receipt="H01")
    assert codes(opinion, office, code, "appraiser", OpinionInput(ids[0]), day="2025-07-10") == [
        "acted_at_desk_apart"
    ]
    found = codes(office.step, code, "appraise", "appraiser", "2025-07-10", support_rest=True)
    assert found == ["acted_at_desk_apart"]
    office.step(code, "appraise", "reviewer", "2025-07-10", support_rest=True)


def test_a_title_that_has_no_lower_one_is_not_lowered(office: Office) -> None:
    code, (one, two) = fighters_at(office, "at_education_office")
    with office.database.write() as connection:
        connection.execute(
            update(TABLES["nomination"]).where(TABLES["nomination"].c.id == two).values(title="LDTT")
        )
    # LDTT has no lower title at all.
    assert codes(opinion, office, code, "appraiser", lower(two)) == ["not_a_lower_title"]
    assert codes(opinion, office, code, "appraiser", lower(two, None)) == ["not_a_lower_title"]
    opinion(office, code, "appraiser", lower(one))


def test_the_bloc_gives_its_opinion_with_the_score_on_what_rests_on_rank_alone(office: Office) -> None:
    code = office.open("province")
    nominate(office.database, code, [NomineeInput("COTINH")], office.call("clerk", "2024-09-10"))
    (ranked, other) = office.nominate(code, "teacher", title="BKT-TX")
    office.papers(code, "achievement_report")
    office.walk(code, "at_bloc")
    given = {"score": ScoreInput(Decimal("912.50"), 1), "opinions": (OpinionInput(other),)}
    assert codes(office.step, code, "record_score", "bloc-head", "2025-05-20", **given) == [
        "not_resting_on_rank"
    ]
    given["opinions"] = (OpinionInput(ranked),)
    assert office.step(code, "record_score", "bloc-head", "2025-05-20", **given).state == "completing"
