"""What a bloc is told of its own scoring, and what is kept from it."""

from __future__ import annotations

import random
import statistics
import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fair_blocs import MOST, fair_bloc, push, rings
from bench.favours import plant_generous, plant_pair, plant_ring
from notifications import words
from rules.diagnostics import (
    ASKED,
    DISFAVOUR,
    FAVOUR,
    MUTUAL,
    OVER,
    RING,
    UNDER,
    Firmness,
    firmness,
    hints,
    innocent_of,
    ranks,
    scorers,
    standings,
    words_of,
    words_of_rank,
)

KINDS = (OVER, UNDER, FAVOUR, DISFAVOUR, MUTUAL, RING)


def exact_bloc(count: int = 12, seed: int = 5):
    """A bloc without noise: worth + leniency + up to one point, so that every figure can be foreseen."""
    dice = random.Random(seed)
    made = fair_bloc(count, dice)
    for cell in made.years[0]:
        made.years[0][cell] = Fraction(
            700 + 10 * int(cell[1][-2:]) + int(cell[0][-2:]) % 5 + dice.randrange(2)
        )
    return made


def kinds(told) -> list[str]:
    return [hint.kind for hint in told]


# --- What is told ---


def test_a_scorer_far_above_the_others_is_told_with_the_points_that_a_pencil_gives() -> None:
    made = exact_bloc()
    plant_generous(made, 60, random.Random(1))
    [hint] = hints(made.years, MOST)
    assert hint.kind == OVER
    [scorer] = hint.schools
    year = made.years[0]
    over = []
    for (who, scored), points in year.items():
        if who == scorer:
            others = [p for (w, s), p in year.items() if s == scored and w != scorer]
            over.append(points - sum(others) / len(others))
    assert hint.over == sum(over) / 3 and 50 < hint.over < 70
    assert hint.strength.chance <= ASKED[OVER] and hint.strength.compared == 12


def test_two_generous_scorers_do_not_hide_each_other() -> None:
    made = exact_bloc(14)
    generous = {"Trường 03", "Trường 08"}
    for cell in made.years[0]:
        if cell[0] in generous:
            push(made, 0, cell, 60)
    assert {hint.schools for hint in hints(made.years, MOST)} == {(name,) for name in generous}


def test_a_strict_scorer_is_told_as_under() -> None:
    made = exact_bloc()
    for cell in made.years[0]:
        if cell[0] == "Trường 04":
            push(made, 0, cell, -70)
    [hint] = hints(made.years, MOST)
    assert (hint.kind, hint.schools) == (UNDER, ("Trường 04",)) and hint.over < -50


@pytest.mark.parametrize(("size", "kind"), [(40, FAVOUR), (-40, DISFAVOUR)])
def test_one_score_out_of_step_is_told_and_makes_nobody_generous(size: int, kind: str) -> None:
    made = exact_bloc()
    cell = sorted(made.years[0])[7]
    push(made, 0, cell, size)
    [hint] = hints(made.years, MOST)
    assert (hint.kind, hint.schools) == (kind, cell)
    assert abs(hint.estimate - size) < 4 and (hint.cells[0].beyond > 0) == (size > 0)


def test_a_ring_is_told_as_one_hint_from_the_first_name_on() -> None:
    made = exact_bloc()
    ring = rings(list(made.years[0]))[0]
    for cell in ring:
        push(made, 0, cell, 12)
    [hint] = hints(made.years, MOST)
    assert hint.kind == RING
    assert hint.schools == tuple(scorer for scorer, _ in ring)
    assert [(c.scorer, c.scored) for c in hint.cells] == list(ring)


def test_two_who_raise_each_other_in_different_years_are_told_as_a_pair() -> None:
    made = fair_bloc(12, random.Random(3), years=3)
    assert plant_pair(made, 80, random.Random(3)) is not None
    first = hints(made.years, MOST)[0]
    assert first.kind == MUTUAL and len({cell.year for cell in first.cells}) > 1
    assert {(c.scorer, c.scored) for c in first.cells} == {first.schools, first.schools[::-1]}


def test_earlier_years_are_not_told_again() -> None:
    made = fair_bloc(12, random.Random(4), years=2)
    is_it = plant_ring(made, 100, random.Random(4))
    assert is_it is not None and any(map(is_it, hints(made.years, MOST)))
    last = len(made.years)
    for hint in hints([*made.years, fair_bloc(12, random.Random(6)).years[0]], MOST):
        assert any(cell.year == last for cell in hint.cells)


