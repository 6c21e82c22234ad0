"""Each word of the rulebooks: when it is met, when it is not, and why it is unknown."""

from datetime import date
from fractions import Fraction

import pytest

from rules.conditions import MEETS, WORDS
from rules.record import Member, Movement
from tests.rules.law_build import (
    UNSEEN,
    WHAT,
    answer,
    discipline,
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
    trade,
)

ROW = {"titles": ("CSTDCS",), "years": 3}


# --- grade_at_least, grades_in_row, grade_times ---


@pytest.mark.parametrize(
    ("grade", "expected"),
    [("KHTNV", "not_met"), ("HTNV", "not_met"), ("HTTNV", "met"), ("HTXSNV", "met")],
)
def test_a_grade_meets_what_is_asked_or_less(grade, expected):
    assert outcome("grade_at_least", known(graded=graded(y2024=grade)), grade="HTTNV") == expected


def test_a_year_without_a_grade_is_silent_unless_its_grades_are_complete():
    assert outcome("grade_at_least", person(), grade="HTNV") == "unknown silent"
    assert outcome("grade_at_least", known(), grade="HTNV") == "not_met"


def test_the_grade_of_another_year_is_no_answer():
    assert outcome("grade_at_least", person(graded=graded(y2023="HTXSNV")), grade="HTNV") == "unknown silent"


def test_a_grade_is_told_with_its_row_its_year_and_what_it_is():
    found = answer("grade_at_least", known(graded=graded(y2024="HTNV")), grade="HTTNV")
    assert found.evidence == ("grade:2024",)
    assert found.figures == {"grade": "HTTNV", "has": "HTNV", "year": "2024-2025"}
    assert set(found.read) == {"grade:p1:2024", "complete:p1:2024"}
    assert answer("grade_at_least", person(), grade="HTTNV").figures["has"] is None


def test_grades_in_a_row_end_with_the_year_asked_for():
    good = grades("HTTNV", 2020, 2024)
    assert outcome("grades_in_row", known(graded=good), grade="HTTNV", years=5) == "met"
    assert outcome("grades_in_row", known(graded=good), grade="HTTNV", years=6) == "not_met"
    assert (
        outcome("grades_in_row", person(graded=good), year=2025, grade="HTTNV", years=5) == "unknown silent"
    )
    assert outcome("grades_in_row", known(graded=good), grade="HTXSNV", years=5) == "not_met"


def test_a_gap_breaks_a_row_and_is_named():
    good = grades("HTTNV", 2020, 2021) + grades("HTTNV", 2023, 2024)
    found = answer("grades_in_row", known(graded=good), grade="HTTNV", years=5)
    assert found.outcome == "not_met"
    assert found.figures == {
        "grade": "HTTNV",
        "since": "2020-2021",
        "until": "2024-2025",
        "years": 5,
        "missing": ["2022-2023"],
        "after": (),
        "have": 4,
        "need": 5,
    }
    assert outcome("grades_in_row", person(graded=good), grade="HTTNV", years=5) == "unknown silent"


def test_grades_counted_may_lie_anywhere_in_the_span():
    good = graded(y2020="HTXSNV", y2021="HTTNV", y2022="HTTNV", y2023="HTXSNV", y2024="HTTNV")
    assert outcome("grade_times", known(graded=good), grade="HTXSNV", times=2, years=5) == "met"
    assert outcome("grade_times", known(graded=good), grade="HTXSNV", times=3, years=5) == "not_met"
    assert outcome("grade_times", known(graded=good), grade="HTXSNV", times=2, years=4) == "not_met"
    assert outcome("grade_times", person(graded=good), grade="HTXSNV", times=2, years=6) == "met"
    assert outcome("grade_times", person(graded=good), grade="HTXSNV", times=3, years=6) == "unknown silent"
    assert outcome("grade_times", person(graded=good), grade="HTXSNV", times=4, years=6) == "not_met"


# --- title_in_row, title_times ---


def test_titles_in_a_row_take_each_year():
    assert outcome("title_in_row", known(held=held(2022, 2023, 2024)), **ROW) == "met"
    assert outcome("title_in_row", known(held=held(2021, 2023, 2024)), **ROW) == "not_met"
    assert outcome("title_in_row", known(held=held(2021, 2022, 2023)), **ROW) == "not_met"
    assert outcome("title_in_row", person(held=held(2023, 2024)), **ROW) == "unknown silent"


