"""What is missing for a title: sets of changes of which each is needed, and the first year in which it can be had."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest

from rules.answers import MET
from rules.conditions import WORDS
from rules.lawbook import Asked
from rules.missing import HORIZON, OPEN, PAST, UNPROVED, WAYS, Change, changed, earliest_year, missing
from rules.record import Held, Member, Movement
from rules.verdict import verdict
from tests.rules.law_build import (
    JUDGED,
    UNSEEN,
    all_complete,
    asked,
    book,
    discipline,
    either,
    every,
    graded,
    grades,
    held,
    initiative,
    known,
    person,
    school,
    trade,
    word,
)
from tests.rules.law_histories import book_of, history, question, record_of

ROW = word("title_in_row", titles=("CSTDCS",), years=3)
#: known to 2023, so that the year asked for is still open
UNTIL_LAST_YEAR = all_complete(last=2023)


def this_year(**facts):
    """Somebody of whom everything is known but the year asked for."""
    return person(complete=UNTIL_LAST_YEAR, whole=True, **facts)


def lacks(asks, record, now=None, after=False, **others):
    """The sets as tuples of (kind, year, names, count, standing)."""
    law = book(asks, subject=record.subject, after=after, **others)
    return [
        [(c.kind, c.year, c.names, c.count, standing) for c, standing in needed.changes]
        for needed in missing(law, asked(), record, now)
    ]


# --- One word after another ---


def test_nothing_is_missing_where_the_verdict_is_met_or_no_change_helps():
    assert lacks(ROW, known(held=held(2022, 2023, 2024))) == []
    assert lacks(UNSEEN, known()) == []
    assert lacks(JUDGED, known()) == []
    assert lacks(word("never_held", titles=("KNC",)), known(held=held(2000, title="KNC"))) == []
    assert missing(book(ROW), Asked("X", 2024, date(2025, 6, 15)), known()) == ()


def test_a_grade_is_open_this_year_unproved_where_silent_and_past_where_given():
    asks = word("grade_at_least", grade="HTTNV")
    need = ("grade", 2024, ("HTTNV",), 0)
    assert lacks(asks, person()) == [[(*need, OPEN)]]
    assert lacks(asks, person(), now=2025) == [[(*need, UNPROVED)]]
    assert lacks(asks, known()) == [[(*need, PAST)]]
    assert lacks(asks, person(graded=graded(y2024="HTNV"))) == [[(*need, PAST)]]
    asks = word("grades_in_row", grade="HTTNV", years=3)
    assert lacks(asks, person(graded=graded(y2022="HTTNV", y2023="HTNV"))) == [
        [("grade", 2023, ("HTTNV",), 0, PAST), ("grade", 2024, ("HTTNV",), 0, OPEN)]
    ]


def test_a_title_is_open_this_year_and_where_another_dossier_decides():
    row = ("title", 2024, ("CSTDCS",), 0)
    assert lacks(ROW, this_year(held=held(2022, 2023))) == [[(*row, OPEN)]]
    assert lacks(ROW, known(held=held(2022, 2023))) == [[(*row, PAST)]]
    waiting = known(held=held(2022, 2024) + held(2023, awaited="d.1"))
    assert lacks(ROW, waiting) == [[("title", 2023, ("CSTDCS",), 0, OPEN)]]
    assert lacks(ROW, person(held=held(2023, 2024))) == [[("title", 2022, ("CSTDCS",), 0, UNPROVED)]]
    thematic = known(held=held(2023, 2024) + held(2022, kind="theme", awaited="d.1"))
    assert lacks(ROW, thematic) == [[("title", 2022, ("CSTDCS",), 0, PAST)]]


def test_of_years_that_are_counted_those_that_are_open_are_named_first():
    asks = word("title_times", titles=("CSTDCS",), times=3, years=5)
    assert lacks(asks, this_year(held=held(2020, 2021))) == [[("title", 2024, ("CSTDCS",), 0, OPEN)]]
    record = person(held=held(2020), complete={"titles": frozenset({2023, 2022})})
    assert lacks(asks, record) == [
        [("title", 2021, ("CSTDCS",), 0, UNPROVED), ("title", 2024, ("CSTDCS",), 0, OPEN)]
    ]
    asks = word("grade_times", grade="HTXSNV", times=2, years=5)
    assert lacks(asks, known(graded=graded(y2020="HTXSNV"))) == [[("grade", 2024, ("HTXSNV",), 0, PAST)]]


def test_a_title_before_leaves_room_for_the_row_that_follows_it():
    asks = every(
        word("title_before", titles=("HCLD3",)),
        word("grades_in_row", grade="HTTNV", years=5, after=("HCLD3",)),
    )
    good = grades("HTTNV", 2015, 2024)
    assert lacks(asks, known(graded=good)) == [[("title_before", 2019, ("HCLD3",), 0, PAST)]]
    assert lacks(asks, person(graded=good)) == [[("title_before", 2019, ("HCLD3",), 0, UNPROVED)]]
    for year, standing in ((2018, OPEN), (2019, OPEN), (2020, PAST)):
        waits = known(graded=good, held=held(year, title="HCLD3", awaited="d.1"))
        assert lacks(asks, waits) == [[("title_before", 2019, ("HCLD3",), 0, standing)]]
    late = known(graded=good, held=held(2021, title="HCLD3"))
    assert lacks(asks, late) == [[("title_before", 2019, ("HCLD3",), 0, PAST)]]
    assert lacks(word("title_before", titles=("BKB",)), person()) == [
        [("title_before", 2023, ("BKB",), 0, UNPROVED)]
    ]


def test_a_discipline_that_cuts_off_would_have_to_be_annulled_or_other_years_serve():
    cut = (discipline(date(2021, 1, 1), date(2022, 9, 1)),)
    record = this_year(held=held(2022, 2023), disciplines=cut)
    assert lacks(ROW, record, after=True) == [
        [("discipline", 0, (), 0, PAST), ("title", 2024, ("CSTDCS",), 0, OPEN)]
    ]
    asks = word("title_times", titles=("CSTDCS",), times=2, years=3)
    assert lacks(asks, record, after=True) == [
        [("title", 2024, ("CSTDCS",), 0, OPEN)],
        [("discipline", 0, (), 0, PAST)],
    ]


def test_initiatives_are_told_by_how_many_more():
    asks = word("initiatives", scope="province", count=3)
    one = (initiative("state"), initiative("local"))
    assert lacks(asks, this_year(initiatives=one)) == [[("initiative", 0, ("province",), 2, OPEN)]]
    assert lacks(asks, this_year(initiatives=one), now=2025) == [
        [("initiative", 0, ("province",), 2, UNPROVED)]
    ]
    assert lacks(asks, known(initiatives=one)) == [[("initiative", 0, ("province",), 2, PAST)]]
    cut = (discipline(date(2024, 1, 1), date(2025, 5, 1)),)
    record = this_year(initiatives=(initiative(),), disciplines=cut)
    assert lacks(word("initiatives", scope="local", count=1), record, after=True) == [
        [("initiative", 0, ("local",), 1, OPEN)],
        [("discipline", 0, (), 0, PAST)],
    ]


def test_service_is_proved_and_passes_by_itself():
    asks = word("service_years", years=20)
    assert lacks(asks, person()) == [[("service", 2024, (), 20, UNPROVED)]]
    assert lacks(asks, person(service=(trade(date(2020, 1, 1)),))) == []
    lasting = person(service=(trade(date(2000, 1, 1)),), disciplines=(discipline(date(2010, 1, 1)),))
    assert lacks(asks, lasting) == [[("discipline", 0, (), 0, PAST)]]


def test_what_is_of_the_year_asked_for():
    assert lacks(word("months_worked", months=10), person()) == [[("employed", 2024, (), 10, UNPROVED)]]
    assert lacks(word("months_worked", months=10), person(), now=2023) == [[("employed", 2024, (), 10, OPEN)]]
    assert lacks(word("months_worked", months=10), person(employed_since=date(2025, 1, 1))) == []
    named = ("registered", 2024, ("T",), 0)
    assert lacks(word("registered"), person()) == [[(*named, OPEN)]]
    assert lacks(word("registered"), person(), now=2025) == [[(*named, UNPROVED)]]
    assert lacks(word("registered"), person(registered=frozenset()), now=2025) == [[(*named, PAST)]]
    assert lacks(word("registered"), person(registered=frozenset({"X"}))) == [[(*named, OPEN)]]
    clean = word("no_discipline", form="canh_cao")
    assert lacks(clean, person()) == [[("no_discipline", 2024, (), 0, OPEN)]]
    assert lacks(clean, person(), now=2025) == [[("no_discipline", 2024, (), 0, UNPROVED)]]
    assert lacks(clean, person(disciplines=(discipline(date(2025, 1, 1)),))) == [
        [("discipline", 0, (), 0, PAST)]
    ]
    wide = word("movement_reviewed", level="province")
    assert lacks(wide, person()) == [[("movement", 2024, ("province",), 0, OPEN)]]
    assert lacks(wide, person(), now=2025) == [[("movement", 2024, ("province",), 0, PAST)]]
    assert lacks(word("rank_at_most", rank=2), school()) == [[("rank", 2024, (), 2, OPEN)]]
    assert lacks(word("rank_at_most", rank=2), school(rank=3)) == [[("rank", 2024, (), 2, PAST)]]


def test_members_are_told_by_how_many_more():
    worker, nobody = Member(frozenset({"LDTT"})), Member()
    share = word("members_share", share=Fraction(7, 10), titles=("LDTT",))
    need = ("member_titles", 2024, ("LDTT",), 2)
    ten = [worker] * 5 + [nobody] * 5
    assert lacks(share, school(*ten, complete=False)) == [[(*need, OPEN)]]
    assert lacks(share, school(*ten, complete=False), now=2025) == [[(*need, UNPROVED)]]
    assert lacks(share, school(*ten)) == [[(*need, PAST)]]
    waiting = [worker] * 5 + [nobody] * 3 + [Member(awaited={"LDTT": "d.1"})] * 2
    assert lacks(share, school(*waiting)) == [[(*need, OPEN)]]
    assert lacks(word("members_count", titles=("CSTDCS",), count=1), school(worker, complete=False)) == [
        [("member_titles", 2024, ("CSTDCS",), 1, OPEN)]
    ]
    assert lacks(word("members_count", titles=("CSTDCS",), count=2), school(worker, complete=False)) == []
    work = word("members_share", share=Fraction(1), grade="HTNV")
    assert lacks(work, school(Member(grade="HTNV"), Member())) == [
        [("member_grades", 2024, ("HTNV",), 1, OPEN)]
    ]
    bad = school(Member(grade="KHTNV"), Member())
    assert lacks(work, bad) == [[("member_grades", 2024, ("HTNV",), 2, PAST)]]
    assert lacks(share, school()) == lacks(word("members_undisciplined", form="canh_cao"), school()) == []


def test_a_disciplined_member_is_past_and_silence_about_members_is_not():
    clean = word("members_undisciplined", form="canh_cao")
    hit = school(Member(disciplines=("canh_cao",)))
    assert lacks(clean, hit) == [[("member_disciplines", 2024, (), 0, PAST)]]
    assert lacks(clean, school(Member(), complete=False)) == [[("no_discipline", 2024, (), 0, OPEN)]]


def test_never_takes_the_whole_career_on_record_and_what_is_held_stays():
    once = word("never_held", titles=("KNC",))
    assert lacks(once, person()) == [[("never_held", 0, ("KNC",), 0, UNPROVED)]]
    assert lacks(once, person(held=held(2024, title="KNC", awaited="d.1"))) == []


def test_a_word_that_is_met_needs_nothing_beside_one_that_is_not():
    high = word("grade_at_least", grade="HTXSNV")
    need = [[("grade", 2024, ("HTXSNV",), 0, OPEN)]]
    record = this_year(
        employed_since=date(2010, 1, 1), registered=frozenset({"T"}), service=(trade(date(2000, 1, 1)),)
    )
    for one in (
        word("never_held", titles=("KNC",)),
        word("months_worked", months=10),
        word("registered"),
        word("service_years", years=20),
    ):
        assert lacks(every(one, high), record) == need
    unit = school(Member(frozenset({"LDTT"})), rank=1, graded=graded(y2024="HTTNV"))
    for one in (
        word("rank_at_most", rank=1),
        word("members_undisciplined", form="canh_cao"),
        word("members_count", titles=("LDTT",), count=1),
    ):
        assert lacks(every(one, high), unit) == [[("grade", 2024, ("HTXSNV",), 0, PAST)]]


# --- Groups ---


def test_of_alternatives_each_is_a_set_and_open_ones_come_first():
    asks = either(word("grade_at_least", grade="HTXSNV"), word("initiatives", scope="local", count=1))
    assert lacks(asks, this_year(graded=graded(y2024="HTTNV"))) == [
        [("initiative", 0, ("local",), 1, OPEN)],
        [("grade", 2024, ("HTXSNV",), 0, PAST)],
    ]


def test_what_people_judge_takes_no_change_and_is_no_way_out():
    high = word("grade_at_least", grade="HTXSNV")
    need = [[("grade", 2024, ("HTXSNV",), 0, OPEN)]]
    assert lacks(every(JUDGED, high), person()) == need
    assert lacks(either(JUDGED, high), person()) == need
    assert lacks(every(either(JUDGED, JUDGED), high), person()) == need


def test_another_title_is_asked_through_and_a_circle_has_no_way():
    high = word("grade_at_least", grade="HTXSNV")
    through = word("meets", title="A")
    assert lacks(through, person(), A=high) == [[("grade", 2024, ("HTXSNV",), 0, OPEN)]]
    assert lacks(every(through), person()) == []
    assert lacks(every(through, high), person(), A=word("meets", title="T")) == []
    assert lacks(either(through, high), person(), A=word("meets", title="T")) == [
        [("grade", 2024, ("HTXSNV",), 0, OPEN)]
    ]


def test_what_is_not_in_force_is_not_missing():
    later = word("grade_at_least", since=date(2030, 1, 1), grade="HTXSNV")
    now = word("grade_at_least", grade="HTNV")
    assert lacks(every(later, now), person()) == [[("grade", 2024, ("HTNV",), 0, OPEN)]]


def test_a_higher_grade_makes_the_lower_one_needless():
    asks = every(word("grade_at_least", grade="HTTNV"), word("grade_at_least", grade="HTXSNV"))
    assert lacks(asks, person()) == [[("grade", 2024, ("HTXSNV",), 0, OPEN)]]


def test_every_word_has_its_way():
    assert set(WAYS) == set(WORDS) - {"judged", "title_before"}


# --- Of whatever history ---


def cases(seed, count):
    for number in range(count):
        dice = Random(f"{seed} {number}")
        asks = question(dice)
        told = history(dice, asks.subject, asks.year, max(asks.day, date(asks.year, 8, 1)))
        yield asks, told


def sets_are_minimal(seed, count):
    seen = 0
    for asks, told in cases(seed, count):
        law, record = book_of(asks.book).law, record_of(told)
        then = Asked(asks.title, asks.year, max(asks.day, date(asks.year, 8, 1)))
        found = missing(law, then, record)
        if verdict(law, then, record).outcome == MET:
            assert found == ()

        def met(changes, law=law, record=record, then=then):
            for change in changes:
                record = changed(record, change, then)
            return verdict(law, then, record).outcome == MET

        sets = [frozenset(change for change, _ in needed.changes) for needed in found]
        for one in sets:
            seen += 1
            assert met(one) and met(sorted(one)), (asks, one)
            for change in one:
                assert not met(one - {change}), (asks, one, change)
                if change.count > 1 and change.kind in ("initiative", "member_grades"):
                    assert not met([*(one - {change}), replace(change, count=change.count - 1)]), (
                        asks,
                        change,
                    )
        for one, other in product(sets, repeat=2):
            assert one is other or not one <= other
        assert [needed.open for needed in found] == sorted((needed.open for needed in found), reverse=True)
    return seen


def test_every_set_helps_every_change_of_it_is_needed_and_none_holds_another():
    assert sets_are_minimal("sets", 700) > 200


@pytest.mark.hard
def test_every_set_helps_every_change_of_it_is_needed_at_length():
    assert sets_are_minimal("sets at length", 40_000) > 10_000


# --- The earliest year ---


def brute(law, then, record):
    """The first year in which the title can be had, by trying every set of titles, grades and initiatives to come."""
    now = then.year
    for year in range(now, now + HORIZON + 1):
        later = Asked(then.title, year, then.on.replace(year=then.on.year + year - now))
        of = range(max(now, year - 2), year + 1)
        may = [Change("title", y, ("CSTDCS",)) for y in of if not record.knows("titles", y)]
        may += [
            Change("grade", y, ("HTXSNV",))
            for y in of
            if not record.knows("grades", y) and all(g.year != y for g in record.graded)
        ]
        if not record.knows("initiatives", year):
            may.append(Change("initiative", 0, ("province",), 2))
        # A title that another dossier decides may come.
        may += [Change("title", h.year, (h.title,)) for h in record.held if h.awaited]
        for size in range(len(may) + 1):
            for some in combinations(may, size):
                whole = record
                for change in some:
                    whole = changed(whole, change, later)
                if verdict(law, later, whole).outcome == MET:
                    return year
    return None


SMALL = (
    ROW,
    every(ROW, word("initiatives", scope="province", count=1, unused_by="form")),
    either(
        word("title_in_row", titles=("CSTDCS",), years=2),
        every(
            word("grades_in_row", grade="HTXSNV", years=2),
            word("initiatives", scope="local", count=2, years=2),
        ),
    ),
    every(
        word("grade_times", grade="HTXSNV", times=2, years=3),
        word("title_times", titles=("CSTDCS",), times=1, years=3),
    ),
    every(
        word("title_before", titles=("CSTDCS",)),
        word("grades_in_row", grade="HTTNV", years=2, after=("CSTDCS",)),
    ),
    every(word("service_years", years=20), JUDGED),
    every(either(UNSEEN, word("grade_at_least", grade="HTTNV")), word("never_held", titles=("KNC",))),
)


@pytest.mark.parametrize("place", range(len(SMALL)))
def test_the_earliest_year_is_that_of_trying_everything(place):
    seen = set()
    # Of a rule that no change helps, every set of changes is tried in every year.
    for seed in range(12 if place == 5 else 60):
        dice = Random(f"{place} {seed}")
        told = {
            "held": tuple(
                Held(title, year, f"{title}:{year}", awaited=dice.choice((None, None, None, "d.1")))
                for year in range(2020, 2025)
                for title in ("CSTDCS", "KNC")
                if dice.random() < (0.5 if title == "CSTDCS" else 0.05)
            ),
            "graded": graded(
                **{
                    f"y{y}": dice.choice(("HTNV", "HTTNV", "HTXSNV"))
                    for y in range(2020, 2025)
                    if dice.random() < 0.7
                }
            ),
            "initiatives": tuple(
                initiative(
                    "province", date(dice.randrange(2021, 2025), 9, 1), f"i:{n}", last_day=date(2026, 9, 1)
                )
                for n in range(dice.randrange(3))
            ),
            "disciplines": (discipline(date(2022, 1, 1), date(dice.randrange(2022, 2026), 8, 1)),)
            if dice.random() < 0.4
            else (),
            "service": (trade(date(dice.randrange(2000, 2020), 9, 1)),),
            "complete": all_complete(last=dice.choice((2023, 2024))),
            "whole": dice.random() < 0.9,
        }
        record, law = person(**told), book(SMALL[place], after=True)
        found = earliest_year(law, asked(), record)
        assert found == brute(law, asked(), record), (seed, told)
        seen.add(found)
    assert len(seen) > 1, seen


def test_the_earliest_year_waits_for_what_time_brings():
    medal = every(word("service_years", years=20))
    assert earliest_year(book(medal), asked(), person(service=(trade(date(2009, 1, 1)),))) == 2028
    assert earliest_year(book(medal), asked(), person(service=(trade(date(2022, 1, 1)),))) is None
    assert earliest_year(book(medal), asked(), person()) is None
    assert earliest_year(book(ROW), asked(), known(held=held(2022, 2023, 2024))) == 2024
    assert (
        earliest_year(
            book(ROW),
            asked(),
            known(
                held=held(2024),
            ),
        )
        == 2029
    )
    assert earliest_year(book(UNSEEN), asked(), known()) is None


def test_a_later_year_has_its_own_registration_rank_movement_and_members():
    asks = every(word("registered"), word("movement_reviewed", level="local"))
    named = Movement("state", True, "m:1")
    low = every(asks, word("grade_at_least", grade="HTTNV"))
    record = person(
        registered=frozenset({"T"}),
        movement=named,
        graded=graded(y2024="HTNV"),
        complete=all_complete(last=2024),
    )
    assert earliest_year(book(low), asked(), record) == 2025
    first = every(word("rank_at_most", rank=1), word("members_share", share=Fraction(1), grade="HTNV"))
    unit = school(Member(grade="KHTNV"), rank=4)
    assert earliest_year(book(first, subject="collective"), asked(), unit) == 2025
    assert earliest_year(book(first, subject="collective"), asked(), school(rank=1)) is None
    clean = every(word("no_discipline", form="khien_trach"), word("months_worked", months=10))
    hit = person(disciplines=(discipline(date(2025, 1, 1)),))
    assert earliest_year(book(clean), asked(), hit) == 2025


def test_a_leap_day_is_asked_for_in_years_without_one():
    on = Asked("T", 2023, date(2024, 2, 29))
    later = every(word("grade_at_least", grade="HTTNV"))
    assert earliest_year(book(later), on, known(graded=graded(y2023="HTNV"))) == 2027
    assert earliest_year(book(later), on, known(graded=graded(y2023="HTTNV"))) == 2023


def test_a_supposed_grade_is_of_its_year_and_never_lowers_one():
    record = person(graded=graded(y2023="HTXSNV", y2024="HTNV"))
    higher = changed(record, Change("grade", 2024, ("HTTNV",)), asked())
    assert {g.year: g.grade for g in higher.graded} == {2023: "HTXSNV", 2024: "HTTNV"}
    same = changed(record, Change("grade", 2023, ("HTTNV",)), asked())
    assert {g.year: g.grade for g in same.graded} == {2023: "HTXSNV", 2024: "HTNV"}


def test_records_are_not_changed_by_what_is_supposed():
    for asks, told in cases("kept", 60):
        before = deepcopy(told)
        record = record_of(told)
        then = Asked(asks.title, asks.year, asks.day)
        missing(book_of(asks.book).law, then, record)
        assert record == record_of(before)