# --- What is kept back ---


def test_all_the_same_points_and_points_on_one_grain_tell_nothing() -> None:
    made = exact_bloc()
    year = made.years[0]
    assert hints([dict.fromkeys(year, Fraction(900))], MOST) == ()
    # Everybody writes tens; one score a step off is no more than rounding.
    tens = {cell: Fraction(700 + 10 * int(cell[1][-2:])) for cell in year}
    cell = sorted(tens)[4]
    assert hints([tens | {cell: tens[cell] + 10}], MOST) == ()
    assert hints([tens], MOST) == ()


@pytest.mark.parametrize("count", range(1, 5))
def test_few_scores_tell_nothing_and_break_nothing(count: int) -> None:
    year = {(f"{a}", f"{b}"): 90 * a + b for a in range(count) for b in range(count) if a != b}
    assert hints([year], 1000) == ()
    assert hints([{}], 1000) == ()


def test_what_cannot_be_is_refused() -> None:
    for years in ([], [{("A", "A"): 5}], [{("A", "B"): 11}], [{("A", "B"): Decimal("-0.5")}]):
        with pytest.raises(ValueError, match=r"no year|scores itself|of 10 points"):
            hints(years, 10)


def test_a_score_that_stands_alone_is_in_no_comparison() -> None:
    told = scorers({("A", "B"): 5, ("C", "B"): Decimal("6.5"), ("A", "C"): 9}, 10)
    assert [(one.name, [(c.scored, c.over) for c in one.cells]) for one in told] == [
        ("A", [("B", Fraction(-3, 2))]),
        ("C", [("B", Fraction(3, 2))]),
    ]


# --- The same, however it comes ---