def test_of_several_titles_each_year_may_have_another():
    both = held(2023, title="CSTDT") + held(2024, title="CSTDB")
    assert outcome("title_in_row", known(held=both), titles=("CSTDT", "CSTDB"), years=2) == "met"
    assert outcome("title_in_row", known(held=both), titles=("CSTDT",), years=2) == "not_met"


def test_two_titles_of_one_year_are_one_year():
    both = held(2024, title="CSTDT") + held(2024, title="CSTDB")
    assert outcome("title_times", known(held=both), titles=("CSTDT", "CSTDB"), times=2, years=5) == "not_met"


def test_titles_counted_may_have_gaps():
    three = held(2020, 2022, 2024)
    assert outcome("title_times", known(held=three), titles=("CSTDCS",), times=3, years=5) == "met"
    assert outcome("title_times", known(held=three), titles=("CSTDCS",), times=3, years=4) == "not_met"
    assert (
        outcome("title_times", person(held=three), titles=("CSTDCS",), times=4, years=5) == "unknown silent"
    )
    found = answer("title_times", known(held=three), titles=("CSTDCS",), times=3, years=5)
    assert found.evidence == ("CSTDCS:2020", "CSTDCS:2022", "CSTDCS:2024")
    assert (found.figures["have"], found.figures["need"], found.figures["years"]) == (3, 3, 5)
    assert (found.figures["since"], found.figures["until"]) == ("2020-2021", "2024-2025")


def test_a_title_that_another_dossier_decides_is_awaited():
    waiting = held(2022, 2023) + held(2024, awaited="th-a.2425.1")
    found = answer("title_in_row", known(held=waiting), **ROW)
    assert (found.outcome, found.why, found.awaited) == ("unknown", "awaited", ("th-a.2425.1",))
    # Where it cannot help, nobody waits for it.
    found = answer("title_in_row", known(held=waiting), titles=("CSTDCS",), years=4)
    assert (found.outcome, found.why, found.awaited) == ("not_met", "", ())


def test_of_several_reasons_the_one_that_takes_longest_is_told():
    waiting = held(2023) + held(2024, awaited="d.1")
    found = answer("title_in_row", person(held=waiting), **ROW)
    assert (found.why, found.awaited) == ("silent", ("d.1",))


# --- rows that follow a title ---

FOLLOWS = {"grade": "HTTNV", "years": 5, "after": ("HCLD3",)}


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        ((2019,), "met"),
        ((2010,), "met"),
        ((2020,), "not_met"),
        ((2023,), "not_met"),
        # Any of several will do: a second one takes nothing away.
        ((2010, 2022), "met"),
        ((), "not_met"),
        ((2025,), "not_met"),
    ],
)
def test_a_row_follows_a_title_of_an_earlier_year(orders, expected):
    record = known(graded=grades("HTTNV", 2018, 2024), held=held(*orders, title="HCLD3"))
    assert outcome("grades_in_row", record, **FOLLOWS) == expected


def test_the_title_before_a_row_may_be_unknown_or_awaited():
    good = grades("HTTNV", 2018, 2024)
    assert outcome("grades_in_row", person(graded=good), **FOLLOWS) == "unknown silent"
    # One within the row does not help; an earlier one may have been there.
    record = person(graded=good, held=held(2022, title="HCLD3"))
    found = answer("grades_in_row", record, **FOLLOWS)
    assert (found.outcome, found.why) == ("unknown", "silent")
    assert found.figures["missing"] == ["2020-2021", "2021-2022", "2022-2023"]
    record = known(graded=good, held=held(2019, title="HCLD3", awaited="d.9"))
    found = answer("grades_in_row", record, **FOLLOWS)
    assert (found.outcome, found.why, found.awaited) == ("unknown", "awaited", ("d.9",))


def test_an_unknown_title_before_does_not_make_a_broken_row_unknown():
    assert outcome("grades_in_row", person(graded=grades("HTNV", 2018, 2024)), **FOLLOWS) == "not_met"


def test_a_row_that_follows_a_title_is_told_with_it():
    record = known(graded=grades("HTTNV", 2018, 2024), held=held(2019, title="HCLD3"))
    found = answer("grades_in_row", record, **FOLLOWS)
    assert found.evidence[0] == "HCLD3:2019"
    assert len(found.evidence) == 6
    assert found.figures["after"] == ("HCLD3",)
    assert {"whole:p1", "title:p1:ever:HCLD3"} <= set(found.read)


