"""What conditions add up to: groups, other titles, days in force, and the rules that hold across titles."""

from datetime import date, timedelta
from itertools import product
from random import Random

import pytest

from rules.answers import JUDGED, MET, NOT_MET, UNKNOWN, all_of, any_of, worst
from rules.lawbook import Asked, Lawbook
from rules.record import DISCIPLINES, GRADES, SCOPES
from rules.school_years import first_day, last_day, name_of, row_to, year_named, year_of
from rules.verdict import better, verdict
from tests.rules.law_build import (
    JUDGED as PEOPLE,
)
from tests.rules.law_build import (
    UNSEEN,
    answer,
    asked,
    book,
    discipline,
    either,
    every,
    graded,
    grades,
    held,
    initiative,
    judge,
    known,
    outcome,
    person,
    school,
    word,
)
from tests.rules.law_histories import BOOKS, book_of, history, record_of

YES = word("grade_at_least", grade="HTNV")
NO = word("grade_at_least", grade="HTXSNV")
SILENT = word("registered")
WAITS = word("title_in_row", titles=("CSTDCS",), years=1)
RECORD = known(graded=graded(y2024="HTTNV"), held=held(2024, awaited="d.1"))
PARTS = {MET: YES, NOT_MET: NO, UNKNOWN: SILENT, JUDGED: PEOPLE}


# --- Groups ---


@pytest.mark.parametrize("one", PARTS)
@pytest.mark.parametrize("other", PARTS)
def test_all_is_as_weak_as_its_weakest_and_what_people_judge_does_not_count(one, other):
    there = {one, other}
    expected = next((o for o in (NOT_MET, UNKNOWN, MET) if o in there), JUDGED)
    assert all_of([one, other]) == expected
    found = judge(every(PARTS[one], PARTS[other]), RECORD)
    assert found.outcome == (UNKNOWN if expected == JUDGED else expected)
    assert found.finding.outcome == expected


@pytest.mark.parametrize("one", PARTS)
@pytest.mark.parametrize("other", PARTS)
def test_any_is_as_strong_as_its_strongest_and_people_may_say_yes(one, other):
    there = {one, other}
    if there == {JUDGED}:
        expected = JUDGED
    else:
        expected = MET if MET in there else UNKNOWN if there & {UNKNOWN, JUDGED} else NOT_MET
    assert any_of([one, other]) == expected
    found = judge(either(PARTS[one], PARTS[other]), RECORD)
    assert found.outcome == (UNKNOWN if expected == JUDGED else expected)


def test_groups_of_three_do_not_depend_on_their_order():
    for three in product(PARTS, repeat=3):
        assert len({all_of(order) for order in (three, three[::-1], three[1:] + three[:1])}) == 1
        assert len({any_of(order) for order in (three, three[::-1], three[1:] + three[:1])}) == 1


def test_groups_lie_within_groups():
    assert judge(every(YES, either(NO, YES)), RECORD).outcome == MET
    assert judge(every(YES, either(NO, SILENT)), RECORD).outcome == UNKNOWN
    assert judge(either(every(YES, NO), every(YES, YES)), RECORD).outcome == MET
    assert judge(either(every(YES, NO), NO), RECORD).outcome == NOT_MET


def test_where_people_alone_decide_the_whole_is_unknown():
    found = judge(every(PEOPLE, PEOPLE), RECORD)
    assert (found.outcome, found.why) == (UNKNOWN, "people")
    assert found.to_judge == (PEOPLE, PEOPLE)
    found = judge(either(NO, PEOPLE), RECORD)
    assert (found.outcome, found.why) == (UNKNOWN, "people")
    assert judge(every(YES, PEOPLE), RECORD).to_judge == (PEOPLE,)


