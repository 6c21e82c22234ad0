"""Scores taken apart into worth, leniency and rest; Student's t; the step in which points were given."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fair_blocs import draw
from rules.student import tail
from rules.two_way import Rests, fit, grain, side_by_side

CLOSE = 1e-7


def scored(count: int, scorers: int, seed: int):
    """A draw and points for it."""
    dice = random.Random(seed)
    cells = draw([f"s{n:02}" for n in range(count)], scorers, dice)
    return cells, [dice.gauss(0, 10) for _ in cells]


def close(one, other) -> bool:
    return all(abs(a - b) < CLOSE for a, b in zip(one, other, strict=True))


sizes = st.integers(7, 12)
seeds = st.integers(0, 10**6)


# The quantiles of the printed tables.
@pytest.mark.parametrize(
    ("t", "freedom", "above"),
    [
        (12.7062, 1, 0.025),
        (4.30265, 2, 0.025),
        (3.18245, 3, 0.025),
        (2.77645, 4, 0.025),
        (4.587, 10, 0.0005),
        (4.437, 11, 0.0005),
        (2.0639, 24, 0.025),
        (0.0, 7, 0.5),
    ],
)
def test_students_t_is_that_of_the_tables(t: float, freedom: int, above: float) -> None:
    assert tail(t, freedom) == pytest.approx(above, rel=1e-3)
    assert tail(-t, freedom) == pytest.approx(1 - above, rel=1e-3)


def test_no_degree_of_freedom_is_no_test() -> None:
    with pytest.raises(ValueError, match="degree of freedom"):
        tail(1.0, 0)


@given(sizes, seeds)
@settings(max_examples=15, deadline=None)
def test_rests_sum_to_nothing_for_each_scorer_and_each_school(count: int, seed: int) -> None:
    cells, points = scored(count, 3, seed)
    rests = fit(cells, points).rests.rests
    for place in (0, 1):
        sums: dict[str, float] = {}
        for cell, rest in zip(cells, rests, strict=True):
            sums[cell[place]] = sums.get(cell[place], 0.0) + rest
        assert close(sums.values(), [0.0] * len(sums))


@given(sizes, seeds)
@settings(max_examples=15, deadline=None)
def test_rests_know_neither_worth_nor_leniency(count: int, seed: int) -> None:
    cells, points = scored(count, 3, seed)
    dice = random.Random(seed + 1)
    worth = {f"s{n:02}": dice.uniform(-100, 100) for n in range(count)}
    lenient = {f"s{n:02}": dice.uniform(-100, 100) for n in range(count)}
    moved = [p + lenient[a] + worth[b] for p, (a, b) in zip(points, cells, strict=True)]
    before, after = fit(cells, points), fit(cells, moved)
    assert close(before.rests.rests, after.rests.rests)
    middle = sum(lenient.values()) / count
    expected = [own + lenient[s] - middle for s, own in zip(before.scorers, before.leniency, strict=True)]
    assert close(expected, after.leniency)


@given(sizes, seeds)
@settings(max_examples=10, deadline=None)
def test_the_spread_of_the_rests_is_what_makes_them_of_the_points(count: int, seed: int) -> None:
    cells, points = scored(count, 3, seed)
    rests = fit(cells, points).rests
    assert close(rests.rests, [sum(x * y for x, y in zip(row, points, strict=True)) for row in rests.spread])
    trace = sum(rests.spread[a][a] for a in range(len(cells)))
    assert trace == pytest.approx(rests.freedom) and rests.freedom == 3 * count - 2 * count + 1


@given(sizes, seeds)
@settings(max_examples=10, deadline=None)
def test_leaving_scores_out_is_the_same_as_never_having_had_them(count: int, seed: int) -> None:
    cells, points = scored(count, 3, seed)
    gone = {0, 5}
    left = [a for a in range(len(cells)) if a not in gone]
    after = fit(cells, points).rests.without(gone)
    anew = fit([cells[a] for a in left], [points[a] for a in left]).rests
    assert close([after.rests[a] for a in left], anew.rests)
    assert (after.freedom, pytest.approx(after.squares)) == (anew.freedom, anew.squares)
    for row, a in zip(anew.spread, left, strict=True):
        assert close(row, [after.spread[a][b] for b in left])


@given(sizes, seeds, st.floats(-50, 50))
@settings(max_examples=10, deadline=None)
def test_a_shift_is_estimated_as_large_as_it_was_made(count: int, seed: int, size: float) -> None:
    cells, points = scored(count, 3, seed)
    chosen = (1, 4, 9)
    before = fit(cells, points).rests.shift(chosen, 0)
    moved = fit(cells, [p + size * (a in chosen) for a, p in enumerate(points)]).rests.shift(chosen, 0)
    if len({cells[a][0] for a in chosen}) == 1 or len({cells[a][1] for a in chosen}) == 1:
        # All that one school gave, or got: a shift of these is the school's own, and nobody can tell.
        assert before is None and moved is None
        return
    assert before is not None and moved is not None
    assert moved[0] - before[0] == pytest.approx(size, abs=1e-6)


def test_a_shift_of_all_that_one_school_got_cannot_be_told_from_its_quality() -> None:
    cells, points = scored(11, 3, 38983)
    assert len({cells[a][1] for a in (1, 4, 9)}) == 1
    assert fit(cells, points).rests.shift((1, 4, 9), 0) is None


def test_a_score_that_nothing_checks_has_no_shift() -> None:
    cells, points = scored(9, 3, 1)
    rests = fit([*cells, ("s01", "alone")], [*points, 99.0]).rests
    assert rests.shift((len(cells),), 1.0) is None


def test_scorers_whom_nobody_links_are_not_compared() -> None:
    one, points = scored(9, 3, 1)
    other, more = scored(7, 3, 2)
    both = fit([*one, *((f"x{a}", f"x{b}") for a, b in other)], [*points, *(p + 500 for p in more)])
    assert set(both.scorers) == {scorer for scorer, _ in one}
    assert both.rests.freedom == (27 - 17) + (21 - 13)


def test_years_lie_side_by_side_with_one_noise() -> None:
    parts = [fit(*scored(count, 3, count)).rests for count in (7, 8)]
    joined = side_by_side(parts)
    assert joined.freedom == sum(part.freedom for part in parts)
    assert joined.rests == [*parts[0].rests, *parts[1].rests]
    assert joined.spread[0][-1] == 0 and joined.spread[-1][-1] == parts[1].spread[-1][-1]
    assert joined.shift((0,), 0)[0] == pytest.approx(parts[0].shift((0,), 0)[0])


def test_without_noise_and_without_a_floor_nothing_is_unusual() -> None:
    assert Rests([0.0, 0.0], [[0.5, -0.5], [-0.5, 0.5]], 5, 0.0).shift((0,), 0.0) is None


@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=9),
    st.integers(-99, 99),
    st.sampled_from([1, 2, 4, 100]),
)
def test_points_lie_on_the_grain_that_they_are_said_to_have(
    wholes: list[int], start: int, parts: int
) -> None:
    points = [Fraction(start + n, parts) for n in wholes]
    step = grain(points)
    assert (step == 0) == (len(set(points)) == 1)
    if step:
        assert all(((one - points[0]) / step).denominator == 1 for one in points)
        assert Fraction(1, parts) <= step