def test_titles_in_a_row_may_follow_a_title_too():
    record = known(held=held(2022, 2023, 2024) + held(2021, title="HCLD2"))
    assert outcome("title_in_row", record, **ROW, after=("HCLD2",)) == "met"
    assert outcome("title_in_row", record, **ROW, after=("HCLD1",)) == "not_met"


# --- title_before, never_held ---


def test_a_title_before_is_of_an_earlier_year():
    assert outcome("title_before", known(held=held(2023)), titles=("CSTDCS",)) == "met"
    assert outcome("title_before", known(held=held(2024)), titles=("CSTDCS",)) == "not_met"
    assert outcome("title_before", person(), titles=("CSTDCS",)) == "unknown silent"
    found = answer("title_before", known(held=held(2015, awaited="d.1")), titles=("CSTDCS",))
    assert (found.outcome, found.why, found.awaited) == ("unknown", "awaited", ("d.1",))
    # Of a career that is not on record whole, silence takes longer than the other dossier.
    found = answer("title_before", person(held=held(2015, awaited="d.1")), titles=("CSTDCS",))
    assert (found.outcome, found.why, found.awaited) == ("unknown", "silent", ("d.1",))


def test_a_title_before_is_told_with_its_rows():
    found = answer("title_before", known(held=held(2015, 2016)), titles=("CSTDCS", "LDTT"))
    assert found.evidence == ("CSTDCS:2015", "CSTDCS:2016")
    assert found.figures == {"titles": ("CSTDCS", "LDTT"), "have": 2, "need": 1}
    assert found.read == ("whole:p1", "title:p1:ever:CSTDCS", "title:p1:ever:LDTT")


def test_never_needs_the_whole_career():
    assert outcome("never_held", known(), titles=("KNC",)) == "met"
    assert outcome("never_held", person(), titles=("KNC",)) == "unknown silent"
    assert outcome("never_held", known(held=held(2030, title="KNC")), titles=("KNC",)) == "not_met"
    # Once in life: for whatever it was given.
    assert (
        outcome("never_held", person(held=held(2001, title="KNC", kind="theme")), titles=("KNC",))
        == "not_met"
    )
    waiting = held(2024, title="KNC", awaited="d.1")
    found = answer("never_held", known(held=waiting), titles=("KNC",))
    assert (found.outcome, found.why, found.awaited) == ("unknown", "awaited", ("d.1",))
    found = answer("never_held", person(held=waiting), titles=("KNC",))
    assert (found.outcome, found.why, found.awaited) == ("unknown", "silent", ("d.1",))
    assert found.read == ("whole:p1", "title:p1:ever:KNC")


def test_a_title_that_is_held_is_evidence_against_never():
    record = known(held=held(2001, title="KNC") + held(2024, title="KNC", awaited="d.1") + held(2000))
    found = answer("never_held", record, titles=("KNC",))
    assert (found.outcome, found.evidence, found.awaited) == ("not_met", ("KNC:2001",), ())


# --- initiatives ---


@pytest.mark.parametrize(
    ("has", "asked", "expected"),
    [
        ("local", "local", "met"),
        ("province", "local", "met"),
        ("state", "local", "met"),
        ("local", "province", "not_met"),
        ("province", "province", "met"),
        ("province", "state", "not_met"),
        ("state", "state", "met"),
    ],
)
def test_a_wider_initiative_serves_where_a_nearer_is_asked_for(has, asked, expected):
    record = known(initiatives=(initiative(has),))
    assert outcome("initiatives", record, scope=asked, count=1) == expected


def test_initiatives_are_counted():
    two = (initiative(), initiative(ref="initiative:2"))
    assert outcome("initiatives", known(initiatives=two), scope="local", count=2) == "met"
    assert outcome("initiatives", known(initiatives=two), scope="local", count=3) == "not_met"
    assert outcome("initiatives", person(initiatives=two), scope="local", count=3) == "unknown silent"
    assert outcome("initiatives", person(initiatives=two), scope="local", count=2) == "met"
    assert outcome("initiatives", person(), scope="local", count=2) == "unknown silent"


