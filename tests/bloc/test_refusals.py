"""What does not fit is refused as a whole: every reason at once, nothing half-written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from casework.bloc.approve_card import approve_card
from casework.bloc.assign import assign_again
from casework.bloc.decline_sheet import decline_sheet
from casework.bloc.leave_out import leave_out
from casework.bloc.score_sheet import LINE
from casework.bloc.settle import SETTLED, MeetingWord
from casework.bloc.year import SHEET
from casework.history import ENTRY
from casework.inputs import ScoreInput
from casework.load import DOSSIER
from casework.outbox import OUTBOX
from casework.reads import SCORE
from models.unit import Placement
from rules.reasons import Refused
from tests.bloc.stage import COLLEGE, Bloc, all_of, make_bloc
from tests.build import Office

SCHOOLS = ("th-mot", "th-hai", "th-ba", "th-bon", "th-nam", "th-sau")
PLACEMENT = Placement.__table__


@pytest.fixture
def bloc(office: Office) -> Bloc:
    """A bloc of six schools that has approved its card."""
    bloc = make_bloc(office, SCHOOLS)
    bloc.approve()
    return bloc


def codes(act, *args, **options) -> list[str]:
    """The codes of the reasons for which an act is refused."""
    with pytest.raises(Refused) as refused:
        act(*args, **options)
    return [reason.code for reason in refused.value.reasons]


def snapshot(bloc: Bloc) -> list[list[tuple]]:
    """Everything that an act of a bloc could write."""
    with bloc.database.read() as connection:
        tables = (ENTRY, OUTBOX, SHEET, LINE, SETTLED, SCORE)
        return [sorted(map(repr, connection.execute(select(table)).all())) for table in tables]


def other_of(bloc: Bloc, scorer: str) -> str:
    """A school that one has to score."""
    return next(scored for one, scored in bloc.pairs() if one == scorer and scored != scorer)


def file_all(bloc: Bloc, *, but: tuple[tuple[str, str], ...] = ()) -> None:
    for scorer, scored in bloc.pairs("open"):
        if (scorer, scored) not in but:
            bloc.score(scorer, scored, all_of(COLLEGE, "0.9"))


def test_points_that_do_not_fit_the_card_are_refused_together(bloc: Bloc):
    bloc.draw()
    before = snapshot(bloc)
    points = {"1.1": "40.01", "1.2": "-0.5", "9.9": "1", "2.1": "1.005"}
    assert codes(bloc.score, "th-mot", "th-mot", points, person="th-hai.clerk", notes={"8.8": "lạ"}) == [
        "duty_not_held",
        "score_item_beyond_most",
        "score_item_below_nothing",
        "score_item_unknown",
        "score_item_too_fine",
        "score_items_left_out",
        "score_item_unknown",
    ]
    assert snapshot(bloc) == before


def test_a_card_is_frozen_once_it_is_approved(bloc: Bloc):
    call = bloc.call("th-hai.clerk", "2024-10-20")
    refused = codes(approve_card, bloc.database, bloc.code, bloc.year, "no-such-card", call)
    assert refused == ["duty_not_held", "card_frozen", "unknown_scorecard"]
    assert codes(bloc.approve, "2024-10-21") == ["card_frozen"]


def test_who_acts_for_two_schools_scores_neither_about_the_other_and_not_for_both(bloc: Bloc):
    bloc.draw()
    scored = other_of(bloc, "th-mot")
    third = next(code for code in SCHOOLS if code not in ("th-mot", scored))
    with bloc.database.write() as connection:
        for school in (scored, third):
            bloc.give(connection, "th-mot.principal", school, "clerk")
    before = snapshot(bloc)
    points = all_of(COLLEGE, "0.5")
    assert codes(bloc.score, "th-mot", scored, points, person="th-mot.principal") == ["acts_for_both_schools"]
    assert snapshot(bloc) == before
    bloc.score(third, third, points, person="th-mot.principal")
    assert codes(bloc.score, "th-mot", "th-mot", {"1.1": "99"}, person="th-mot.principal") == [
        "scored_for_another_school",
        "score_item_beyond_most",
        "score_items_left_out",
    ]
    # A colleague of the school does it.
    bloc.score("th-mot", scored, points, person="th-mot.clerk")


def test_a_school_that_leaves_in_mid_year_blocks_settling_until_it_is_left_out(bloc: Bloc):
    bloc.draw()
    file_all(bloc)
    bloc.meet()
    with bloc.database.write() as connection:
        gone = (PLACEMENT.c.unit_id == bloc.id("th-sau")) & (PLACEMENT.c.relation == "bloc")
        connection.execute(update(PLACEMENT).where(gone).values(until=date(2025, 5, 21)))
    before = snapshot(bloc)
    assert codes(bloc.settle) == ["school_left_bloc"]
    assert snapshot(bloc) == before

    def out(reason: str, person: str = bloc.head):
        call = bloc.call(person, "2025-05-24")
        return leave_out(bloc.database, bloc.code, bloc.year, "th-sau", reason, call)

    assert codes(out, " ", "th-hai.clerk") == ["duty_not_held", "input_missing"]
    out("Trường chuyển sang khối khác từ ngày 22/5.")
    assert codes(out, "Lần nữa.") == ["school_left_out"]
    aside = set(bloc.pairs("set_aside"))
    assert aside and all("th-sau" in pair for pair in aside)
    bloc.settle()
    assert {row["school_id"] for row in bloc.rows(SCORE)} == {bloc.id(code) for code in SCHOOLS[:-1]}
    assert sorted(row["rank"] for row in bloc.rows(SCORE)) == [1] * 5


def test_settling_too_early_tells_everything_that_is_missing(bloc: Bloc):
    assert codes(bloc.settle) == ["scoring_not_assigned"]
    bloc.draw()
    file_all(bloc, but=(("th-mot", "th-mot"),))
    before = snapshot(bloc)
    words = [
        MeetingWord("th-hai", "1.1", Decimal(41), ""),
        MeetingWord("th-hai", "7.7", Decimal(1), "lý do"),
        MeetingWord("th-mau-1", "1.1", Decimal(1), "lý do"),
    ]
    assert codes(bloc.settle, *words) == [
        "no_scoring_meeting",
        "sheet_still_open",
        "settled_without_reason",
        "score_item_beyond_most",
        "score_item_unknown",
        "school_not_scored",
    ]
    assert snapshot(bloc) == before


def test_an_own_score_counts_nothing_where_nobody_else_filed_one(bloc: Bloc):
    bloc.draw()
    about = "th-nam"
    scorers = [scorer for scorer, scored in bloc.pairs() if scored == about and scorer != about]
    for scorer in scorers:
        call = bloc.call(f"{scorer}.principal", "2025-05-10")
        decline_sheet(bloc.database, bloc.code, bloc.year, scorer, about, "Có người thân ở trường ấy.", call)
    file_all(bloc)
    bloc.meet()
    with pytest.raises(Refused) as refused:
        bloc.settle()
    (reason,) = refused.value.reasons
    assert (reason.code, reason.params["unit"]) == ("nothing_to_settle", bloc.id(about))
    assert reason.params["items"] == list(COLLEGE)
    words = [
        MeetingWord(about, item, Decimal(most), "Cuộc họp thống nhất.") for item, most in COLLEGE.items()
    ]
    bloc.settle(*words)
    ranks = {row["school_id"]: (row["exact"], row["rank"]) for row in bloc.rows(SCORE)}
    assert ranks[bloc.id(about)] == ("100", 1)
    assert {rank for school, rank in ranks.items() if school != bloc.id(about)} == {("90", 2)}


def test_a_declined_sheet_is_given_to_another_scorer(bloc: Bloc):
    bloc.draw()
    scored = other_of(bloc, "th-mot")
    call = bloc.call("th-mot.clerk", "2025-05-10")
    decline_sheet(bloc.database, bloc.code, bloc.year, "th-mot", scored, "Không tiếp cận được hồ sơ.", call)
    assert codes(bloc.score, "th-mot", scored, all_of(COLLEGE, "0.5")) == ["sheet_declined_already"]

    def give(scorer: str, about: str, person: str = bloc.head):
        call = bloc.call(person, "2025-05-11")
        return assign_again(bloc.database, bloc.code, bloc.year, scorer, about, call)

    assert codes(give, "th-mot", scored, "th-hai.clerk") == ["duty_not_held", "sheet_there_already"]
    assert codes(give, "th-mot", "th-mot") == ["scores_own_school"]
    assert codes(give, "th-mau-1", scored) == ["school_not_in_bloc"]
    scorer = next(code for code in SCHOOLS if code != scored and (code, scored) not in bloc.pairs())
    give(scorer, scored)
    assert (scorer, scored) in bloc.pairs("open")


def test_an_own_sheet_is_not_declined_by_its_school_but_by_the_head(bloc: Bloc):
    bloc.draw()

    def decline(person: str, reason: str = "Trường không trả lời."):
        call = bloc.call(person, "2025-05-10")
        return decline_sheet(bloc.database, bloc.code, bloc.year, "th-hai", "th-hai", reason, call)

    assert codes(decline, "th-hai.clerk", "") == ["own_sheet_not_declined", "input_missing"]
    decline(bloc.head)
    assert ("th-hai", "th-hai") in bloc.pairs("declined")


def test_a_sheet_is_filed_anew_until_the_scoring_is_settled_and_then_no_more(bloc: Bloc):
    bloc.draw()
    file_all(bloc)
    first = bloc.score("th-mot", "th-mot", all_of(COLLEGE, "0.8"), note="Sửa theo minh chứng.")
    assert first.payload["version"] == 2
    lines = [row for row in bloc.rows(LINE) if row["points"] == Decimal("32.00")]
    assert len(lines) == 1
    bloc.meet()
    bloc.settle()
    before = snapshot(bloc)
    assert codes(bloc.score, "th-mot", "th-mot", all_of(COLLEGE, "0.7")) == ["scoring_settled"]
    assert codes(bloc.settle) == ["scoring_settled"]
    assert snapshot(bloc) == before


def test_a_dry_run_writes_nothing_and_a_request_that_comes_again_is_done_once(bloc: Bloc):
    bloc.draw()
    before = snapshot(bloc)
    tried = bloc.score("th-mot", "th-mot", all_of(COLLEGE, "0.8"), dry_run=True)
    assert tried.dry_run and snapshot(bloc) == before
    once = bloc.score("th-mot", "th-mot", all_of(COLLEGE, "0.8"), key="mot-lan")
    again = bloc.score("th-mot", "th-mot", all_of(COLLEGE, "0.8"), key="mot-lan")
    assert again.replayed and again.seq == once.seq
    assert codes(bloc.score, "th-mot", "th-mot", all_of(COLLEGE, "0.7"), key="mot-lan") == [
        "request_key_reused"
    ]


def test_points_are_not_typed_where_a_bloc_scores_by_a_card(office: Office):
    from casework.publish import publish
    from tests.bloc.stage import CARDS

    code = office.dossier_at("at_bloc")
    publish(
        office.database,
        "scorecard",
        (CARDS / "cao-dang-2021.yaml").read_bytes(),
        office.call(None, "2024-08-01"),
    )
    call = office.call("bloc-head", "2024-10-10")
    approve_card(office.database, "khoi", "2024-2025", "cao-dang-2021", call)
    typed = ScoreInput(Decimal("912.50"), 1)
    assert codes(office.step, code, "record_score", "bloc-head", "2025-05-20", score=typed) == [
        "bloc_settles_scores"
    ]
    assert codes(office.step, code, "record_score", "bloc-head", "2025-05-20") == [
        "input_missing",
        "bloc_settles_scores",
    ]
    settled_small(office)
    with_other = codes(office.step, code, "record_score", "bloc-head", "2025-05-28", score=typed)
    assert with_other == ["score_differs"]
    office.step(code, "record_score", "bloc-head", "2025-05-28")
    with office.database.read() as connection:
        row = connection.execute(select(DOSSIER).where(DOSSIER.c.code == code)).mappings().one()
    assert row["state"] == "completing"


def settled_small(office: Office) -> None:
    """The bloc of the small office settles: two schools that score each other."""
    bloc = Bloc(office, "khoi", "cao-dang-2021", ["th-mau-1", "th-mau-2"])
    from casework.bloc.assign import assign
    from casework.bloc.hold_meeting import Meeting, hold_meeting
    from casework.bloc.settle import settle

    assign(office.database, "khoi", bloc.year, office.call("bloc-head", "2025-05-05"))
    for scorer, scored in bloc.pairs():
        person = "clerk" if scorer == "th-mau-1" else "clerk-2"
        bloc.score(scorer, scored, all_of(COLLEGE, "0.9"), person=person)
    meeting = Meeting("khoi", bloc.year, "scoring", date(2025, 5, 20), "Trường", "bloc-head", "clerk")
    hold_meeting(office.database, None, meeting, office.call("bloc-head", "2025-05-20"))
    settle(office.database, "khoi", bloc.year, (), office.call("bloc-head", "2025-05-25"))
