"""A bloc's score: recorded once, in the chain of the bloc's year too, and corrected while nobody has judged by it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from casework.bulk import take_steps
from casework.correct_score import correct_score
from casework.inputs import Inputs, ScoreInput
from tests.build import Office
from tests.casework.telling import broken_links, call_with, codes, last, reasons, refused_without_trace, rows

WHY = "Cộng nhầm một tiêu chí"
OTHER = ScoreInput(Decimal("905.50"), 2)


def correct(
    office: Office,
    code: str,
    person: str = "bloc-head",
    given: ScoreInput = OTHER,
    day: str = "2025-05-27",
    why: str = WHY,
) -> Any:
    return correct_score(office.database, code, given, why, office.call(person, day))


def of_the_year(office: Office) -> list[tuple[str, dict[str, Any]]]:
    """What stands in the chain of the bloc's year."""
    subject = f"bloc_year:{office.units['khoi']}:2024-2025"
    return [
        (row["event"], json.loads(row["payload"])) for row in rows(office, "history_entry", subject=subject)
    ]


def test_a_score_is_corrected_with_a_reason_and_both_stand_in_the_history(office: Office) -> None:
    code = office.dossier_at("completing")
    receipt = correct(office, code)
    assert (receipt.state, receipt.event) == ("completing", "correct_score")
    (kept,) = rows(office, "bloc_score")
    assert (kept["score"], kept["rank"], kept["recorded_by_id"]) == (
        Decimal("905.50"),
        2,
        office.people["bloc-head"],
    )
    told = last(office, code)["payload"]
    was = {"score": "912.50", "rank": 1}
    assert (told["score"], told["rank"], told["was"], told["desk"]) == ("905.50", 2, was, "bloc")
    school = office.units["th-mau-1"]
    assert of_the_year(office) == [
        ("record_score", {"school": school, "score": "912.50", "rank": 1}),
        ("correct_score", {"school": school, "score": "905.50", "rank": 2, "was": was}),
    ]
    assert broken_links(office.database) == []


def test_it_stays_once_the_next_desk_has_judged_any_dossier_of_the_school(office: Office) -> None:
    code, other = office.dossier_at("at_school_council"), office.dossier_at("at_bloc", "state")
    office.step(other, "record_score", "bloc-head", "2025-05-20", score=ScoreInput(Decimal("912.5"), 1))
    correct(office, other, day="2025-05-28")
    office.step(code, "record_council", "school-council", "2025-05-28", support_rest=True)
    for one in (code, other):
        (reason,) = reasons(correct, office, one, given=ScoreInput(Decimal(900), 3), day="2025-05-29")
        assert (reason.code, reason.params["dossier"]) == ("score_judged_already", code)
    office.step(code, "withdraw", "clerk", "2025-05-29", reason=WHY)
    assert codes(correct, office, other, given=ScoreInput(Decimal(900), 3)) == ["score_judged_already"]


def test_all_that_is_wrong_with_a_correction_is_said_at_once(office: Office) -> None:
    code = office.dossier_at("at_bloc")
    assert refused_without_trace(
        office, correct, office, code, "clerk", ScoreInput(Decimal(-1), 0), why=" "
    ) == [
        "duty_not_held",
        "input_missing",
        "own_school",
        "rank_out_of_range",
        "score_missing",
        "score_out_of_range",
    ]
    office.step(code, "record_score", "bloc-head", "2025-05-20", score=ScoreInput(Decimal("912.5"), 1))
    same = ScoreInput(Decimal("912.50"), 1)
    assert codes(correct, office, code, given=same) == ["score_unchanged"]
    # Who works at the school stands aside, as when the score was recorded.
    assert codes(correct, office, code, "bloc-deputy") == ["own_school"]


def test_the_same_correction_sent_twice_is_one(office: Office) -> None:
    code = office.dossier_at("completing")
    call = call_with(office, "bloc-head", "once", "2025-05-27")
    first = correct_score(office.database, code, OTHER, WHY, call)
    again = correct_score(office.database, code, OTHER, WHY, call)
    assert (again.replayed, again.hash) == (True, first.hash)
    assert len(of_the_year(office)) == 2
    other = (code, ScoreInput(Decimal(900), 3), WHY, call)
    assert codes(correct_score, office.database, *other) == ["request_key_reused"]


def test_a_dossier_whose_way_knows_no_scoring_has_no_score_to_correct(office: Office) -> None:
    from casework.publish import publish
    from tests.build import ROOT

    text = (ROOT / "regulations/procedures/sudden-2024.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None, "2024-08-01"))
    code = office.open(procedure="sudden-2024")
    assert codes(correct, office, code) == ["score_not_here"]


def test_dossiers_of_one_school_are_written_in_one_batch_and_tell_the_years_chain_once(
    office: Office,
) -> None:
    same = [office.dossier_at("at_bloc"), office.dossier_at("at_bloc", "state")]
    given = Inputs(score=ScoreInput(Decimal("912.50"), 1))
    call = office.call("bloc-head", "2025-05-20")
    outcomes = take_steps(office.database, same, "record_score", call, given)
    assert [outcome.reasons for outcome in outcomes] == [(), ()]
    assert [event for event, _ in of_the_year(office)] == ["record_score"]
    third = office.dossier_at("at_bloc")
    other = Inputs(score=ScoreInput(Decimal("900"), 2))
    again = take_steps(
        office.database, [third], "record_score", office.call("bloc-head", "2025-05-20"), other
    )
    assert [reason.code for reason in again[0].reasons] == ["score_differs"]
    assert broken_links(office.database) == []
