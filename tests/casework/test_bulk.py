"""One event for many dossiers: each decided for itself, a refused one in nobody's way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event

from casework.bulk import BATCH, take_steps
from casework.call import Call
from casework.inputs import DecisionInput, Inputs, OpinionInput, ScoreInput
from casework.take_step import take_step
from kit.database import Database, StorageTrouble
from tests.build import Office, decision
from tests.casework.telling import broken_links, call_with, clones, codes, every_row, last, outcomes, rows

WHY = "Một lý do"


def bulk(
    office: Office, found: list[str], event: str, call: Call, **options: Any
) -> list[tuple[str, list[str]]]:
    """Code and codes of the reasons, none for what was done, in the order of the answer."""
    dry_run = options.pop("dry_run", False)
    given = take_steps(office.database, found, event, call, Inputs(**options), dry_run=dry_run)
    assert all((outcome.receipt is None) == bool(outcome.reasons) for outcome in given)
    return [(outcome.dossier, [reason.code for reason in outcome.reasons]) for outcome in given]


def test_each_dossier_has_its_own_answer_in_the_order_asked_and_is_taken_once(office: Office) -> None:
    good, early, other = (
        office.dossier_at("to_file"),
        office.dossier_at("ready"),
        office.dossier_at("to_file"),
    )
    asked = [early, good, "no-such-dossier", other, good, early]
    assert bulk(office, asked, "file", office.call("clerk", "2025-07-02"), receipt="H01") == [
        (early, ["step_not_here"]),
        (good, []),
        ("no-such-dossier", ["unknown_dossier"]),
        (other, []),
    ]
    assert [office.row(code)["state"] for code in (early, good, other)] == ["ready", "filed", "filed"]
    assert broken_links(office.database) == []


def test_one_that_went_further_than_what_was_looked_at_is_left_and_told(office: Office) -> None:
    seen, moved = office.dossier_at("filed"), office.dossier_at("filed")
    looked_at = {code: office.row(code)["version"] for code in (seen, moved)}
    office.step(moved, "hold", "reviewer", reason=WHY)
    office.step(moved, "release", "reviewer", reason=WHY)
    call, asked = office.call("reviewer"), Inputs(reason=WHY)
    told = take_steps(office.database, [seen, moved], "return", call, asked, versions=looked_at)
    assert [[reason.code for reason in outcome.reasons] for outcome in told] == [[], ["stale_version"]]
    again = take_steps(office.database, [seen, moved], "return", call, asked, versions=looked_at)
    assert again[0].receipt is not None
    assert again[0].receipt.replayed
    assert [office.row(code)["state"] for code in (seen, moved)] == ["returned", "filed"]


def test_dossiers_in_many_states_move_each_from_where_it_stands(office: Office) -> None:
    states = ("preparing", "at_bloc", "at_education_office", "filed", "returned", "decided")
    codes_of = {state: office.dossier_at(state if state != "returned" else "filed") for state in states}
    office.step(codes_of["returned"], "return", "reviewer", reason=WHY)
    answer = dict(bulk(office, list(codes_of.values()), "withdraw", office.call("clerk"), reason=WHY))
    assert [answer[codes_of[state]] for state in states] == [[]] * 5 + [["step_not_here"]]
    froms = [office.row(code)["withdrawn_from"] for code in codes_of.values()]
    assert froms == ["preparing", "at_bloc", "at_education_office", "filed", "returned", None]


def test_a_bulk_act_writes_what_single_acts_would(office: Office) -> None:
    single, among = office.dossier_at("at_local_decision"), office.dossier_at("at_local_decision")
    other = office.dossier_at("at_local_decision")
    office.step(single, "decide", "chairman", "2025-07-25", decision=decision())
    assert bulk(office, [among, other], "decide", office.call("chairman", "2025-07-25"), decision=decision())
    for code in (among, other):
        mine, theirs = office.row(code), office.row(single)
        same = (
            "state",
            "state_kind",
            "desk",
            "desk_unit_id",
            "acted",
            "decision_id",
            "version",
            "changed_at",
        )
        assert {name: mine[name] for name in same} == {name: theirs[name] for name in same}
        told, example = last(office, code), last(office, single)
        assert told["payload"].keys() == example["payload"].keys()
        letters = [(i["kind"], i["person_id"]) for i in rows(office, "outbox_item", subject=told["subject"])]
        expected = [
            (i["kind"], i["person_id"]) for i in rows(office, "outbox_item", subject=example["subject"])
        ]
        assert sorted(letters) == sorted(expected)
    assert (len(rows(office, "decision")), len(rows(office, "award"))) == (1, 6)


def test_a_dry_run_says_what_would_be_and_writes_nothing(office: Office) -> None:
    good, bad = office.dossier_at("at_local_decision"), office.dossier_at("ready")
    before = every_row(office.database)
    call = office.call("chairman", "2025-07-25")
    given = take_steps(
        office.database, [good, bad], "decide", call, Inputs(decision=decision()), dry_run=True
    )
    assert [(o.receipt and (o.receipt.state, o.receipt.dry_run), len(o.reasons)) for o in given] == [
        (("decided", True), 0),
        (None, 1),
    ]
    assert every_row(office.database) == before


def test_the_same_request_again_does_only_what_was_refused_before(office: Office) -> None:
    good, late = office.dossier_at("to_file"), office.dossier_at("ready")
    call = call_with(office, "clerk", "batch", "2025-07-02")
    assert bulk(office, [good, late], "file", call, receipt="H01") == [(good, []), (late, ["step_not_here"])]
    office.step(late, "hand_in", "clerk", "2025-06-05")
    office.step(late, "appraise", "appraiser", "2025-06-20", support_rest=True)
    before = office.row(good)
    again = take_steps(office.database, [good, late], "file", call, Inputs(receipt="H01"))
    assert [(o.receipt.state, o.receipt.replayed) for o in again if o.receipt] == [
        ("filed", True),
        ("filed", False),
    ]
    assert office.row(good) == before


def test_a_replayed_answer_tells_what_was_done_then_not_what_came_later(office: Office) -> None:
    code = office.dossier_at("to_file")
    call = call_with(office, "clerk", "batch", "2025-07-02")
    first = take_steps(office.database, [code], "file", call, Inputs(receipt="H01"))[0].receipt
    office.step(code, "return", "reviewer", "2025-07-03", reason=WHY)
    again = take_steps(office.database, [code], "file", call, Inputs(receipt="H01"))[0].receipt
    assert first is not None
    assert again is not None
    assert (again.state, again.version, again.hash) == (first.state, first.version, first.hash)


def test_a_request_key_is_good_for_one_act_by_one_person(office: Office) -> None:
    code = office.dossier_at("to_file")
    bulk(office, [code], "file", call_with(office, "clerk", "batch", "2025-07-02"), receipt="H01")
    before = every_row(office.database)
    other_act = bulk(
        office, [code], "withdraw", call_with(office, "clerk", "batch", "2025-07-02"), reason=WHY
    )
    other_person = bulk(
        office, [code], "file", call_with(office, "principal", "batch", "2025-07-02"), receipt="H01"
    )
    assert other_act == other_person == [(code, ["request_key_reused"])]
    assert every_row(office.database) == before


def test_a_refused_dossier_leaves_nothing_behind_in_the_batch_that_goes_on(office: Office) -> None:
    good, bad = office.dossier_at("to_file"), office.dossier_at("at_local_decision")
    held = office.dossier_at("at_local_decision")
    office.step(held, "decline", "chairman", "2025-07-25", reason=WHY)
    before = every_row(office.database)
    # A decision by somebody who may not take it: neither it nor a note of it may stay.
    call = office.call("clerk", "2025-07-25")
    assert all(
        why for _, why in bulk(office, [good, bad, held], "decide", call, decision=decision(), reason=WHY)
    )
    assert every_row(office.database) == before


def test_dossiers_of_one_school_bring_its_score_together(office: Office) -> None:
    same = [office.dossier_at("at_bloc"), office.dossier_at("at_bloc", "state"), office.dossier_at("at_bloc")]
    given = ScoreInput(Decimal("912.50"), 1)
    answer = bulk(office, same, "record_score", office.call("bloc-head", "2025-05-20"), score=given)
    assert answer == [(code, []) for code in same]
    assert len(rows(office, "bloc_score")) == 1
    assert broken_links(office.database) == []


def test_opinions_and_refusals_reach_the_dossier_they_name(office: Office) -> None:
    one, two = office.dossier_at("at_education_office"), office.dossier_at("at_education_office")
    against = OpinionInput(office.nominations(two)[0], "not_supported", reason=WHY)
    day = {"support_rest": True, "opinions": (against,)}
    assert bulk(office, [one, two], "appraise", office.call("appraiser", "2025-06-20"), **day) == [
        (one, []),
        (two, []),
    ]
    titles = [row["appraised_title"] for row in rows(office, "nomination")]
    assert titles == ["LDTT", "LDTT", None, "LDTT"]
    for code in (one, two):
        _on_to_the_decision(office, code)
    left_out = frozenset({office.nominations(one)[1]})
    made = DecisionInput("12/QĐ-UBND", decision().decided_on, "Người ký Mẫu", left_out)
    assert bulk(office, [one, two], "decide", office.call("chairman", "2025-07-25"), decision=made) == [
        (one, []),
        (two, []),
    ]
    assert outcomes(office, one) == ["awarded", "not_awarded"]
    assert outcomes(office, two) == ["awarded", "awarded"]


def _on_to_the_decision(office: Office, code: str) -> None:
    office.step(code, "file", "clerk", "2025-07-02", receipt="H01")
    office.step(code, "appraise", "reviewer", "2025-07-10", support_rest=True)
    office.step(code, "record_council", "council-secretary", "2025-07-18", support_rest=True)


def test_a_nomination_that_no_dossier_here_has_is_named_to_each(office: Office) -> None:
    one, two = office.dossier_at("at_education_office"), office.dossier_at("at_education_office")
    given = {"support_rest": True, "opinions": (OpinionInput(10_000),)}
    answer = bulk(office, [one, two], "appraise", office.call("appraiser", "2025-06-20"), **given)
    assert answer == [(one, ["nomination_not_open"]), (two, ["nomination_not_open"])]


def test_six_hundred_dossiers_go_in_two_batches(office: Office) -> None:
    many = clones(office, office.dossier_at("to_file"), 600)
    assert len(many) > BATCH
    wrong = {many[7], many[BATCH], many[-1]}
    for code in wrong:
        office.step(code, "withdraw", "clerk", reason=WHY)
    call = call_with(office, "clerk", "many", "2025-07-02")
    answer = bulk(office, many, "file", call, receipt="H01")
    assert [code for code, _ in answer] == many
    assert {code for code, why in answer if why == ["step_not_here"]} == wrong
    again = take_steps(office.database, many, "file", call, Inputs(receipt="H01"))
    assert sum(bool(o.receipt and o.receipt.replayed) for o in again) == 597
    assert broken_links(office.database) == []


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_what_was_committed_before_the_disk_was_full_is_told_and_the_rest_waits(office: Office) -> None:
    many = clones(office, office.dossier_at("to_file"), 3 * BATCH)
    database = office.database
    pages_left(database, 150)
    call = call_with(office, "clerk", "many", "2025-07-02")
    told = take_steps(database, many, "file", call, Inputs(receipt="H01"))
    done = [outcome.receipt is not None for outcome in told]
    assert done == sorted(done, reverse=True)
    assert BATCH <= sum(done) < len(many)
    assert {reason.code for outcome in told for reason in outcome.reasons} == {"not_tried"}
    assert [office.row(code)["state"] for code in (many[0], many[-1])] == ["filed", "to_file"]
    pages_left(database, 0)
    with pytest.raises(StorageTrouble):
        take_steps(database, many[-200:], "file", call, Inputs(receipt="H01"))
    pages_left(database, 100_000)
    again = take_steps(database, many, "file", call, Inputs(receipt="H01"))
    assert [bool(outcome.receipt and outcome.receipt.replayed) for outcome in again] == done
    assert not any(outcome.reasons for outcome in again)


def pages_left(database: Database, pages: int) -> None:
    """From now on the file of a SQLite database may grow by so many pages."""

    def limit(connection: Any, _record: Any) -> None:
        (used,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {used + pages}")

    event.listen(database.engine, "connect", limit)
    database.close()


def test_the_statements_of_a_batch_do_not_grow_with_its_dossiers(office: Office) -> None:
    many = clones(office, office.dossier_at("at_local_decision"), 40)
    asked: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(office.database.engine, "before_cursor_execute", note)
    made = Inputs(decision=decision())
    for some in (many[:10], many[10:]):
        asked.clear()
        told = take_steps(office.database, some, "decide", office.call("chairman", "2025-07-25"), made)
        assert not any(outcome.reasons for outcome in told)
        assert sum("FROM objection" in statement for statement in asked) == 1
        assert sum("FROM bloc_score" in statement for statement in asked) == 1
    event.remove(office.database.engine, "before_cursor_execute", note)


def test_a_bulk_act_of_nothing_answers_nothing(office: Office) -> None:
    assert take_steps(office.database, [], "file", office.call("clerk")) == []


def test_a_single_act_and_a_bulk_act_never_share_a_key(office: Office) -> None:
    code = office.dossier_at("to_file")
    bulk(office, [code], "file", call_with(office, "clerk", "k", "2025-07-02"), receipt="H01")
    found = codes(
        take_step,
        office.database,
        code,
        "withdraw",
        call_with(office, "clerk", f"k/{code}"),
        Inputs(reason=WHY),
    )
    assert found == ["request_key_reused"]
