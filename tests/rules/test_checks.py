"""Each check of a step: when it holds, when it does not, and that every reason is said at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from rules.checks import CHECKS, NEEDS, RECUSALS, StepRule, objections_to
from rules.facts import NominationFacts, StepFacts
from rules.reasons import Reason, Refused, refuse_if
from rules.windows import LOCAL, Milestone, window_of

NOW = datetime(2025, 6, 16, 10, 0, tzinfo=LOCAL)
JUNE = window_of(Milestone("june", "school", date(2025, 6, 1), date(2025, 6, 30)))
TEACHER = NominationFacts(1, person=50, unit=9, title="CSTDCS")
SCHOOL = NominationFacts(2, person=None, unit=9, title="TTLDTT")
FACTS = StepFacts(actor=7, now=NOW, level="local", people=(7,), nominations=(TEACHER, SCHOOL), unit=9)
RULE = StepRule(event="appraise", desk="office", apart=(frozenset({"office", "review"}),))


def found(
    check: str, rule: StepRule = RULE, facts: StepFacts = FACTS, **changes: object
) -> list[tuple[str, dict]]:
    reasons = CHECKS[check](rule, replace(facts, **changes))
    return [(reason.code, dict(reason.params)) for reason in reasons]


def test_every_check_says_which_facts_it_reads():
    assert NEEDS.keys() == CHECKS.keys()


def test_a_dossier_with_a_standing_nomination_has_nominations():
    assert found("has_nominations") == []


@pytest.mark.parametrize("nominations", [(), (replace(TEACHER, live=False), replace(SCHOOL, live=False))])
def test_a_dossier_without_a_standing_nomination_has_none(nominations):
    assert found("has_nominations", nominations=nominations) == [("no_nomination", {})]


def test_papers_are_complete_when_each_kind_is_there_whatever_else_is():
    rule = replace(RULE, papers=("submission_letter", "council_minutes"))
    assert found("papers_complete", rule, papers={"submission_letter", "council_minutes", "other"}) == []


def test_every_missing_paper_is_named_in_the_order_of_the_step():
    rule = replace(RULE, papers=("submission_letter", "achievement_report", "council_minutes"))
    missing = [
        ("paper_missing", {"paper": "submission_letter"}),
        ("paper_missing", {"paper": "council_minutes"}),
    ]
    assert found("papers_complete", rule, papers={"achievement_report"}) == missing


def test_what_a_step_must_give_is_asked_for_item_by_item():
    rule = replace(RULE, provides=("reason", "decision", "recovery"))
    assert found("inputs_given", rule, given={"reason", "decision", "recovery"}) == []
    missing = [("input_missing", {"input": "decision"}), ("input_missing", {"input": "recovery"})]
    assert found("inputs_given", rule, given={"reason"}) == missing


def test_a_step_without_a_milestone_is_never_too_early_or_late():
    assert found("window_open", window=None) == []


def test_a_step_whose_milestone_is_in_no_calendar_is_refused():
    rule = replace(RULE, milestone="june")
    assert found("window_open", rule) == [("milestone_not_in_calendar", {"milestone": "june"})]


@pytest.mark.parametrize("moment", [JUNE.opens_at, NOW, JUNE.closes_at - timedelta(microseconds=1)])
def test_a_step_is_taken_from_the_first_to_the_last_instant_of_its_window(moment: datetime):
    assert found("window_open", replace(RULE, milestone="june"), window=JUNE, now=moment) == []


def test_a_step_before_its_window_is_told_the_local_day_on_which_it_opens():
    early = found("window_open", replace(RULE, milestone="june"), window=JUNE, now=NOW - timedelta(days=30))
    assert early == [("window_not_open_yet", {"milestone": "june", "opens": "2025-06-01"})]


def test_a_step_after_its_window_is_told_the_last_day():
    late = found("window_open", replace(RULE, milestone="june"), window=JUNE, now=JUNE.closes_at)
    assert late == [("window_closed", {"milestone": "june", "last_day": "2025-06-30"})]


def test_opinions_are_complete_when_this_desk_has_spoken_on_each_standing_nomination():
    gone = replace(SCHOOL, id=3, live=False)
    assert found("opinions_complete", nominations=(TEACHER, SCHOOL, gone), opinions={"office": {1, 2}}) == []


def test_an_opinion_of_another_desk_does_not_count():
    missing = found("opinions_complete", opinions={"office": {1}, "review": {1, 2}})
    assert missing == [("opinion_missing", {"nomination": 2, "title": "TTLDTT"})]


def test_a_nomination_that_rests_on_another_dossier_waits_and_says_for_which():
    waiting = replace(TEACHER, waiting_for="HS-2025-0007")
    assert found("nothing_awaited") == []
    expected = ("waits_for_dossier", {"nomination": 1, "dossier": "HS-2025-0007"})
    assert found("nothing_awaited", nominations=(waiting, SCHOOL)) == [expected]


def test_a_nomination_whose_foundation_failed_is_refused_and_no_longer_said_to_wait():
    failed = replace(TEACHER, waiting_for="HS-2025-0007", foundation_failed=True)
    expected = ("foundation_failed", {"nomination": 1, "dossier": "HS-2025-0007"})
    assert found("nothing_awaited", nominations=(failed,)) == [expected]


def test_a_nomination_that_no_longer_stands_is_waited_for_by_nobody():
    gone = replace(TEACHER, waiting_for="HS-2025-0007", live=False)
    assert found("nothing_awaited", nominations=(gone, SCHOOL)) == []


def test_the_score_of_the_bloc_must_be_recorded():
    assert found("score_recorded", score_recorded=True) == []
    assert found("score_recorded") == [("score_missing", {})]


def test_an_open_objection_stops_the_step_and_cites_the_decree():
    assert found("no_open_objection") == []
    (reason,) = CHECKS["no_open_objection"](RULE, replace(FACTS, open_objections=2))
    assert (reason.code, reason.params["count"]) == ("objection_open", 2)
    assert reason.article == "NĐ 152/2025, Điều 4(4)"


def test_separation_looks_at_all_who_act_and_not_only_at_the_first():
    held = found("separation", people=(7, 8), acted={"review": {8, 9}})
    assert held == [("acted_at_desk_apart", {"person": 8, "desk": "office", "other": "review"})]
    assert found("separation", people=(7,), acted={"review": {8, 9}}) == []


# --- Who is concerned -------------------------------------------------------------------------------------------------


def recused(recusal: str, **changes: object) -> list[str]:
    return [code for code, _ in found("not_concerned", replace(RULE, recusal=recusal), **changes)]


@pytest.mark.parametrize("recusal", RECUSALS)
def test_a_stranger_is_concerned_in_nothing(recusal: str):
    assert recused(recusal, actor_units={4}) == []


@pytest.mark.parametrize("recusal", RECUSALS)
def test_the_calendar_is_nobody_and_concerned_in_nothing(recusal: str):
    assert recused(recusal, actor=None, actor_units={9}) == []


def test_a_desk_without_recusal_lets_even_the_nominee_act():
    assert recused("none", actor=50, actor_units={9}) == []


@pytest.mark.parametrize("recusal", ["school", "nomination"])
def test_whoever_works_at_the_dossiers_school_stays_out(recusal: str):
    assert recused(recusal, actor_units={9}) == ["own_school"]


def test_at_a_desk_that_judges_nominations_a_nominee_from_elsewhere_stays_out_too():
    assert recused("nomination", actor=50) == ["own_nomination"]


def test_at_a_desk_that_judges_schools_a_nominee_from_elsewhere_may_act():
    assert recused("school", actor=50) == []


def test_a_member_of_another_unit_that_is_nominated_stays_out_of_that_nomination():
    guest = NominationFacts(3, person=None, unit=12, title="TTLDTT")
    assert recused("nomination", actor_units={12}, nominations=(TEACHER, guest)) == ["own_nomination"]


def test_inside_the_school_only_the_nominee_stays_out():
    assert recused("person", actor_units={9}) == []
    assert recused("person", actor=50, actor_units={9}) == ["own_nomination"]


JUDGED = {"opinions_by_others": {1, 2}}


@pytest.mark.parametrize("event", ["appraise", "record_council", "endorse", "forward"])
def test_where_a_colleague_judged_all_that_concerns_them_they_pass_the_dossier_on(event: str):
    rule = replace(RULE, event=event, recusal="nomination")
    assert found("not_concerned", rule, actor=50, **JUDGED) == []
    assert found("not_concerned", rule, actor_units={9}, **JUDGED) == []
    (reason,) = found("not_concerned", rule, actor_units={9}, opinions_by_others={1})
    assert reason == ("own_school", {"person": 7, "desk": "office"})


@pytest.mark.parametrize(
    "event", ["decide", "decline", "return", "hold", "release", "reopen", "revive", "revoke"]
)
def test_no_colleagues_opinion_is_leave_to_do_anything_else(event: str):
    rule = replace(RULE, event=event, recusal="nomination")
    assert [code for code, _ in found("not_concerned", rule, actor=50, **JUDGED)] == ["own_nomination"]
    assert [code for code, _ in found("not_concerned", rule, actor_units={9}, **JUDGED)] == ["own_school"]
    # Also where nothing stands any more: it is the school's dossier all the same.
    nothing = {"nominations": (), "actor_units": {9}}
    assert [code for code, _ in found("not_concerned", rule, **nothing)] == ["own_school"]


def test_at_a_desk_that_judges_schools_no_opinion_on_a_nomination_helps():
    assert recused("school", actor_units={9}, **JUDGED) == ["own_school"]


def test_each_nomination_of_ones_own_is_named():
    second = replace(TEACHER, id=5, title="BKT-TX")
    rule = replace(RULE, recusal="nomination")
    own = found("not_concerned", rule, actor=50, nominations=(second, TEACHER, SCHOOL))
    assert [params["nomination"] for _, params in own] == [1, 5]


def test_a_nomination_of_ones_own_that_no_longer_stands_concerns_nobody():
    assert recused("nomination", actor=50, nominations=(replace(TEACHER, live=False), SCHOOL)) == []


# --- All together -----------------------------------------------------------------------------------------------------


def test_every_reason_is_said_at_once_in_the_order_of_the_procedure():
    rule = replace(
        RULE,
        checks=("has_nominations", "papers_complete", "separation", "not_concerned", "score_recorded"),
        papers=("submission_letter",),
        provides=("reason",),
        milestone="june",
        recusal="school",
    )
    worst = replace(
        FACTS, nominations=(), acted={"review": {7}}, actor_units={9}, window=JUNE, now=JUNE.closes_at
    )
    assert [reason.code for reason in objections_to(rule, worst)] == [
        "window_closed",
        "input_missing",
        "no_nomination",
        "paper_missing",
        "acted_at_desk_apart",
        "own_school",
        "score_missing",
    ]


def test_window_and_inputs_are_checked_even_where_the_procedure_does_not_say_so():
    rule = replace(RULE, milestone="june", provides=("receipt",))
    codes = [reason.code for reason in objections_to(rule, FACTS)]
    assert codes == ["milestone_not_in_calendar", "input_missing"]


def test_only_what_is_late_may_lapse():
    rule = replace(RULE, checks=("deadline_missed",))
    assert [reason.code for reason in objections_to(rule, FACTS)] == ["deadline_not_missed"]
    assert objections_to(rule, replace(FACTS, deadline_missed=True)) == ()


def test_a_check_named_by_the_procedure_too_is_not_made_twice():
    rule = replace(RULE, checks=("inputs_given", "window_open"), milestone="june", provides=("receipt",))
    codes = [reason.code for reason in objections_to(rule, FACTS)]
    assert codes == ["milestone_not_in_calendar", "input_missing"]


def test_a_step_to_which_nothing_objects_has_no_reason():
    assert (
        objections_to(
            replace(RULE, checks=tuple(CHECKS)),
            replace(FACTS, opinions={"office": {1, 2}}, score_recorded=True, deadline_missed=True),
        )
        == ()
    )


def test_a_refusal_carries_every_reason_and_needs_at_least_one():
    reasons = (Reason("score_missing"), Reason("paper_missing", {"paper": "other"}, "Điều 84"))
    with pytest.raises(Refused) as refusal:
        refuse_if(iter(reasons))
    assert refusal.value.reasons == reasons
    refuse_if(())
    with pytest.raises(ValueError, match="at least one"):
        Refused(())


def test_a_reason_is_plain_data_for_every_door():
    reason = Reason("paper_missing", {"paper": "other"}, "Điều 84")
    assert reason.as_dict() == {"code": "paper_missing", "params": {"paper": "other"}, "article": "Điều 84"}