@pytest.mark.parametrize(
    ("last", "expected"),
    [(None, "met"), (date(2025, 6, 15), "met"), (date(2025, 6, 14), "not_met")],
)
def test_an_initiative_is_valid_to_its_last_day(last, expected):
    record = known(initiatives=(initiative(last_day=last),))
    assert outcome("initiatives", record, scope="local", count=1) == expected


@pytest.mark.parametrize(("on", "expected"), [(date(2025, 6, 15), "met"), (date(2025, 6, 16), "not_met")])
def test_what_is_recognised_after_the_legal_day_does_not_count_yet(on, expected):
    assert outcome("initiatives", known(initiatives=(initiative(on=on),)), scope="local", count=1) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2023, 7, 31), "not_met"), (date(2023, 8, 1), "met"), (date(2025, 6, 15), "met")],
)
def test_initiatives_of_years_lie_in_school_years(on, expected):
    record = known(initiatives=(initiative(on=on),))
    assert outcome("initiatives", record, scope="local", count=1, years=2) == expected
    assert outcome("initiatives", record, scope="local", count=1) == "met"


def test_an_initiative_of_the_last_day_is_of_its_year():
    record = known(initiatives=(initiative(on=date(2025, 7, 31)),))
    assert outcome("initiatives", record, scope="local", count=1, years=1, on=date(2025, 9, 1)) == "met"


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_an_initiative_recognised_twice_serves_by_what_is_decided_of_it(order):
    """Decided in the school, on its way in the province: for a scope that both reach it is there."""
    twice = (initiative(), initiative("province", awaited="d.1"))[order]
    assert outcome("initiatives", person(initiatives=twice), scope="local", count=1) == "met"
    found = answer("initiatives", known(initiatives=twice), scope="province", count=1)
    assert (found.outcome, found.why, found.awaited) == ("unknown", "awaited", ("d.1",))


def test_enough_initiatives_are_enough_however_little_is_known_of_the_rest():
    found = answer("initiatives", person(initiatives=(initiative(),)), scope="local", count=1)
    assert (found.outcome, found.why) == ("met", "")


def test_an_initiative_after_the_last_year_is_not_of_it():
    record = known(initiatives=(initiative(on=date(2025, 8, 1)),))
    later = {"on": date(2025, 9, 1), "scope": "local", "count": 1}
    assert outcome("initiatives", record, **later, years=2) == "not_met"
    assert outcome("initiatives", record, **later) == "met"


@pytest.mark.parametrize(
    ("used", "forbidden", "expected"),
    [
        (set(), "any", "met"),
        ({"title"}, "form", "met"),
        ({"form"}, "form", "not_met"),
        ({"title"}, "title", "not_met"),
        ({"form"}, "title", "met"),
        ({"title"}, "any", "not_met"),
        ({"form"}, "any", "not_met"),
        ({"form", "title"}, None, "met"),
    ],
)
def test_an_initiative_that_was_used_is_not_used_again(used, forbidden, expected):
    record = known(initiatives=(initiative(used_by=frozenset(used)),))
    values = {"scope": "local", "count": 1} | ({"unused_by": forbidden} if forbidden else {})
    assert outcome("initiatives", record, **values) == expected
    assert answer("initiatives", record, **values).figures["used"] == (expected == "not_met")


def test_an_initiative_on_its_way_is_awaited():
    record = known(initiatives=(initiative(), initiative(ref="i:2", awaited="d.7")))
    assert outcome("initiatives", record, scope="local", count=1) == "met"
    found = answer("initiatives", record, scope="local", count=2)
    assert (found.outcome, found.why, found.awaited) == ("unknown", "awaited", ("d.7",))


def test_initiatives_are_told_with_their_rows_and_years():
    found = answer("initiatives", known(initiatives=(initiative(),)), scope="local", count=1, years=2)
    assert found.evidence == ("initiative:1",)
    assert found.figures == {
        "scope": "local",
        "used": 0,
        "since": "2023-2024",
        "until": "2024-2025",
        "years": 2,
        "have": 1,
        "need": 1,
    }
    assert set(found.read) == {"initiatives:p1", "complete:p1:2023", "complete:p1:2024"}
    found = answer("initiatives", known(), scope="local", count=1)
    assert found.figures == {"scope": "local", "used": 0, "have": 0, "need": 1}
    assert set(found.read) == {"initiatives:p1", "complete:p1:2024"}


