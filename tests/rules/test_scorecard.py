"""A sheet against its card: every reason at once, and totals that are exact."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from rules.scorecard import Card, Item, against_sheet, group_sums, plain, shown, total

CARD = Card(
    (
        Item("1.1", "ND1", Decimal(60)),
        Item("1.2", "ND1", Decimal("12.5")),
        Item("2.1", "ND2", Decimal(20)),
        Item("T1", "bonus", Decimal(10)),
        Item("T2", "bonus", Decimal(10)),
        Item("P1", "penalty", Decimal(30)),
    ),
    bonus_most=Decimal(15),
    penalty_most=Decimal(30),
)
points = st.decimals(0, 10, places=2)
sheets = st.fixed_dictionaries(dict.fromkeys(CARD.codes, points))


def codes(sheet: dict[str, str]) -> list[str]:
    return [reason.code for reason in against_sheet(CARD, {c: Decimal(p) for c, p in sheet.items()})]


def test_a_sheet_that_fits_has_no_reason_and_needs_neither_bonus_nor_penalty():
    assert codes({"1.1": "60", "1.2": "12.5", "2.1": "0"}) == []


def test_everything_that_does_not_fit_is_told_at_once():
    found = codes({"1.1": "60.01", "1.2": "-1", "9.9": "3", "P1": "1.005"})
    assert found == [
        "score_item_beyond_most",
        "score_item_below_nothing",
        "score_item_unknown",
        "score_item_too_fine",
        "score_items_left_out",
    ]


def test_each_reason_names_its_item_what_was_given_and_what_is_asked():
    given = {"1.1": "60.010", "1.2": "-1.50", "9.9": "3", "T1": "NaN", "P1": "1.005"}
    found = against_sheet(CARD, {code: Decimal(text) for code, text in given.items()})
    assert [(reason.code, dict(reason.params)) for reason in found] == [
        ("score_item_beyond_most", {"item": "1.1", "points": "60.01", "most": "60"}),
        ("score_item_below_nothing", {"item": "1.2", "points": "-1.5"}),
        ("score_item_unknown", {"item": "9.9"}),
        ("score_item_unreadable", {"item": "T1"}),
        ("score_item_too_fine", {"item": "P1", "points": "1.005"}),
        ("score_items_left_out", {"items": ["2.1"]}),
    ]


def test_a_card_tells_its_items_its_groups_and_what_they_give_at_most():
    assert CARD.codes == ("1.1", "1.2", "2.1", "T1", "T2", "P1")
    assert CARD.groups == ("ND1", "ND2", "bonus", "penalty")
    assert CARD.most == Decimal("92.5")
    assert Card(()).most == 0
    assert CARD.item("2.1") is CARD.items[2]
    assert CARD.item("9.9") is None


def test_what_is_no_number_is_refused():
    assert codes({"1.1": "NaN", "1.2": "1", "2.1": "Infinity"}) == ["score_item_unreadable"] * 2


def test_a_point_with_a_long_exponent_is_not_taken_for_a_fine_one():
    assert codes({"1.1": "1E+1", "1.2": "1", "2.1": "1"}) == []
    assert codes({"1.1": "1E-3", "1.2": "1", "2.1": "1"}) == ["score_item_too_fine"]


def test_bonus_counts_no_more_than_its_most_and_a_total_is_never_below_nothing():
    given_points = {"1.1": Fraction(5), "T1": Fraction(10), "T2": Fraction(10), "P1": Fraction(4)}
    assert group_sums(CARD, given_points)["bonus"] == 15
    assert total(CARD, given_points) == 5 + 15 - 4
    assert total(CARD, {"1.1": Fraction(5), "P1": Fraction(30)}) == 0


@given(sheets)
def test_a_total_is_the_sum_of_its_groups_to_the_last_part(sheet: dict[str, Decimal]):
    exact = {code: Fraction(value) / 3 for code, value in sheet.items()}
    sums = group_sums(CARD, exact)
    plus = sums["ND1"] + sums["ND2"] + min(sums["bonus"], Fraction(15))
    assert total(CARD, exact) == max(0, plus - sums["penalty"])


@given(st.fractions(0, 1000))
def test_what_is_shown_is_never_further_than_half_a_hundredth_from_what_is_exact(value: Fraction):
    assert abs(Fraction(shown(value)) - value) <= Fraction(1, 200)


def test_points_are_said_without_zeros_and_without_an_exponent():
    said = {
        "12.50": "12.5",
        "100": "100",
        "1E+2": "100",
        "0.00": "0",
        "7.25": "7.25",
        "10.0": "10",
        "0.30": "0.3",
    }
    assert {text: plain(Decimal(text)) for text in said} == said
    assert shown(Fraction(2791, 3)) == Decimal("930.33")
    assert shown(Fraction(1, 200)) == Decimal("0.01")
