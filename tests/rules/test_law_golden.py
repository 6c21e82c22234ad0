"""Golden cases of the published rulebooks: each article by an example, each date of change on both of its sides."""

from datetime import date

import pytest

from rules.lawbook import Asked
from rules.record import Member, Movement
from rules.verdict import verdict
from tests.rules.law_build import (
    discipline,
    graded,
    grades,
    held,
    initiative,
    known,
    school,
    trade,
)
from tests.rules.law_histories import BOOKS, book_of

EVE_2024, DAY_2024 = date(2023, 12, 31), date(2024, 1, 1)
EVE_DECREE, DAY_DECREE = date(2025, 6, 30), date(2025, 7, 1)
EVE_CIRCULAR, DAY_CIRCULAR = date(2026, 4, 1), date(2026, 4, 2)
EVE_GRADING, DAY_GRADING = date(2026, 6, 30), date(2026, 7, 1)
EVE_LAW, DAY_LAW = date(2026, 9, 30), date(2026, 10, 1)


def on(day, title, record, year=None):
    """What is said on a legal day, by the rulebook of that day."""
    book = next(found for found in map(book_of, BOOKS) if found.holds(day))
    return verdict(book.law, Asked(title, year or day.year - (day.month < 8), day), record)


def says(day, title, record, year=None):
    found = on(day, title, record, year)
    return f"{found.rulebook} {found.outcome} {found.why}".strip()


# --- Dates of change ---


@pytest.mark.parametrize(
    ("eve", "day", "before", "since"),
    [
        (EVE_2024, DAY_2024, "rs-2017", "rs-2024"),
        (EVE_DECREE, DAY_DECREE, "rs-2024", "rs-2025"),
        (EVE_CIRCULAR, DAY_CIRCULAR, "rs-2025", "rs-2025"),
        (EVE_GRADING, DAY_GRADING, "rs-2025", "rs-2025"),
        (EVE_LAW, DAY_LAW, "rs-2025", "rs-2026"),
    ],
)
def test_on_each_day_one_rulebook_holds(eve, day, before, since):
    for when, expected in ((eve, before), (day, since)):
        assert [name for name in BOOKS if book_of(name).holds(when)] == [expected]


def test_since_2024_excellent_work_serves_instead_of_an_initiative():
    excellent = known(
        graded=graded(y2023="HTXSNV"), employed_since=date(2010, 1, 1), registered=frozenset({"CSTDCS"})
    )
    assert says(EVE_2024, "CSTDCS", excellent) == "rs-2017 not_met"
    assert says(DAY_2024, "CSTDCS", excellent) == "rs-2024 met"


def test_since_2024_nobody_has_to_register():
    worker = known(graded=graded(y2023="HTTNV"), employed_since=date(2010, 1, 1), registered=frozenset())
    assert says(EVE_2024, "LDTT", worker) == "rs-2017 not_met"
    assert says(DAY_2024, "LDTT", worker) == "rs-2024 met"


def test_since_2024_a_discipline_of_the_year_no_longer_rules_out_but_cuts_off():
    reprimanded = known(
        graded=graded(y2023="HTTNV"),
        employed_since=date(2010, 1, 1),
        registered=frozenset({"LDTT"}),
        disciplines=(discipline(date(2023, 9, 1), date(2023, 12, 1), "khien_trach"),),
    )
    assert says(EVE_2024, "LDTT", reprimanded) == "rs-2017 not_met"
    assert says(DAY_2024, "LDTT", reprimanded) == "rs-2024 unknown unserved"


def test_since_2024_seven_of_ten_instead_of_more_than_half():
    members = [Member(frozenset({"LDTT"}))] * 6 + [Member()] * 4
    unit = school(*members, graded=graded(y2023="HTTNV"), registered=frozenset({"TTLDTT"}))
    assert says(EVE_2024, "TTLDTT", unit) == "rs-2017 met"
    assert says(DAY_2024, "TTLDTT", unit) == "rs-2024 not_met"