def test_of_several_years_of_initiatives_each_must_be_complete():
    one_year = person(complete={"initiatives": frozenset({2024})})
    assert outcome("initiatives", one_year, scope="local", count=1) == "not_met"
    assert outcome("initiatives", one_year, scope="local", count=1, years=2) == "unknown silent"


# --- service_years, months_worked, registered ---

MEDAL = {"years": 20, "hard_years": 5, "fewer": 5}


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (date(2005, 6, 15), "met"),
        (date(2005, 6, 16), "met"),
        (date(2005, 6, 17), "not_met"),
        (date(2006, 6, 1), "not_met"),
    ],
)
def test_service_is_counted_to_the_day(since, expected):
    assert outcome("service_years", person(service=(trade(since),)), **MEDAL) == expected


@pytest.mark.parametrize(
    ("hard_until", "expected"),
    [(date(2015, 6, 15), "met"), (date(2015, 6, 13), "not_met")],
)
def test_five_years_in_a_hard_area_make_it_five_fewer(hard_until, expected):
    service = (trade(date(2010, 6, 16)), trade(date(2010, 6, 16), hard_until, "hard_area"))
    assert outcome("service_years", person(service=service), **MEDAL) == expected


def test_service_is_told_in_whole_years_and_months():
    service = (trade(date(2010, 6, 16)), trade(date(2010, 6, 16), date(2020, 1, 1), "hard_area"))
    found = answer("service_years", person(service=service), **MEDAL)
    assert found.figures == {"need": 15, "have": 15, "months": 0, "easier": True}
    assert found.evidence == ("trade:2010-06-16", "hard_area:2010-06-16")
    assert found.read == ("service:p1", "discipline:p1")
    found = answer("service_years", person(service=(trade(date(2015, 3, 1)),)), **MEDAL)
    assert found.figures == {"need": 20, "have": 10, "months": 3, "easier": False}
    found = answer("service_years", person(service=(trade(date(2015, 3, 1)),)), years=10)
    assert (found.outcome, found.figures["need"]) == ("met", 10)


def test_service_that_is_not_on_record_is_silence():
    silent = person(service=(trade(date(2000, 1, 1), kind="hard_area"),))
    for record in (person(), silent, person(service=(trade(date(2025, 7, 1)),))):
        found = answer("service_years", record, **MEDAL)
        assert (found.outcome, found.why) == ("unknown", "silent")
        assert found.figures == {"need": 20, "have": 0, "months": 0, "easier": False}


def test_times_that_overlap_count_once_and_gaps_do_not_count():
    overlap = (trade(date(2005, 6, 16), date(2015, 6, 15)), trade(date(2010, 1, 1)))
    assert outcome("service_years", person(service=overlap), **MEDAL) == "met"
    gap = (trade(date(2005, 6, 16), date(2015, 6, 15)), trade(date(2015, 6, 17)))
    assert outcome("service_years", person(service=gap), **MEDAL) == "not_met"
    joined = (trade(date(2015, 6, 16)), trade(date(2005, 6, 16), date(2015, 6, 15)))
    assert outcome("service_years", person(service=joined), **MEDAL) == "met"
    within = (trade(date(2005, 6, 16)), trade(date(2010, 1, 1), date(2011, 1, 1)))
    assert answer("service_years", person(service=within), **MEDAL).figures["have"] == 20


def test_time_after_the_legal_day_is_no_service_yet():
    service = (trade(date(2005, 6, 17), date(2030, 1, 1)),)
    assert outcome("service_years", person(service=service), **MEDAL) == "not_met"
    later = (trade(date(2005, 6, 16)), trade(date(2025, 6, 20)))
    assert answer("service_years", person(service=later), **MEDAL).evidence == ("trade:2005-06-16",)


def test_a_service_that_begins_on_the_legal_day_has_lasted_for_a_day():
    found = answer("service_years", person(service=(trade(date(2025, 6, 15)),)), **MEDAL)
    assert (found.outcome, found.evidence) == ("not_met", ("trade:2025-06-15",))
    assert answer("service_years", person(service=(trade(date(2025, 6, 16)),)), **MEDAL).why == "silent"


