"""The published rulebooks say what the table of the law says, cell by cell; and what shares of grades there are."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from published.rulebooks import read_rulebook
from published.rulebooks.tables import grade_law_of, money_table_of
from published.rulebooks.values import Rulebook
from rules.grading import PEOPLE, UNITS
from rules.money import HOUSEHOLD, INDIVIDUAL, LEFT_OUT, reckon
from tests.build import ROOT
from tests.law.tables import prize
from tests.law.test_money import GOLDEN

#: which column of the table a rulebook answers for, and a day of it
COLUMNS = (
    ("rs-2017", 0, date(2022, 8, 1)),
    ("rs-2024", 1, date(2024, 6, 30)),
    ("rs-2024", 2, date(2024, 7, 1)),
    ("rs-2025", 2, date(2026, 6, 30)),
    ("rs-2025", 3, date(2026, 7, 1)),
    ("rs-2026", 3, date(2026, 10, 1)),
)
#: of the old decree the province's commendation paid less
_SINCE_2024 = "BKT-TX"


def book(name: str) -> Rulebook:
    found, faults = read_rulebook((ROOT / "regulations" / "rulebooks" / f"{name}.yaml").read_bytes())
    assert found is not None and not faults
    return found


@pytest.mark.parametrize(("name", "column", "day"), COLUMNS)
def test_every_cell_of_the_table_comes_out_of_the_published_rulebook(name, column, day):
    table = money_table_of(book(name), day)
    assert table is not None
    for (title, subject), amounts in GOLDEN.items():
        if name == "rs-2017" and title == _SINCE_2024:
            continue
        (line,) = reckon(table, [prize(title, subject, on=day)]).lines
        assert line.amount == amounts[column], (title, subject)


@pytest.mark.parametrize("name", ["rs-2017", "rs-2024", "rs-2025", "rs-2026"])
def test_titles_of_money_only_hand_nothing_over(name):
    found = book(name)
    assert found.money is not None
    assert found.money.awards["LDTT", "individual"].items == ()
    assert found.money.awards["TTLDTT", "collective"].items == ()


def test_over_how_many_years_a_title_is_counted_comes_from_its_conditions():
    day = date(2025, 7, 25)
    table = money_table_of(book("rs-2025"), day)
    assert table is not None
    both = reckon(table, [prize("CSTDT", on=day), prize("CSTDCS", on=day), prize("LDTT", on=day)])
    assert both.paid == 7_020_000 + 2_340_000
    assert [(line.prize.title, line.standing) for line in both.left_out] == [("LDTT", LEFT_OUT)]
    counted = table.rates["CSTDT", INDIVIDUAL].counted
    assert counted is not None and counted.years == 3


def test_a_household_has_one_and_a_half_times_an_individuals_rate():
    day = date(2025, 7, 25)
    table = money_table_of(book("rs-2025"), day)
    assert table is not None
    rate = table.rate_of("BKT-DX", HOUSEHOLD)
    assert rate is not None and rate.times == Fraction(9, 4)


def test_shares_of_grades_begin_in_july_2026_and_stay_unverified():
    law = grade_law_of(book("rs-2025"))
    assert law is not None
    assert [(cap.id, cap.subject, cap.share, cap.or_share, cap.of) for cap in law.caps] == [
        ("C01", PEOPLE, Fraction(1, 5), Fraction(1, 4), ("HTTNV",)),
        ("C02", UNITS, Fraction(1, 5), Fraction(1, 4), ("HTTNV",)),
    ]
    few = law.caps[1].few
    assert few is not None and (few.below, few.most) == (5, 1)
    rules = (*law.caps, *law.heads)
    assert len(rules) == 3
    assert not any(rule.in_force(date(2026, 6, 30)) or rule.cited.verified for rule in rules)
    assert all(rule.in_force(date(2026, 7, 1)) for rule in rules)
    old = grade_law_of(book("rs-2024"))
    assert old is None or (old.caps, old.heads) == ((), ())
