"""Outlying scorers against least squares done the long way: every ratio and every candidate solved by itself."""

from __future__ import annotations

import math
import random

import pytest

from bench.fair_blocs import draw
from rules.outliers import _RATIOS, outlying
from rules.student import tail
from rules.two_way import NOTHING, Fit, fit

Matrix = list[list[float]]


def solved(matrix: Matrix, columns: Matrix) -> tuple[Matrix, float]:
    """The inverse of a matrix times some columns, and the logarithm of its determinant: by elimination."""
    size, log = len(matrix), 0.0
    rows = [list(row) + [column[n] for column in columns] for n, row in enumerate(matrix)]
    for n in range(size):
        best = max(range(n, size), key=lambda m: abs(rows[m][n]))
        rows[n], rows[best] = rows[best], rows[n]
        log += math.log(abs(rows[n][n]))
        for m in range(size):
            if m != n:
                factor = rows[m][n] / rows[n][n]
                rows[m] = [x - factor * y for x, y in zip(rows[m], rows[n], strict=True)]
    return [[rows[n][size + k] / rows[n][n] for n in range(size)] for k in range(len(columns))], log


def times(one: list[float], other: list[float]) -> float:
    return sum(x * y for x, y in zip(one, other, strict=True))


def the_long_way(fitted: Fit, least: float, asked: float) -> list[tuple[str, float, float]]:
    size = len(fitted.scorers)
    unit = [[float(a == b) for b in range(size)] for a in range(size)]
    out: list[int] = []
    found: list[tuple[str, float, float]] = []
    rounds = max(1, size // 5)
    for turn in range(rounds):
        others = size - len(out) - 2
        if others < 3:
            break
        best = None
        for a in (n for n in range(size) if n not in out):
            tried = []
            for ratio in _RATIOS:
                spread = [
                    [fitted.spread[x][y] + 1 / size + ratio * (x == y) for y in range(size)]
                    for x in range(size)
                ]
                # A mean of all, and a leniency of its own for each who is taken out.
                columns = [[1.0] * size, *(unit[b] for b in out), unit[a]]
                turned, log = solved(spread, [*columns, fitted.leniency])
                normal = [[times(one, other) for other in turned[:-1]] for one in columns]
                wanted = [times(one, turned[-1]) for one in columns]
                last = [0.0] * (len(columns) - 1) + [1.0]
                (estimate, spreads), more = solved(normal, [wanted, last])
                squares = times(fitted.leniency, turned[-1]) - times(wanted, estimate)
                likely = (
                    log
                    + more
                    + (fitted.rests.freedom + others) * math.log(fitted.rests.squares + squares + NOTHING)
                )
                variance = max(squares / others, least)
                tried.append((likely, abs(estimate[-1]) / math.sqrt(variance * spreads[-1]), estimate[-1]))
            _, t, over = min(tried)
            if best is None or t > best[0]:
                best = t, a, over
        assert best is not None
        t, a, over = best
        shared = 1 if rounds == 1 else 2 if turn == 0 else 2 * (rounds - 1)
        found.append((fitted.scorers[a], over, min(1.0, 2 * (size - len(out)) * shared * tail(t, others))))
        out.append(a)
    told = max((n for n, (_, _, chance) in enumerate(found, start=1) if chance <= asked), default=0)
    return [
        (scorer, over, min(chance for _, _, chance in found[n:told]))
        for n, (scorer, over, _) in enumerate(found[:told])
    ]


def bloc(count: int, seed: int, generous: dict[int, float]) -> Fit:
    """A bloc whose schools and scorers differ, and in which some scorers give much more or less."""
    dice = random.Random(seed)
    cells = draw([f"s{n:02}" for n in range(count)], 3, dice)
    worth = {f"s{n:02}": dice.gauss(0, 20) for n in range(count)}
    lenient = {f"s{n:02}": dice.gauss(0, 3) + generous.get(n, 0.0) for n in range(count)}
    return fit(cells, [900 + worth[to] + lenient[by] + dice.gauss(0, 8) for by, to in cells])


@pytest.mark.parametrize(
    ("count", "seed", "generous", "told"),
    [
        (8, 1, {}, None),
        (8, 2, {3: 80.0}, {"s03"}),
        (10, 3, {1: 90.0, 4: -90.0}, {"s01", "s04"}),
        (12, 4, {0: 70.0, 1: 70.0}, {"s00", "s01"}),
        (15, 5, {2: 60.0, 7: 75.0, 9: -80.0}, {"s02", "s07", "s09"}),
    ],
)
@pytest.mark.parametrize("asked", [1.0, 0.05])
def test_who_is_outlying_by_how_much_and_how_surely_is_what_least_squares_say(
    count: int, seed: int, generous: dict[int, float], told: set[str] | None, asked: float
) -> None:
    fitted = bloc(count, seed, generous)
    found = outlying(fitted, 1.0, asked)
    expected = the_long_way(fitted, 1.0, asked)
    assert [one.scorer for one in found] == [scorer for scorer, _, _ in expected]
    assert [one.over for one in found] == pytest.approx([over for _, over, _ in expected], rel=1e-6)
    assert [one.chance for one in found] == pytest.approx([chance for _, _, chance in expected], rel=1e-5)
    assert [one.freedom for one in found] == [count - 2 - n for n in range(len(found))]
    if asked == 0.05 and told is not None:
        assert told <= {one.scorer for one in found}


def test_the_floor_under_the_variance_keeps_small_differences_small() -> None:
    fitted = bloc(10, 3, {})
    small, large = (outlying(fitted, least, 1.0) for least in (0.0, 10_000.0))
    assert min(one.chance for one in small) < min(one.chance for one in large)
    assert [(s, pytest.approx(o), pytest.approx(c)) for s, o, c in the_long_way(fitted, 10_000.0, 1.0)] == [
        (one.scorer, one.over, one.chance) for one in large
    ]


def test_too_few_scorers_are_not_compared() -> None:
    dice = random.Random(1)
    cells = [(a, b) for a in "abcd" for b in "abcd" if a != b]
    assert outlying(fit(cells, [dice.gauss(0, 5) for _ in cells]), 0.0, 1.0) == ()
