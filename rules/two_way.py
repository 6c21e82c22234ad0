"""Scores taken apart: what a school is worth, how generous its scorer is, and what is left of each score.

Each score is thought of as the scored school's worth + the scorer's leniency + a rest. Both are fitted by
least squares, so whatever the leniencies of the scorers and the worths of the schools are, the rests do not
depend on them. All numbers here are floats: a hint is a matter of probability; the points themselves stay
exact where they are shown (`rules/diagnostics.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

Matrix = list[list[float]]
#: less than this share of a score left over: nothing can be said of it
NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Rests:
    """What the fit leaves of some scores, and how those rests hang together.

    ``rests[a]`` is the rest of score ``a``; ``spread[a][b]`` is the covariance of two rests, in units of the
    noise's variance; ``freedom`` counts the degrees of freedom that are left, ``squares`` is the sum of the
    squared rests.
    """

    rests: list[float]
    spread: Matrix
    freedom: int
    squares: float

    def shift(self, chosen: Sequence[int], least: float) -> tuple[float, float] | None:
        """(estimate, t) of a common shift of the ``chosen`` scores, beside the noise that it leaves.

        ``least`` is a floor under the noise's variance. None where nothing can be said.
        """
        over = sum(self.rests[a] for a in chosen)
        room = sum(self.spread[a][b] for a in chosen for b in chosen)
        if room < NOTHING or self.freedom < 2:
            return None
        variance = max((self.squares - over * over / room) / (self.freedom - 1), least)
        if variance <= 0:
            return None
        return over / room, over / math.sqrt(room * variance)

    def without(self, chosen: Iterable[int]) -> Rests:
        """The same after the ``chosen`` scores were left out of the fit."""
        rests, spread, freedom = list(self.rests), [list(row) for row in self.spread], self.freedom
        for a in chosen:
            room = spread[a][a]
            if room < NOTHING:
                continue
            taken, rest = list(spread[a]), rests[a]
            for b, share in enumerate(taken):
                if share:
                    factor = share / room
                    rests[b] -= factor * rest
                    spread[b] = [x - factor * y for x, y in zip(spread[b], taken, strict=True)]
            freedom -= 1
        return Rests(rests, spread, freedom, sum(rest * rest for rest in rests))


@dataclass(frozen=True, slots=True)
class Fit:
    """A year's fit: the scorers' leniencies (around nothing), their covariance in units of the noise, and the rests."""

    scorers: tuple[str, ...]
    leniency: list[float]
    spread: Matrix
    rests: Rests


def fit(cells: Sequence[tuple[str, str]], points: Sequence[float]) -> Fit:
    """The scores ``points[a]`` that ``cells[a]`` = (scorer, scored) gave, taken apart.

    Scorers who are linked by nobody whom both scored cannot be compared: only those of the largest linked group
    are told of in ``scorers``, ``leniency`` and ``spread``. The rests are of all.
    """
    names = sorted({scorer for scorer, _ in cells})
    place = {name: n for n, name in enumerate(names)}
    by: dict[str, list[int]] = {}
    for a, (_, scored) in enumerate(cells):
        by.setdefault(scored, []).append(a)
    who = [place[scorer] for scorer, _ in cells]
    groups = _groups(len(names), [[who[a] for a in told] for told in by.values()])

    # The normal equations of the leniencies alone: the worths of the schools are taken out.
    normal = [[0.0] * len(names) for _ in names]
    right = [0.0] * len(names)
    for told in by.values():
        mean = sum(points[a] for a in told) / len(told)
        for a in told:
            normal[who[a]][who[a]] += 1
            right[who[a]] += points[a] - mean
            for b in told:
                normal[who[a]][who[b]] -= 1 / len(told)
    # Leniencies are known up to a constant in each group: they are made to sum to nothing there.
    for group in groups:
        for a in group:
            for b in group:
                normal[a][b] += 1 / len(group)
    spread, _ = inverse(normal)
    for group in groups:
        for a in group:
            for b in group:
                spread[a][b] -= 1 / len(group)
    leniency = [sum(map(_times, row, right)) for row in spread]

    rests = [0.0] * len(cells)
    hat = [[0.0] * len(cells) for _ in cells]
    for told in by.values():
        worth = sum(points[a] - leniency[who[a]] for a in told) / len(told)
        average = [sum(spread[who[a]][s] for a in told) / len(told) for s in range(len(names))]
        for a in told:
            rests[a] = points[a] - worth - leniency[who[a]]
            # How the fitted leniency of this score, beside that of the others of the same school, leans on
            # each score.
            lean = [x - y for x, y in zip(spread[who[a]], average, strict=True)]
            for others in by.values():
                middle = sum(lean[who[b]] for b in others) / len(others)
                for b in others:
                    hat[a][b] = lean[who[b]] - middle
            for b in told:
                hat[a][b] += 1 / len(told)
    kept = [[(a == b) - hat[a][b] for b in range(len(cells))] for a in range(len(cells))]
    freedom = len(cells) - len(names) - len(by) + len(groups)
    largest = max(groups, key=len, default=[])
    return Fit(
        tuple(names[s] for s in largest),
        [leniency[s] for s in largest],
        [[spread[s][t] for t in largest] for s in largest],
        Rests(rests, kept, freedom, sum(rest * rest for rest in rests)),
    )


def side_by_side(parts: Sequence[Rests]) -> Rests:
    """The rests of several years as one: each year has its own worths and leniencies, the noise is common."""
    size = sum(len(part.rests) for part in parts)
    spread: Matrix = []
    for part in parts:
        before = len(spread)
        after = size - before - len(part.rests)
        spread += [[0.0] * before + row + [0.0] * after for row in part.spread]
    return Rests(
        [rest for part in parts for rest in part.rests],
        spread,
        sum(part.freedom for part in parts),
        sum(part.squares for part in parts),
    )


def inverse(matrix: Matrix) -> tuple[Matrix, float]:
    """(inverse, logarithm of the determinant) of a positive definite matrix, by Gauss and Jordan in place.

    Raises:
        ValueError: it is not positive definite.
    """
    rows = [list(row) for row in matrix]
    log = 0.0
    for a in range(len(rows)):
        pivot = rows[a][a]
        if pivot <= 0:
            raise ValueError("a matrix that is not positive definite")
        log += math.log(pivot)
        rows[a][a] = 1.0
        own = rows[a] = [x / pivot for x in rows[a]]
        for b, row in enumerate(rows):
            if b != a and (factor := row[a]):
                row[a] = 0.0
                rows[b] = [x - factor * y for x, y in zip(row, own, strict=True)]
    return rows, log


def grain(points: Iterable[Fraction]) -> Fraction:
    """The step in which points were given: the greatest that divides all differences; 0 where all are equal."""
    given = sorted(set(points))
    step = Fraction(0)
    for one in given[1:]:
        gap = one - given[0]
        common = math.lcm(step.denominator, gap.denominator)
        step = Fraction(math.gcd(int(step * common), int(gap * common)), common)
    return step


def _times(one: float, other: float) -> float:
    return one * other


def _groups(size: int, together: Iterable[Sequence[int]]) -> list[list[int]]:
    above = list(range(size))

    def top(a: int) -> int:
        while above[a] != a:
            a = above[a]
        return a

    for told in together:
        for a in told[1:]:
            above[top(a)] = top(told[0])
    found: dict[int, list[int]] = {}
    for a in range(size):
        found.setdefault(top(a), []).append(a)
    return sorted(found.values())