def test_a_verdict_says_what_makes_it_unknown_and_not_what_is_settled_without_it():
    # An alternative that nobody has seen does not matter where another holds.
    found = judge(every(either(UNSEEN, YES), SILENT), RECORD)
    assert (found.outcome, found.why) == (UNKNOWN, "silent")
    found = judge(every(either(YES, WAITS), SILENT), RECORD)
    assert (found.why, found.awaited) == ("silent", ())
    # Beside what is silent, what people judge is no reason.
    assert judge(every(SILENT, PEOPLE), RECORD).why == "silent"
    assert judge(every(SILENT, UNSEEN), RECORD).why == "unseen"
    found = judge(every(YES, WAITS), RECORD)
    assert (found.outcome, found.why, found.awaited) == (UNKNOWN, "awaited", ("d.1",))
    found = judge(every(WAITS, either(WAITS, NO)), RECORD)
    assert found.awaited == ("d.1",)
    assert judge(every(NO, WAITS), RECORD).awaited == ()
    assert judge(every(YES), RECORD).why == ""
    assert judge(every(NO, UNSEEN), RECORD).why == ""


def test_the_reasons_of_an_unknown_have_an_order():
    order = ("unseen", "no_rule", "unserved", "silent", "awaited", "people")
    for place, why in enumerate(order):
        assert worst(reversed(order[place:])) == why
    assert worst([]) == worst([""]) == ""


def test_a_verdict_names_every_condition_every_key_and_the_rule():
    found = judge(every(YES, either(NO, WAITS), PEOPLE), RECORD)
    assert [condition for condition, _ in found.answers()] == [YES, NO, WAITS, PEOPLE]
    assert (found.rule, found.rulebook, found.subject, found.asked) == ("R", "made-up", "individual", asked())
    assert found.read == (
        "complete:p1:2024",
        "grade:p1:2024",
        "title:p1:2024:CSTDCS",
    )
    assert not found.unverified
    shaky = word("grade_at_least", grade="HTNV", verified=False)
    assert judge(every(YES, shaky), RECORD).unverified


def test_without_a_rule_nobody_can_say():
    found = verdict(book(YES), Asked("X", 2024, date(2025, 6, 15)), RECORD)
    assert (found.outcome, found.why, found.rule, found.finding) == (UNKNOWN, "no_rule", "", None)
    assert (found.answers(), found.awaited, found.to_judge, found.read) == ((), (), (), ())
    # A rule for persons is none for collectives.
    assert verdict(book(YES), asked(), school()).why == "no_rule"


def test_better_is_met_before_unknown_before_not_met():
    order = [judge(every(part), RECORD) for part in (YES, SILENT, NO)]
    for one, other in product(range(3), repeat=2):
        assert better(order[one], order[other]) == (one < other)


# --- meets ---


def meets(title):
    return word("meets", title=title)


def test_a_rule_may_ask_for_the_conditions_of_another_title():
    assert judge(every(meets("LDTT")), RECORD, LDTT=every(YES, PEOPLE)).outcome == MET
    assert judge(every(meets("LDTT")), RECORD, LDTT=NO).outcome == NOT_MET
    found = judge(every(meets("LDTT"), YES), RECORD, LDTT=every(WAITS))
    assert (found.outcome, found.why, found.awaited) == (UNKNOWN, "awaited", ("d.1",))
    assert [c.word for c, _ in found.answers()] == ["meets", "title_in_row", "grade_at_least"]
    assert found.finding.parts[0].answer.figures == {"title": "LDTT"}
    assert "title:p1:2024:CSTDCS" in found.read


def test_what_people_judge_of_the_other_title_does_not_count_here_either():
    assert judge(every(meets("GK"), YES), RECORD, GK=PEOPLE).outcome == MET
    found = judge(every(meets("GK")), RECORD, GK=PEOPLE)
    assert (found.outcome, found.why, found.to_judge) == (UNKNOWN, "people", (PEOPLE,))
    found = judge(either(NO, meets("GK")), RECORD, GK=PEOPLE)
    assert (found.outcome, found.why) == (UNKNOWN, "people")