@pytest.mark.parametrize(
    ("since", "on", "months"),
    [
        (date(2025, 2, 1), date(2025, 2, 28), 1),
        (date(2025, 2, 1), date(2025, 2, 27), 0),
        (date(2024, 2, 29), date(2024, 3, 28), 1),
        (date(2025, 1, 31), date(2025, 2, 27), 0),
        (date(2025, 1, 31), date(2025, 3, 30), 2),
        (date(2025, 1, 16), date(2025, 2, 15), 1),
        (date(2025, 1, 16), date(2025, 2, 14), 0),
        (date(2024, 12, 1), date(2024, 12, 31), 1),
    ],
)
def test_a_month_of_service_ends_with_the_day_before_that_of_its_beginning(since, on, months):
    found = answer("service_years", person(service=(trade(since),)), on=on, years=1)
    assert (found.figures["have"], found.figures["months"]) == (0, months)


def test_time_under_discipline_is_left_out():
    service = (trade(date(2004, 6, 16)),)
    year = discipline(date(2010, 1, 1), date(2011, 1, 1))
    assert outcome("service_years", person(service=service, disciplines=(year,)), **MEDAL) == "met"
    longer = discipline(date(2010, 1, 1), date(2011, 1, 2))
    assert outcome("service_years", person(service=service, disciplines=(longer,)), **MEDAL) == "not_met"
    # Two at once are left out once.
    both = (year, discipline(date(2010, 6, 1), date(2011, 1, 1)))
    assert outcome("service_years", person(service=service, disciplines=both), **MEDAL) == "met"


def test_a_discipline_without_an_end_leaves_service_open_only_where_it_decides():
    lasting = (discipline(date(2020, 1, 1)),)
    record = person(service=(trade(date(2004, 1, 1)),), disciplines=lasting)
    assert outcome("service_years", record, **MEDAL) == "unknown unserved"
    enough = person(service=(trade(date(1990, 1, 1)),), disciplines=lasting)
    assert outcome("service_years", enough, **MEDAL) == "met"
    never = person(service=(trade(date(2010, 1, 1)),), disciplines=lasting)
    assert outcome("service_years", never, **MEDAL) == "not_met"
    later = person(service=(trade(date(2005, 6, 16)),), disciplines=(discipline(date(2025, 6, 16)),))
    assert outcome("service_years", later, **MEDAL) == "met"
    today = person(service=(trade(date(2005, 6, 16)),), disciplines=(discipline(date(2025, 6, 15)),))
    assert outcome("service_years", today, **MEDAL) == "unknown unserved"


def test_a_leap_day_does_not_shorten_a_year_of_service():
    service = (trade(date(2004, 3, 1)),)
    assert outcome("service_years", person(service=service), on=date(2024, 2, 28), years=20) == "not_met"
    assert outcome("service_years", person(service=service), on=date(2024, 2, 29), years=20) == "met"


def test_a_service_as_old_as_the_calendar_is_counted_too():
    found = answer("service_years", person(service=(trade(date.min),)), **MEDAL)
    assert found.outcome == "met"
    assert found.figures["have"] == 2024


@pytest.mark.parametrize(
    ("since", "have", "expected"),
    [
        (date(2010, 9, 5), 12, "met"),
        (date(2024, 8, 1), 12, "met"),
        (date(2024, 8, 2), 11, "met"),
        (date(2024, 10, 1), 10, "met"),
        (date(2024, 10, 2), 9, "not_met"),
        (date(2025, 7, 1), 1, "not_met"),
        (date(2025, 7, 2), 0, "not_met"),
        (date(2025, 7, 31), 0, "not_met"),
        (date(2025, 9, 1), 0, "not_met"),
    ],
)
def test_months_worked_are_whole_months_of_the_school_year(since, have, expected):
    found = answer("months_worked", person(employed_since=since), months=10)
    assert (found.outcome, found.figures["have"]) == (expected, have)
    assert found.figures == {"need": 10, "have": have, "since": since.isoformat()}
    assert found.read == ("employment:p1",)


def test_an_employment_that_is_not_on_record_is_silence():
    found = answer("months_worked", known(), months=10)
    assert (found.outcome, found.why, found.read) == ("unknown", "silent", ("employment:p1",))
    assert found.figures == {"need": 10, "have": 0}


def test_registration_is_of_the_title_asked_for():
    assert outcome("registered", person(registered=frozenset({"T", "LDTT"}))) == "met"
    assert outcome("registered", person(registered=frozenset({"LDTT"}))) == "not_met"
    assert outcome("registered", person(registered=frozenset())) == "not_met"
    assert outcome("registered", person()) == "unknown silent"
    for record in (person(), known(registered=frozenset({"T"}))):
        assert answer("registered", record).read == ("registered:p1:2024",)


