"""What awards pay: every cell of the table of the law, figures that must not come out, and what is paid together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.lawbook import Cited
from rules.money import (
    AT_MOST,
    COLLECTIVE,
    DOWN,
    HIGHEST,
    HOUSEHOLD,
    INDIVIDUAL,
    LEFT_OUT,
    NEAREST,
    NO_RATE,
    NO_SALARY,
    NONE,
    PAID,
    ROUNDING_MODES,
    SAME_PERIOD_EQUAL,
    SAME_PERIOD_LOWER,
    UP,
    Prize,
    Rounding,
    reckon,
)
from tests.law.tables import ARTICLE_49, DAYS, RATES, TITLES, TOGETHER, prize, table

# What each award pays with the four base salaries 1.490.000, 1.800.000, 2.340.000 and 2.530.000.
GOLDEN = {
    ("LDTT", INDIVIDUAL): (450_000, 540_000, 710_000, 760_000),
    ("GK", INDIVIDUAL): (450_000, 540_000, 710_000, 760_000),
    ("GK", COLLECTIVE): (900_000, 1_080_000, 1_410_000, 1_520_000),
    ("KNC", INDIVIDUAL): (900_000, 1_080_000, 1_410_000, 1_520_000),
    ("TTLDTT", COLLECTIVE): (1_200_000, 1_440_000, 1_880_000, 2_030_000),
    ("CSTDCS", INDIVIDUAL): (1_490_000, 1_800_000, 2_340_000, 2_530_000),
    ("TTLDXS", COLLECTIVE): (2_240_000, 2_700_000, 3_510_000, 3_800_000),
    ("BKT-TX", INDIVIDUAL): (2_240_000, 2_700_000, 3_510_000, 3_800_000),
    ("CSTDT", INDIVIDUAL): (4_470_000, 5_400_000, 7_020_000, 7_590_000),
    ("BKT-TX", COLLECTIVE): (4_470_000, 5_400_000, 7_020_000, 7_590_000),
    ("BKTTG", INDIVIDUAL): (5_220_000, 6_300_000, 8_190_000, 8_860_000),
    ("CSTDTQ", INDIVIDUAL): (6_710_000, 8_100_000, 10_530_000, 11_390_000),
    ("HCLD3", INDIVIDUAL): (6_710_000, 8_100_000, 10_530_000, 11_390_000),
    ("BKTTG", COLLECTIVE): (10_430_000, 12_600_000, 16_380_000, 17_710_000),
    ("HCLD2", INDIVIDUAL): (11_180_000, 13_500_000, 17_550_000, 18_980_000),
    ("COTINH", COLLECTIVE): (11_920_000, 14_400_000, 18_720_000, 20_240_000),
    ("COBO", COLLECTIVE): (11_920_000, 14_400_000, 18_720_000, 20_240_000),
    ("HCLD1", INDIVIDUAL): (13_410_000, 16_200_000, 21_060_000, 22_770_000),
    ("HCLD3", COLLECTIVE): (13_410_000, 16_200_000, 21_060_000, 22_770_000),
    ("COCP", COLLECTIVE): (17_880_000, 21_600_000, 28_080_000, 30_360_000),
    ("HCLD2", COLLECTIVE): (22_350_000, 27_000_000, 35_100_000, 37_950_000),
    ("HCLD1", COLLECTIVE): (26_820_000, 32_400_000, 42_120_000, 45_540_000),
}
CELLS = [
    (title, subject, day, amount)
    for (title, subject), amounts in GOLDEN.items()
    for day, amount in zip(DAYS, amounts, strict=True)
]
# What published tables print where they forget to round, or round down.
TRAPS = (
    ("LDTT", INDIVIDUAL, DAYS[2], 702_000),
    ("LDTT", INDIVIDUAL, DAYS[0], 447_000),
    ("LDTT", INDIVIDUAL, DAYS[3], 759_000),
    ("GK", COLLECTIVE, DAYS[2], 1_404_000),
    ("TTLDTT", COLLECTIVE, DAYS[0], 1_192_000),
    ("TTLDTT", COLLECTIVE, DAYS[0], 1_190_000),
    ("TTLDTT", COLLECTIVE, DAYS[2], 1_872_000),
    ("TTLDTT", COLLECTIVE, DAYS[3], 2_024_000),
    ("TTLDXS", COLLECTIVE, DAYS[0], 2_235_000),
    ("TTLDXS", COLLECTIVE, DAYS[3], 3_795_000),
    ("BKTTG", INDIVIDUAL, DAYS[3], 8_855_000),
)
#: what a bloc paid for one of its own certificates: no amount of the law
BLOC_CERTIFICATE = 300_000


@pytest.mark.parametrize(("title", "subject", "day", "amount"), CELLS)
def test_every_cell_of_the_table_comes_out(title, subject, day, amount):
    (line,) = reckon(table(), [prize(title, subject, on=day)]).lines
    assert line.amount == amount
    assert line.paid == (0 if title == "KNC" else amount)


@pytest.mark.parametrize(("title", "subject", "day", "printed"), TRAPS)
def test_a_figure_of_a_table_that_does_not_round_up_does_not_come_out(title, subject, day, printed):
    (line,) = reckon(table(), [prize(title, subject, on=day)]).lines
    assert line.amount != printed
    assert line.amount in GOLDEN[title, subject]


def test_a_mode_of_rounding_gives_the_printed_figure_where_an_office_chooses_it():
    asked = prize("TTLDTT", COLLECTIVE, on=DAYS[0])
    amounts = {mode: reckon(table(mode=mode), [asked]).paid for mode in ROUNDING_MODES}
    assert amounts == {UP: 1_200_000, NEAREST: 1_190_000, DOWN: 1_190_000, NONE: 1_192_000}


def test_no_amount_of_the_law_is_what_a_bloc_pays_for_its_own_certificate():
    for day in DAYS:
        assert reckon(table(), [prize("GK", on=day)]).paid != BLOC_CERTIFICATE


def test_the_base_salary_is_the_one_of_the_day_of_the_decision():
    last, first = date(2026, 6, 30), date(2026, 7, 1)
    paid = [reckon(table(), [prize("CSTDCS", on=day)]).paid for day in (last, first)]
    assert paid == [2_340_000, 2_530_000]
    (line,) = reckon(table(), [prize("CSTDCS", on=last)]).lines
    assert line.base is not None and line.base.cited.article == "NĐ 73/2024/NĐ-CP, Điều 3(2)"


def test_a_day_without_a_base_salary_and_a_title_without_a_rate_are_said_and_pay_nothing():
    early, unknown = prize("LDTT", on=date(2010, 1, 1)), prize("NGUT", holder="p2")
    sheet = reckon(table(), [early, unknown])
    assert [line.standing for line in sheet.lines] == [NO_SALARY, NO_RATE]
    assert sheet.paid == 0


def test_the_maximum_of_the_medal_is_a_maximum_and_no_amount():
    (line,) = reckon(table(), [prize("KNC")]).lines
    assert (line.standing, line.amount, line.paid) == (AT_MOST, 1_410_000, 0)


def test_a_household_gets_one_and_a_half_times_the_rate_of_an_individual():
    (line,) = reckon(table(), [prize("BKT-DX", HOUSEHOLD)]).lines
    assert line.rate is not None and line.rate.times == Fraction(9, 4)
    assert line.paid == 5_270_000
    assert "6609f77a53deded3" in line.rate.cited.source
    told = table()
    single, household = told.rates["BKT-DX", INDIVIDUAL].cited, told.household.cited
    assert line.rate.cited.article == f"{single.article}; {household.article}"
    assert line.rate.cited.source == f"{single.source}; {household.source}"


@pytest.mark.parametrize(("single", "household"), [(True, True), (True, False), (False, True)])
def test_the_rate_of_a_household_is_verified_where_both_numbers_are(single, household):
    told = table()
    key = ("BKT-DX", INDIVIDUAL)
    rates = {**told.rates, key: replace(told.rates[key], cited=Cited("a", "", single))}
    told = replace(told, rates=rates, household=replace(told.household, cited=Cited("b", "", household)))
    rate = told.rate_of("BKT-DX", HOUSEHOLD)
    assert rate is not None and rate.cited.verified == (single and household)


def test_a_household_has_its_own_rate_or_one_from_an_individual_s_or_none():
    told = table()
    own = replace(told.rates["GK", INDIVIDUAL], times=Fraction(7))
    assert replace(told, rates={**told.rates, ("GK", HOUSEHOLD): own}).rate_of("GK", HOUSEHOLD) is own
    assert told.rate_of("NGUT", HOUSEHOLD) is None
    assert replace(told, household=None).rate_of("GK", HOUSEHOLD) is None
    assert told.rate_of("NGUT", INDIVIDUAL) is None


def test_a_line_tells_the_school_years_over_which_it_is_counted():
    high, low = reckon(table(), [prize("CSTDT"), prize("CSTDCS")]).lines
    assert (high.years, low.years) == ((2022, 2024), (2024, 2024))
    (unknown,) = reckon(table(), [prize("NGUT")]).lines
    assert unknown.years == (2024, 2024)


def test_of_equal_amounts_the_earlier_decision_is_paid():
    """By what they come to exactly, then by day, then by title: which one is paid is no chance."""
    earlier, later = prize("CSTDT", on=date(2025, 3, 1)), prize("CSTDB", on=date(2025, 2, 1))
    assert [line.prize.title for line in reckon(table(), [earlier, later]).left_out] == ["CSTDT"]
    of_the_year = [prize("LDTT", key="b"), prize("LDTT", key="a")]
    assert [line.prize.key for line in reckon(table(), of_the_year).left_out] == ["b"]
    # Rounded alike, and yet not the same: the greater product is the one that is paid.
    told, key = table(), ("CSTDB", INDIVIDUAL)
    nearly = replace(told.rates[key], times=told.rates[key].times - Fraction(1, 10**6))
    near = replace(told, rates={**told.rates, key: nearly})
    assert [line.prize.title for line in reckon(near, [prize("CSTDT"), prize("CSTDB")]).left_out] == ["CSTDB"]


def test_of_several_forms_under_the_highest_alone_the_first_is_paid():
    listed = [prize("GK"), prize("BKT-DX", award_type="sudden"), prize("BKT-TX", award_type="theme")]
    sheet = reckon(table(together=replace(TOGETHER, forms=HIGHEST)), listed)
    assert sheet.paid == 3_510_000
    assert len(sheet.left_out) == 2
    assert {line.beside for line in sheet.left_out} == {line.prize.key for line in sheet.lines if line.paid}


def test_of_titles_of_one_period_only_the_highest_is_paid_and_the_line_says_beside_which():
    sheet = reckon(table(), [prize("LDTT"), prize("CSTDCS")])
    high, low = sheet.lines
    assert (high.prize.title, high.paid) == ("CSTDCS", 2_340_000)
    assert (low.standing, low.paid, low.amount) == (LEFT_OUT, 0, 710_000)
    assert (low.why, low.beside, low.article) == (SAME_PERIOD_LOWER, high.prize.key, ARTICLE_49.article)
    assert sheet.paid == 2_340_000


def test_titles_counted_over_different_years_are_all_paid():
    # Three years of a provincial title and one of a local one, at the same time.
    assert reckon(table(), [prize("CSTDT"), prize("CSTDCS")]).paid == 7_020_000 + 2_340_000
    # The same title of two years as well.
    assert reckon(table(), [prize("LDTT", year=2023), prize("LDTT")]).paid == 2 * 710_000


def test_of_a_collective_the_flag_is_paid_and_the_title_of_the_same_year_is_not():
    sheet = reckon(table(), [prize(t, COLLECTIVE, holder="u1") for t in ("TTLDTT", "TTLDXS", "COTINH")])
    assert sheet.paid == 18_720_000
    assert {line.prize.title for line in sheet.left_out} == {"TTLDTT", "TTLDXS"}


def test_two_titles_of_one_period_and_one_amount_pay_once_and_say_that_they_are_equal():
    sheet = reckon(table(), [prize("CSTDT"), prize("CSTDB")])
    (left,) = sheet.left_out
    assert (sheet.paid, left.why, left.prize.title) == (7_020_000, SAME_PERIOD_EQUAL, "CSTDT")


def test_every_form_is_paid_and_two_of_one_year_and_type_are_pointed_at():
    other = prize("BKT-DX", award_type="sudden")
    sheet = reckon(table(), [prize("GK"), other])
    assert sheet.paid == 710_000 + 3_510_000
    assert all(not line.same_achievement for line in sheet.lines)
    again = replace(other, award_type="merit")
    marked = reckon(table(), [prize("GK"), again])
    assert marked.paid == sheet.paid
    assert all(line.same_achievement for line in marked.lines)


def test_a_title_and_a_form_of_the_same_time_are_both_paid():
    assert reckon(table(), [prize("CSTDCS"), prize("BKT-TX")]).paid == 2_340_000 + 3_510_000


def test_the_rules_of_what_is_paid_together_are_those_of_the_table():
    three = [prize("CSTDCS"), prize("GK"), prize("BKT-DX", award_type="sudden")]
    for rule, paid in (
        (replace(TOGETHER, forms=HIGHEST), 2_340_000 + 3_510_000),
        (replace(TOGETHER, title_and_form=HIGHEST), 3_510_000),
    ):
        assert reckon(table(together=rule), three).paid == paid
    several = [prize("CSTDT"), prize("CSTDCS"), prize("LDTT")]
    assert reckon(table(together=replace(TOGETHER, titles_other_period=HIGHEST)), several).paid == 7_020_000


def test_what_one_holder_gets_takes_nothing_from_another():
    sheet = reckon(table(), [prize("LDTT"), prize("CSTDCS", holder="p2")])
    assert (sheet.paid, sheet.left_out) == (710_000 + 2_340_000, ())


def test_a_line_is_verified_only_where_all_that_it_rests_on_is():
    told = table()
    (sure,) = reckon(told, [prize("LDTT")]).lines
    assert sure.verified(told)
    doubtful = replace(told, rounding=replace(told.rounding, cited=Cited("", "", False)))
    (line,) = reckon(doubtful, [prize("LDTT")]).lines
    assert not line.verified(doubtful)
    other = replace(told, together=replace(TOGETHER, cited=Cited("", "", False)))
    high, low = reckon(other, [prize("LDTT"), prize("CSTDCS")]).lines
    assert high.verified(other) and not low.verified(other)
    # Over how many years a title is counted decides which one is left out: there it is rested on, and only there.
    rates = {
        key: replace(rate, counted=replace(rate.counted, cited=Cited("", "", False)))
        for key, rate in told.rates.items()
        if rate.counted is not None
    }
    counted = replace(told, rates={**told.rates, **rates})
    high, low = reckon(counted, [prize("CSTDT"), prize("CSTDB")]).lines
    assert high.verified(counted) and not low.verified(counted)


_TITLES_OF_ONE = st.sampled_from(sorted(t for t, s in RATES if t in TITLES and s == INDIVIDUAL))
_ANY = st.sampled_from(sorted(t for t, s in RATES if s == INDIVIDUAL))


@st.composite
def prizes(draw) -> list[Prize]:
    """Some awards of a few people."""
    made = []
    for number in range(draw(st.integers(0, 8))):
        title, holder = draw(_ANY), draw(st.sampled_from(["a", "b", "c"]))
        year, day = draw(st.integers(2020, 2025)), draw(st.sampled_from(DAYS))
        made.append(prize(title, holder=holder, key=f"k{number}", year=year, on=day))
    return made


@given(
    times=st.fractions(min_value=Fraction(1, 10), max_value=30, max_denominator=20),
    base=st.integers(100_000, 10_000_000),
    step=st.sampled_from([1, 500, 1_000, 10_000]),
)
def test_rounding_up_is_never_below_the_product_and_less_than_one_step_above(times, base, step):
    exact = times * base
    amount = Rounding(step, UP, ARTICLE_49).amount(exact)
    assert exact <= amount < exact + step
    assert amount % step == 0
    down = Rounding(step, DOWN, ARTICLE_49).amount(exact)
    nearest = Rounding(step, NEAREST, ARTICLE_49).amount(exact)
    assert down <= nearest <= amount
    assert abs(nearest - exact) * 2 <= step or step == 1
    assert exact <= Rounding(step, NONE, ARTICLE_49).amount(exact) < exact + 1


@given(listed=prizes(), data=st.data())
def test_the_order_of_awards_changes_nothing(listed, data):
    assert reckon(table(), data.draw(st.permutations(listed))) == reckon(table(), listed)


@given(listed=prizes(), title=_TITLES_OF_ONE, lower=_TITLES_OF_ONE)
def test_a_lower_title_of_the_same_years_never_changes_what_is_paid(listed, title, lower):
    told = table()
    rate, less = RATES[title, INDIVIDUAL], RATES[lower, INDIVIDUAL]
    if (rate.counted, less.times) != (less.counted, min(less.times, rate.times)):
        return
    high = prize(title, holder="a", key="high")
    low = prize(lower, holder="a", key="low")
    assert reckon(told, [*listed, high, low]).paid == reckon(told, [*listed, high]).paid


@given(listed=prizes())
def test_nothing_is_lost_and_what_is_paid_is_never_more_than_the_amounts(listed):
    sheet = reckon(table(), listed)
    assert sorted(line.prize.key for line in sheet.lines) == sorted(p.key for p in listed)
    for line in sheet.lines:
        assert line.paid == (line.amount if line.standing == PAID else 0)
        if line.standing == LEFT_OUT:
            beside = next(other for other in sheet.lines if other.prize.key == line.beside)
            assert beside.standing == PAID and beside.paid >= line.amount