def test_a_title_without_a_rule_and_a_circle_are_no_rule():
    assert judge(every(meets("LDTT")), RECORD).why == "no_rule"
    late = word("grade_at_least", grade="HTNV", since=date(2030, 1, 1))
    assert judge(every(meets("LDTT")), RECORD, LDTT=late).why == "no_rule"
    found = judge(every(meets("A")), RECORD, A=meets("B"), B=meets("T"))
    assert (found.outcome, found.why) == (UNKNOWN, "no_rule")
    # The same title twice is no circle.
    assert judge(every(meets("A"), meets("A")), RECORD, A=YES).outcome == MET


def test_registration_is_that_of_the_title_asked_for_also_through_another():
    record = known(registered=frozenset({"T"}))
    assert judge(every(meets("LDTT")), record, LDTT=word("registered")).outcome == MET


def test_a_title_without_a_rule_is_told_among_the_answers():
    found = judge(every(meets("LDTT"), YES), RECORD)
    (asked, told), (other, _) = found.answers()
    assert (asked.word, told.outcome, told.why, told.figures) == (
        "meets",
        UNKNOWN,
        "no_rule",
        {"title": "LDTT"},
    )
    assert other.word == "grade_at_least"


def test_what_people_judge_of_the_other_title_says_so():
    found = judge(every(meets("GK"), YES), RECORD, GK=PEOPLE)
    told = next(answer for condition, answer in found.answers() if condition.word == "meets")
    assert (told.outcome, told.why, told.figures) == (JUDGED, "people", {"title": "GK"})
    found = judge(every(meets("LDTT"), YES), RECORD, LDTT=SILENT)
    told = next(answer for condition, answer in found.answers() if condition.word == "meets")
    assert (told.outcome, told.why) == (UNKNOWN, "silent")


# --- Days in force ---


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2026, 4, 1), MET), (date(2026, 4, 2), UNKNOWN)],
)
def test_a_condition_is_asked_from_its_first_to_its_last_day(on, expected):
    asks = every(
        word("grade_at_least", until=date(2026, 4, 1), grade="HTNV"),
        word("unseen", since=date(2026, 4, 2), what={}),
    )
    assert verdict(book(asks), Asked("T", 2024, on), RECORD).outcome == expected


def test_where_nothing_is_in_force_there_is_no_rule():
    found = judge(every(word("grade_at_least", until=date(2020, 1, 1), grade="HTNV")), RECORD)
    assert (found.outcome, found.why, found.rule, found.finding) == (UNKNOWN, "no_rule", "R", None)
    group = either(word("grade_at_least", until=date(2020, 1, 1), grade="HTNV"))
    assert judge(every(YES, group), RECORD).outcome == MET


def test_days_in_force_include_both_ends():
    one = word("judged", date(2025, 1, 2), date(2025, 1, 4), what={})
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(5)]
    assert [one.in_force(day) for day in days] == [False, True, True, True, False]


# --- Only merit counts ---


@pytest.mark.parametrize("kind", ["sudden", "theme"])
def test_sudden_and_thematic_awards_count_in_no_chain(kind):
    other = held(2022, kind=kind)
    row = known(held=held(2023, 2024) + other)
    assert outcome("title_in_row", row, titles=("CSTDCS",), years=3) == "not_met"
    assert outcome("title_times", row, titles=("CSTDCS",), times=3, years=5) == "not_met"
    assert outcome("title_before", known(held=other), titles=("CSTDCS",)) == "not_met"
    after = known(held=other, graded=grades("HTTNV", 2023, 2024))
    assert outcome("grades_in_row", after, grade="HTTNV", years=2, after=("CSTDCS",)) == "not_met"


# --- After a discipline ---


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        (date(2023, 7, 31), "unknown unserved"),  # within the first of the two years before
        (date(2022, 8, 1), "met"),
        (date(2022, 8, 2), "unknown unserved"),
        (date(2023, 8, 1), "not_met"),
        (date(2025, 1, 1), "not_met"),
        (None, "unknown unserved"),
    ],
)
def test_what_was_achieved_before_a_discipline_was_served_does_not_count(served, expected):
    since = date(2022, 1, 1)
    record = known(
        held=held(2022, 2023, 2024),
        graded=grades("HTTNV", 2022, 2024),
        disciplines=(discipline(since, served),),
    )
    assert outcome("title_in_row", record, cutting=True, titles=("CSTDCS",), years=3) == expected
    assert outcome("grades_in_row", record, cutting=True, grade="HTTNV", years=3) == expected
    assert outcome("title_in_row", record, titles=("CSTDCS",), years=3) == "met"