@given(st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_the_order_of_the_scores_changes_nothing(seed: int) -> None:
    dice = random.Random(seed)
    made = fair_bloc(10, dice)
    plant_ring(made, 70, dice)
    plant_generous(made, 150, dice)
    shuffled = list(made.years[0].items())
    dice.shuffle(shuffled)
    assert hints([dict(shuffled)], MOST) == hints(made.years, MOST)


@given(st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_other_names_for_the_schools_give_the_same_hints_under_those_names(seed: int) -> None:
    dice = random.Random(seed)
    made = fair_bloc(10, dice)
    plant_generous(made, 150, dice)
    others = list(made.schools)
    dice.shuffle(others)
    named = dict(zip(made.schools, others, strict=True))
    renamed = {(named[a], named[b]): p for (a, b), p in made.years[0].items()}

    def told(year, names):
        return sorted(
            (h.kind, frozenset(names[s] for s in h.schools), h.over, round(h.strength.chance, 9))
            for h in hints([year], MOST)
        )

    assert told(made.years[0], named) == told(renamed, {name: name for name in others})


def test_a_bloc_takes_much_less_than_a_fifth_of_a_second() -> None:
    made = fair_bloc(24, random.Random(1))
    spent = []
    for _ in range(3):
        start = time.process_time()
        hints(made.years, MOST)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.1


# --- How firm the ranking is ---


def test_ranks_are_those_of_a_competition() -> None:
    assert ranks({"A": (Fraction(5),), "B": (Fraction(7),), "C": (Fraction(5),), "D": (Fraction(1),)}) == {
        "A": 2,
        "B": 1,
        "C": 2,
        "D": 4,
    }
    # What breaks ties stands behind the total.
    assert ranks({"A": (Fraction(5), Fraction(2)), "B": (Fraction(5), Fraction(3))}) == {"A": 2, "B": 1}


def test_whose_sheets_move_a_rank_is_named() -> None:
    year = {("X", "A"): 9, ("Y", "A"): 5, ("Z", "A"): 5, ("X", "B"): 6, ("Y", "B"): 6, ("Z", "B"): 6}

    def settle(points):
        return Fraction(sum(points)) / len(points)

    whole = standings(year, 10, settle)
    without = {w: standings({c: p for c, p in year.items() if c[0] != w}, 10, settle) for w in "XYZ"}
    assert firmness(whole, without) == (
        Firmness("A", 1, 1, 2, (), ("X",)),
        Firmness("B", 2, 1, 2, ("X",), ()),
    )


def test_a_standing_that_lacks_a_school_is_not_compared() -> None:
    year = {("X", "A"): 9, ("Y", "A"): 5, ("X", "B"): 6}
    whole = standings(year, 10, statistics.median)
    without = {
        w: standings({c: p for c, p in year.items() if c[0] != w}, 10, statistics.median) for w in "XY"
    }
    assert set(without["X"]) == {"A"}
    assert [(one.school, one.best, one.worst) for one in firmness(whole, without)] == [
        ("A", 1, 1),
        ("B", 2, 2),
    ]


# --- In words ---


def each_kind():
    """A hint of each kind, by its code."""
    told = {}
    for seed in range(40):
        dice = random.Random(seed)
        one, more = fair_bloc(12, dice), fair_bloc(12, dice, years=3)
        for cell in sorted(one.years[0])[:1]:
            push(one, 0, cell, 110 if seed % 2 else -200)
        strict = fair_bloc(12, dice)
        for cell in strict.years[0]:
            if cell[0] == "Trường 01":
                push(strict, 0, cell, -200)
        generous, ring = fair_bloc(12, dice), fair_bloc(12, dice)
        plant_generous(generous, 150, dice)
        plant_ring(ring, 100, dice)
        plant_pair(more, 100, dice)
        # Somebody scores the same school in two years, high or low in both.
        again = fair_bloc(12, dice, years=2)
        for cell in sorted(set(again.years[0]) & set(again.years[1]))[:1]:
            for year in (0, 1):
                push(again, year, cell, 110 if seed % 2 else -200)
        for made in (one, more, strict, generous, ring, again):
            for hint in hints(made.years, MOST):
                told[words_of(hint)[0]] = hint
    return told


def test_each_kind_is_said_whole_in_both_languages_with_an_innocent_explanation() -> None:
    told = each_kind()
    once = {f"hints.{kind}_once" for kind in (FAVOUR, DISFAVOUR)}
    assert set(told) == {f"hints.{kind}" for kind in KINDS} | once
    assert {hint.kind for hint in told.values()} == set(KINDS)
    for code, hint in told.items():
        for lang in words.LANGS:
            said = words.say(*words_of(hint), lang)
            assert said != code and "…" not in said
            assert all(school in said for school in hint.schools)
            assert words.say(innocent_of(hint), {}, lang) != innocent_of(hint)


def test_no_word_of_a_hint_is_left_over_and_none_accuses() -> None:
    used = (
        set(KINDS) | {f"{kind}_once" for kind in (FAVOUR, DISFAVOUR)} | {f"innocent.{kind}" for kind in KINDS}
    )
    used |= {f"rank_{moved}" for moved in ("firm", "lifted", "lowered", "both")} | {"what_it_is", "no_hints"}
    for lang, bad in (
        ("vi", ("thông đồng", "gian", "thiên vị", "vi phạm")),
        ("en", ("cheat", "collu", "bias")),
    ):
        catalogue = words.catalogue("hints", lang)
        assert set(catalogue) == used
        assert [w for w in bad for text in catalogue.values() if w in text.lower()] == []


def test_the_sentence_of_a_generous_scorer_reads_as_an_office_writes() -> None:
    made = exact_bloc()
    for cell in made.years[0]:
        if cell[0] == "Trường 04":
            push(made, 0, cell, 60)
    [hint] = hints(made.years, MOST)
    said = words.say(*words_of(hint))
    assert said.startswith("Trường 04 chấm cao hơn các trường khác cùng chấm trung bình 62 điểm (3 phiếu); ")
    assert "nếu chấm công bằng, khác biệt lớn như vậy chỉ gặp khoảng 1 lần trong 10.000 khối." in said


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (Firmness("A", 2, 2, 2, (), ()), "firm"),
        (Firmness("A", 2, 1, 2, ("X",), ()), "lifted"),
        (Firmness("A", 2, 2, 3, (), ("Y",)), "lowered"),
        (Firmness("A", 2, 1, 3, ("X", "Z"), ("Y",)), "both"),
    ],
)
def test_how_firm_a_rank_is_is_said(one: Firmness, code: str) -> None:
    told, params = words_of_rank(one)
    assert told == f"hints.rank_{code}"
    for lang in words.LANGS:
        assert "…" not in words.say(told, params, lang)