def test_with_the_decree_of_2025_the_same_is_asked_and_x04_is_read_in_the_text():
    three = known(held=held(2022, 2023, 2024), initiatives=(initiative("province"),))
    assert says(EVE_DECREE, "CSTDT", three, 2024) == "rs-2024 met"
    assert says(DAY_DECREE, "CSTDT", three, 2024) == "rs-2025 met"
    assert not book_of("rs-2024").law.after_discipline.verified
    assert book_of("rs-2025").law.after_discipline.verified


def test_before_2024_no_line_cuts_off_after_a_discipline():
    assert book_of("rs-2017").law.after_discipline is None


def test_the_medal_has_conditions_only_while_the_circular_holds_that_was_seen():
    veteran = known(service=(trade(date(2000, 1, 1)),))
    beginner = known(service=(trade(date(2020, 1, 1)),))
    for day, expected in (
        (date(2024, 2, 14), "rs-2024 unknown unseen"),
        (date(2024, 2, 15), "rs-2024 met"),
        (EVE_CIRCULAR, "rs-2025 met"),
        (DAY_CIRCULAR, "rs-2025 unknown unseen"),
        (DAY_LAW, "rs-2026 unknown unseen"),
    ):
        assert says(day, "KNC", veteran) == expected
    assert says(EVE_CIRCULAR, "KNC", beginner) == "rs-2025 not_met"
    assert says(DAY_CIRCULAR, "KNC", beginner) == "rs-2025 unknown unseen"
    assert says(DAY_CIRCULAR, "KNC", known(held=held(2010, title="KNC"))) == "rs-2025 not_met"


def test_with_the_grading_of_july_2026_the_titles_ask_for_the_same_grades():
    worker = known(graded=graded(y2025="HTTNV"))
    assert says(EVE_GRADING, "LDTT", worker, 2025) == "rs-2025 met"
    assert says(DAY_GRADING, "LDTT", worker, 2025) == "rs-2025 met"
    base = book_of("rs-2025").money
    assert [base.base_salary(day).amount for day in (EVE_GRADING, DAY_GRADING)] == [2_340_000, 2_530_000]


def test_with_the_amended_law_themes_are_unseen_and_the_rest_is_unverified():
    named = known(movement=Movement("province", True, "movement:1"))
    assert says(EVE_LAW, "BKT-CD", named) == "rs-2025 met"
    assert says(DAY_LAW, "BKT-CD", named) == "rs-2026 unknown unseen"
    worker = known(graded=graded(y2025="HTTNV"))
    assert says(DAY_LAW, "LDTT", worker, 2025) == "rs-2026 met"
    assert not on(EVE_LAW, "LDTT", worker, 2025).unverified
    assert on(DAY_LAW, "LDTT", worker, 2025).unverified


# --- Articles, by the rulebook of 2025 ---

NOW = date(2026, 3, 1)
IDEA = initiative("local", date(2026, 2, 1))


def now(title, **facts):
    found = on(NOW, title, known(**facts))
    return f"{found.outcome} {found.why}".strip()


def test_article_24_advanced_worker():
    assert now("LDTT", graded=graded(y2025="HTTNV")) == "met"
    assert now("LDTT", graded=graded(y2025="HTNV")) == "not_met"
    assert on(NOW, "LDTT", known(graded=graded(y2025="HTTNV"))).to_judge


def test_article_23_grassroots_fighter():
    assert now("CSTDCS", graded=graded(y2025="HTXSNV")) == "met"
    assert now("CSTDCS", graded=graded(y2025="HTTNV")) == "not_met"
    assert now("CSTDCS", graded=graded(y2025="HTTNV"), initiatives=(IDEA,)) == "met"
    assert now("CSTDCS", graded=graded(y2025="HTNV"), initiatives=(IDEA,)) == "not_met"
    used = initiative("local", date(2026, 2, 1), used_by=frozenset({"form"}))
    assert now("CSTDCS", graded=graded(y2025="HTTNV"), initiatives=(used,)) == "not_met"


@pytest.mark.parametrize("title", ["CSTDT", "CSTDB"])
def test_article_22_provincial_fighter(title):
    wide = initiative("province", date(2025, 9, 1))
    assert now(title, held=held(2023, 2024, 2025), initiatives=(wide,)) == "met"
    assert now(title, held=held(2023, 2024, 2025), initiatives=(IDEA,)) == "not_met"
    assert now(title, held=held(2022, 2024, 2025), initiatives=(wide,)) == "not_met"