def test_a_year_that_is_cut_off_does_not_count_whatever_would_yet_be_decided_of_it():
    cut = (discipline(date(2024, 1, 1), date(2025, 8, 1)),)
    waiting = person(held=held(2024, awaited="d.1"), disciplines=cut)
    found = answer("title_in_row", waiting, cutting=True, titles=("CSTDCS",), years=1)
    assert (found.outcome, found.awaited) == (NOT_MET, ())
    assert outcome("grade_at_least", person(disciplines=cut), cutting=True, grade="HTNV") == "not_met"


def test_the_discipline_is_among_the_rows_on_which_the_answer_rests():
    cut = (discipline(date(2024, 1, 1), date(2025, 8, 1)), discipline(date(2025, 6, 16), date(2025, 9, 1)))
    record = known(held=held(2024), graded=graded(y2024="HTTNV"), disciplines=cut)
    found = answer("title_times", record, cutting=True, titles=("CSTDCS",), times=1, years=1)
    assert found.evidence == ("CSTDCS:2024", "discipline:2024-01-01")
    found = answer("grade_at_least", record, cutting=True, grade="HTNV")
    assert found.evidence == ("grade:2024", "discipline:2024-01-01")
    assert "discipline:p1" in found.read


def test_of_several_disciplines_those_are_told_that_cut_the_year_off():
    """Of the legal day itself, and served a day after the year; not served on its last day, nor of a later day."""
    of_the_day = discipline(date(2025, 6, 15), date(2025, 8, 1))
    in_time = discipline(date(2024, 3, 1), date(2025, 7, 31))
    cut = (of_the_day, in_time, discipline(date(2025, 6, 16), date(2025, 9, 1)))
    record = known(graded=graded(y2024="HTTNV"), disciplines=cut)
    found = answer("grade_at_least", record, cutting=True, grade="HTNV")
    assert (found.outcome, found.evidence) == (NOT_MET, ("grade:2024", "discipline:2025-06-15"))


def test_a_grade_too_low_stays_too_low_after_a_discipline():
    record = known(graded=graded(y2024="HTNV"), disciplines=(discipline(date(2024, 1, 1)),))
    assert outcome("grade_at_least", record, cutting=True, grade="HTTNV") == "not_met"


def test_an_awaited_title_of_a_year_with_a_discipline_without_an_end_is_unserved_first():
    record = known(held=held(2024, awaited="d.1"), disciplines=(discipline(date(2024, 1, 1)),))
    found = answer("title_in_row", record, cutting=True, titles=("CSTDCS",), years=1)
    assert (found.why, found.awaited) == ("unserved", ("d.1",))


@pytest.mark.parametrize(
    ("since", "expected"), [(date(2025, 6, 15), "unknown unserved"), (date(2025, 6, 16), "met")]
)
def test_a_discipline_after_the_legal_day_cuts_nothing_off(since, expected):
    record = known(
        graded=graded(y2024="HTTNV"), disciplines=(discipline(since),), initiatives=(initiative(),)
    )
    assert outcome("grade_at_least", record, cutting=True, grade="HTTNV") == expected
    assert outcome("initiatives", record, cutting=True, scope="local", count=1) == expected
    served = known(
        graded=graded(y2024="HTTNV"),
        disciplines=(discipline(since, date(2026, 1, 1)),),
        initiatives=(initiative(),),
    )
    cut = "not_met" if expected != "met" else "met"
    assert outcome("grade_at_least", served, cutting=True, grade="HTTNV") == cut
    assert outcome("initiatives", served, cutting=True, scope="local", count=1) == cut