# --- no_discipline ---


@pytest.mark.parametrize(
    ("since", "form", "expected"),
    [
        (date(2024, 7, 31), "canh_cao", "met"),
        (date(2024, 8, 1), "canh_cao", "not_met"),
        (date(2025, 7, 31), "canh_cao", "not_met"),
        (date(2025, 8, 1), "canh_cao", "met"),
        (date(2025, 1, 1), "khien_trach", "met"),
        (date(2025, 1, 1), "cach_chuc", "not_met"),
    ],
)
def test_a_discipline_of_the_year_counts_from_its_form_up(since, form, expected):
    record = known(disciplines=(discipline(since, form=form),))
    assert outcome("no_discipline", record, form="canh_cao") == expected


def test_a_year_without_discipline_on_record_is_silent_unless_complete():
    found = answer("no_discipline", person(), form="khien_trach")
    assert (found.outcome, found.why) == ("unknown", "silent")
    assert found.figures == {"form": "khien_trach", "year": "2024-2025"}
    assert found.read == ("discipline:p1", "complete:p1:2024")
    record = person(disciplines=(discipline(date(2025, 1, 1)),))
    found = answer("no_discipline", record, form="khien_trach")
    assert (found.outcome, found.evidence) == ("not_met", ("discipline:2025-01-01",))
    assert found.read == ("discipline:p1", "complete:p1:2024")


# --- collectives ---

LD, FIGHTER, NOBODY = Member(frozenset({"LDTT"})), Member(frozenset({"LDTT", "CSTDCS"})), Member()
SHARE = {"share": Fraction(7, 10), "titles": ("LDTT", "CSTDCS")}