def test_article_21_national_fighter():
    widest = initiative("state", date(2025, 9, 1))
    chain = held(2024, title="CSTDT") + held(2025, title="CSTDB")
    assert now("CSTDTQ", held=chain, initiatives=(widest,)) == "met"
    assert now("CSTDTQ", held=chain[1:], initiatives=(widest,)) == "not_met"


def units(title, *members, **facts):
    year = frozenset({2024, 2025})
    unit = school(*members, complete=False, **facts)
    unit = type(unit)(
        **{name: getattr(unit, name) for name in unit.__slots__}
        | {"complete": dict.fromkeys(("titles", "grades", "disciplines"), year)}
    )
    found = on(NOW, title, unit)
    return f"{found.outcome} {found.why}".strip()


WORKER = Member(frozenset({"LDTT"}), grade="HTTNV")
FIGHTER = Member(frozenset({"CSTDCS"}), grade="HTXSNV")
OTHER = Member(grade="HTNV")


def test_article_28_advanced_collective():
    good = graded(y2025="HTTNV")
    assert units("TTLDTT", *[WORKER] * 7, *[OTHER] * 3, graded=good) == "met"
    assert units("TTLDTT", *[WORKER] * 6, *[OTHER] * 4, graded=good) == "not_met"
    warned = Member(frozenset({"LDTT"}), disciplines=("canh_cao",))
    reprimanded = Member(frozenset({"LDTT"}), disciplines=("khien_trach",))
    assert units("TTLDTT", *[WORKER] * 9, warned, graded=good) == "not_met"
    assert units("TTLDTT", *[WORKER] * 9, reprimanded, graded=good) == "met"
    assert units("TTLDTT", *[WORKER] * 10, graded=graded(y2025="HTNV")) == "not_met"


def test_article_27_excellent_collective():
    best = graded(y2025="HTXSNV")
    assert units("TTLDXS", *[WORKER] * 6, FIGHTER, *[OTHER] * 3, graded=best) == "met"
    assert units("TTLDXS", *[WORKER] * 7, *[OTHER] * 3, graded=best) == "not_met"
    assert units("TTLDXS", FIGHTER, *[WORKER] * 8, Member(grade="KHTNV"), graded=best) == "not_met"
    assert units("TTLDXS", *[WORKER] * 6, FIGHTER, *[OTHER] * 3, graded=graded(y2025="HTTNV")) == "not_met"


def test_articles_26_and_25_flags():
    assert units("COTINH", rank=1) == "met"
    assert units("COTINH", rank=2) == "not_met"
    assert units("COBO", rank=1) == "unknown unseen"
    assert units("COBO", rank=2) == "not_met"
    assert units("COCP", rank=1) == "met"
    assert units("COCP", rank=2) == "not_met"
    assert units("BKT-KHOI", rank=3) == "met"
    assert units("BKT-KHOI", rank=4) == "not_met"


@pytest.mark.parametrize("title", ["BKT-TX", "BKB"])
def test_article_74_commendations(title):
    assert now(title, held=held(2024, 2025)) == "met"
    two = (initiative("local", date(2024, 9, 1)), initiative("local", date(2025, 9, 1), "i:2"))
    best = grades("HTXSNV", 2024, 2025)
    assert now(title, graded=best, initiatives=two) == "met"
    assert now(title, graded=best, initiatives=two[:1]) == "not_met"
    assert now(title, graded=grades("HTTNV", 2024, 2025), initiatives=two) == "not_met"
    used = tuple(
        initiative("local", date(2025, 9, 1), f"i:{n}", used_by=frozenset({"title"})) for n in (1, 2)
    )
    assert now(title, graded=best, initiatives=used) == "not_met"
    assert units(title, graded=best) == "met"
    assert units(title, held=held(2024, 2025, title="TTLDXS")) == "met"
    assert units(title, held=held(2025, title="TTLDXS")) == "not_met"


def test_article_74_sudden_feats_are_judged_by_people_alone():
    assert now("BKT-DX") == "unknown people"