@pytest.mark.parametrize(
    ("served", "expected"),
    [(date(2025, 3, 1), "met"), (date(2025, 3, 2), "not_met"), (None, "unknown unserved")],
)
def test_an_initiative_counts_from_the_day_on_which_a_discipline_has_been_served(served, expected):
    record = known(
        initiatives=(initiative(on=date(2025, 3, 1)),), disciplines=(discipline(date(2024, 1, 1), served),)
    )
    found = answer("initiatives", record, cutting=True, scope="local", count=1)
    assert f"{found.outcome} {found.why}".strip() == expected
    assert "discipline:p1" in found.read
    assert outcome("initiatives", record, scope="local", count=1) == "met"
    waiting = known(
        initiatives=(initiative(on=date(2025, 3, 1), awaited="d.2"),),
        disciplines=(discipline(date(2024, 1, 1), served),),
    )
    found = answer("initiatives", waiting, cutting=True, scope="local", count=1)
    assert found.why == {"met": "awaited", "not_met": ""}.get(expected, "unserved")


def test_of_two_disciplines_the_one_that_cuts_off_decides():
    both = (discipline(date(2024, 1, 1)), discipline(date(2024, 2, 1), date(2026, 1, 1)))
    for order in (both, both[::-1]):
        record = known(graded=graded(y2024="HTTNV"), disciplines=order, initiatives=(initiative(),))
        assert outcome("grade_at_least", record, cutting=True, grade="HTTNV") == "not_met"
        assert outcome("initiatives", record, cutting=True, scope="local", count=1) == "not_met"


def test_a_title_once_held_stays_held_after_a_discipline():
    record = known(held=held(2015), disciplines=(discipline(date(2020, 1, 1)),))
    assert outcome("title_before", record, cutting=True, titles=("CSTDCS",)) == "met"


def test_the_rulebook_says_whether_a_discipline_cuts_off():
    record = known(graded=graded(y2024="HTTNV"), disciplines=(discipline(date(2024, 9, 1)),))
    assert judge(every(YES), record).outcome == MET
    assert judge(every(YES), record, after=True).why == "unserved"


# --- School years ---


def test_school_years_are_numbers_with_names_and_days():
    assert year_named("2024-2025") == 2024
    for wrong in ("2024-2026", "2025-2024", "2024", "24-25", "2024-2025 ", "x2024-2025"):
        assert year_named(wrong) is None
    assert name_of(2024) == "2024-2025"
    assert (first_day(2024), last_day(2024)) == (date(2024, 8, 1), date(2025, 7, 31))
    assert (year_of(date(2024, 7, 31)), year_of(date(2024, 8, 1)), year_of(date(2025, 1, 1))) == (
        2023,
        2024,
        2024,
    )
    assert list(row_to(2024, 3)) == [2022, 2023, 2024]


def test_grades_scopes_and_disciplines_go_from_the_lowest_up():
    assert GRADES == ("KHTNV", "HTNV", "HTTNV", "HTXSNV")
    assert SCOPES == ("local", "province", "state")
    assert DISCIPLINES[:2] == ("khien_trach", "canh_cao")


# --- Nothing is raised ---


@pytest.mark.parametrize("name", BOOKS)
def test_whatever_the_record_nothing_is_raised(name):
    law = book_of(name).law
    dice = Random(name)
    for _ in range(60):
        year = dice.randrange(2018, 2027)
        day = date(year, 8, 1) + timedelta(days=dice.randrange(-400, 800))
        for subject in ("individual", "collective"):
            empty = person(subject=subject)
            record = record_of(history(dice, subject, year, day))
            for title, whose in law.rules:
                for one in (record, empty):
                    found = verdict(law, Asked(title, year, day), one)
                    assert found.outcome in (MET, NOT_MET, UNKNOWN)
                    assert (found.outcome == UNKNOWN) == bool(found.why), (title, whose)


def test_a_lawbook_without_rules_says_no_rule():
    assert verdict(Lawbook("none", {}), asked(), RECORD).why == "no_rule"