@pytest.mark.parametrize(
    ("have", "of", "expected"), [(7, 10, "met"), (6, 10, "not_met"), (10, 15, "not_met"), (11, 15, "met")]
)
def test_a_share_of_members_is_exact(have, of, expected):
    record = school(*[LD] * have, *[NOBODY] * (of - have))
    found = answer("members_share", record, **SHARE)
    assert (found.outcome, found.figures["have"], found.figures["of"]) == (expected, have, of)
    assert found.figures["need"] == -(-7 * of // 10)
    assert found.read == ("members:u1:2024", "complete:u1:2024")


def test_a_member_without_a_title_is_unknown_unless_titles_are_complete():
    assert (
        outcome("members_share", school(*[LD] * 6, *[NOBODY] * 4, complete=False), **SHARE)
        == "unknown silent"
    )
    assert outcome("members_share", school(*[LD] * 7, *[NOBODY] * 3, complete=False), **SHARE) == "met"
    waiting = Member(awaited={"LDTT": "d.3"})
    found = answer("members_share", school(*[LD] * 6, waiting, *[NOBODY] * 3), **SHARE)
    assert (found.outcome, found.why, found.awaited) == ("unknown", "awaited", ("d.3",))
    other = Member(awaited={"KNC": "d.3"})
    assert outcome("members_share", school(*[LD] * 6, other, *[NOBODY] * 3), **SHARE) == "not_met"


def test_a_share_may_be_of_grades():
    good, bad, silent = Member(grade="HTNV"), Member(grade="KHTNV"), Member()
    values = {"share": Fraction(1), "grade": "HTNV"}
    assert outcome("members_share", school(good, good), **values) == "met"
    assert outcome("members_share", school(good, bad), **values) == "not_met"
    assert outcome("members_share", school(good, silent), **values) == "unknown silent"
    assert outcome("members_share", school(bad, silent), **values) == "not_met"
    assert answer("members_share", school(good), **values).figures == {
        "share": Fraction(1),
        "titles": (),
        "grade": "HTNV",
        "of": 1,
        "have": 1,
        "need": 1,
    }


def test_members_are_counted():
    assert outcome("members_count", school(FIGHTER, NOBODY), titles=("CSTDCS",), count=1) == "met"
    assert outcome("members_count", school(LD, NOBODY), titles=("CSTDCS",), count=1) == "not_met"
    assert outcome("members_count", school(FIGHTER, LD), titles=("CSTDCS",), count=2) == "not_met"
    found = answer("members_count", school(FIGHTER, LD), titles=("CSTDCS",), count=1)
    assert found.figures == {"titles": ("CSTDCS",), "of": 2, "have": 1, "need": 1}


def test_nobody_counted_is_unknown():
    uncounted = school()
    for record in (uncounted, person(subject="collective")):
        for word, values in (
            ("members_share", SHARE),
            ("members_count", {"titles": ("CSTDCS",), "count": 1}),
            ("members_undisciplined", {"form": "canh_cao"}),
        ):
            found = answer(word, record, **values)
            assert (found.outcome, found.why) == ("unknown", "silent")
            assert (found.figures["have"], found.figures["of"]) == (0, 0)
            assert len(found.read) == 2


def test_a_disciplined_member_counts_against_all():
    reprimanded, warned = (
        Member(disciplines=("khien_trach",)),
        Member(disciplines=("khien_trach", "canh_cao")),
    )
    assert outcome("members_undisciplined", school(LD, reprimanded), form="canh_cao") == "met"
    assert outcome("members_undisciplined", school(LD, warned), form="canh_cao") == "not_met"
    assert outcome("members_undisciplined", school(LD, warned, complete=False), form="canh_cao") == "not_met"
    assert outcome("members_undisciplined", school(LD, complete=False), form="canh_cao") == "unknown silent"
    found = answer("members_undisciplined", school(warned, warned, LD), form="canh_cao")
    assert found.figures == {"form": "canh_cao", "year": "2024-2025", "hit": 2}
    assert found.read == ("members:u1:2024", "complete:u1:2024")


@pytest.mark.parametrize(
    ("rank", "expected"), [(1, "met"), (2, "met"), (3, "not_met"), (None, "unknown silent")]
)
def test_a_rank_is_good_enough_or_not(rank, expected):
    record = school(rank=rank)
    assert outcome("rank_at_most", record, rank=2) == expected
    found = answer("rank_at_most", record, rank=2)
    assert (found.figures, found.read) == ({"need": 2, "have": rank}, ("rank:u1:2024",))


@pytest.mark.parametrize(
    ("level", "reviewed", "expected"),
    [
        ("local", True, "not_met"),
        ("province", True, "met"),
        ("ministry", True, "met"),
        ("state", True, "met"),
        ("state", False, "not_met"),
    ],
)
def test_a_movement_is_wide_enough_and_reviewed(level, reviewed, expected):
    record = person(movement=Movement(level, reviewed, "movement:4"))
    found = answer("movement_reviewed", record, level="province")
    assert (found.outcome, found.evidence) == (expected, ("movement:4",))
    assert found.figures == {"level": "province", "named": True, "reviewed": reviewed, "launched": level}
    assert found.read == ("movement:p1:2024",)


def test_without_a_movement_the_nomination_names_none():
    found = answer("movement_reviewed", person(), level="local")
    assert (found.outcome, found.figures) == ("not_met", {"level": "local", "named": False})
    assert found.read == ("movement:p1:2024",)


# --- judged, unseen ---


def test_people_judge_what_a_text_leaves_to_them():
    found = answer("judged", known(), what=WHAT)
    assert (found.outcome, found.why, found.figures) == ("judged", "people", {"what": WHAT})


def test_a_text_that_nobody_has_seen_is_never_met():
    found = answer("unseen", known(), what=WHAT)
    assert (found.outcome, found.why, found.figures) == ("unknown", "unseen", {"what": WHAT})
    assert judge(every(UNSEEN), known()).why == "unseen"


# --- the vocabulary ---


def test_every_word_takes_the_values_that_it_declares():
    for name, word in WORDS.items():
        code = word.examine.__code__
        declared = set(code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount])
        assert declared == {*word.must, *word.may}, name
        assert set(word.examine.__kwdefaults__ or {}) == set(word.may), name
    assert MEETS not in WORDS


def test_words_of_collectives_are_no_words_of_persons():
    of = {
        word.subjects: sorted(n for n, w in WORDS.items() if w.subjects == word.subjects)
        for word in WORDS.values()
    }
    assert of["individual",] == ["initiatives", "months_worked", "no_discipline", "service_years"]
    assert of["collective",] == ["members_count", "members_share", "members_undisciplined", "rank_at_most"]
    assert len(of["individual", "collective"]) == len(WORDS) - 8