def test_article_75_certificate_of_merit():
    assert now("GK") == "unknown people"
    assert now("GK", movement=Movement("local", True, "m:1")) == "met"


def test_article_73_prime_ministers_commendation():
    facts = {
        "held": held(2019, title="BKB") + held(2021, 2023, 2025),
        "graded": grades("HTTNV", 2021, 2025),
    }
    assert now("BKTTG", **facts) == "met"
    assert now("BKTTG", held=facts["held"][1:], graded=facts["graded"]) == "not_met"
    assert now("BKTTG", held=facts["held"][:3], graded=facts["graded"]) == "not_met"
    assert now("BKTTG", held=facts["held"], graded=facts["graded"][1:]) == "not_met"
    assert units("BKTTG") == "unknown unseen"


def test_article_43_labour_order_second_class():
    facts = {
        "held": held(2020, title="HCLD3") + held(2023, title="CSTDT"),
        "graded": grades("HTTNV", 2021, 2023) + grades("HTXSNV", 2024, 2025),
    }
    assert now("HCLD2", **facts) == "met"
    assert now("HCLD2", held=facts["held"][:1], graded=facts["graded"]) == "not_met"
    assert (
        now("HCLD2", held=facts["held"], graded=grades("HTTNV", 2021, 2024) + grades("HTXSNV", 2025, 2025))
        == "not_met"
    )
    later = held(2021, title="HCLD3") + held(2023, title="CSTDT")
    assert now("HCLD2", held=later, graded=facts["graded"]) == "not_met"


@pytest.mark.parametrize("title", ["HCLD3", "HCLD1", "NGUT", "NGND"])
def test_what_nobody_has_seen_is_unknown(title):
    assert now(title) == "unknown unseen"


def test_the_medal_takes_twenty_years_or_fifteen_with_five_in_a_hard_area():
    assert now("KNC", service=(trade(date(2006, 3, 2)),)) == "met"
    assert now("KNC", service=(trade(date(2006, 3, 3)),)) == "not_met"
    hard = (trade(date(2011, 3, 2)), trade(date(2011, 3, 2), date(2016, 3, 1), "hard_area"))
    assert now("KNC", service=hard) == "met"
    assert now("KNC", service=(trade(date(2006, 3, 2)),), held=held(2015, title="KNC")) == "not_met"


# --- Articles of the frame before 2024 ---

THEN = date(2023, 6, 15)


def old(title, **facts):
    facts = {"employed_since": date(2010, 1, 1), "registered": frozenset({title})} | facts
    return on(THEN, title, known(**facts)).outcome


def test_the_old_worker_is_registered_long_enough_employed_and_not_disciplined():
    good = graded(y2022="HTTNV")
    assert old("LDTT", graded=good) == "met"
    assert old("LDTT", graded=good, employed_since=date(2022, 10, 2)) == "not_met"
    assert (
        old("LDTT", graded=good, disciplines=(discipline(date(2023, 1, 1), form="khien_trach"),)) == "not_met"
    )
    assert old("LDTT", graded=good, registered=frozenset({"CSTDCS"})) == "not_met"


def test_the_old_fighter_needs_an_initiative():
    idea = (initiative("local", date(2023, 3, 1)),)
    assert old("CSTDCS", graded=graded(y2022="HTTNV"), initiatives=idea) == "met"
    assert old("CSTDCS", graded=graded(y2022="HTXSNV")) == "not_met"


def test_the_old_order_first_class_of_a_school_with_five_excellent_years():
    # After a real case: five years TTLDXS in a row, four flags of the province, one of the Government.
    five = held(*range(2018, 2023), title="TTLDXS") + held(2017, title="HCLD2")
    flags = held(2018, 2019, 2020, 2022, title="COTINH") + held(2021, title="COCP")
    assert on(THEN, "HCLD1", school(held=five + flags, whole=True)).outcome == "met"
    assert on(THEN, "HCLD1", school(held=five + flags[2:], whole=True)).outcome == "not_met"
    two = held(2021, 2022, title="COCP")
    assert on(THEN, "HCLD1", school(held=five + two, whole=True)).outcome == "met"
