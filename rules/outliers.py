"""Which scorers stand out from the other scorers: whose leniency is farther off than people's leniencies are."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rules.student import tail
from rules.two_way import NOTHING, Fit, Matrix, inverse

# How much people differ in leniency beside the noise of one score (ratio of variances); which fits, the data say.
_RATIOS = (0.05, 0.3, 1.0, 4.0, 20.0)


@dataclass(frozen=True, slots=True)
class Outlier:
    """A scorer, how many points it is above the others, and the chance of as much anywhere in a fair bloc."""

    scorer: str
    over: float
    chance: float
    freedom: int


@dataclass(slots=True)
class _Weighing:
    """The leniencies under one ratio: ``inside`` weighs them so that equal ones weigh nothing."""

    inside: Matrix
    weighed: list[float]
    squares: float
    log: float

    def taken(self, a: int) -> float:
        """The sum of squares without scorer ``a``."""
        return self.squares - self.weighed[a] ** 2 / self.inside[a][a]

    def without(self, a: int) -> _Weighing:
        room, row = self.inside[a][a], self.inside[a]
        inside = [[x - other[a] * y / room for x, y in zip(other, row, strict=True)] for other in self.inside]
        weighed = [
            w - other[a] * self.weighed[a] / room for w, other in zip(self.weighed, self.inside, strict=True)
        ]
        return _Weighing(inside, weighed, self.taken(a), self.log + math.log(room))


def outlying(fit: Fit, least: float, asked: float) -> tuple[Outlier, ...]:
    """The scorers whose leniency the others' do not explain; ``asked`` is the greatest chance that is told.

    The farthest is taken out, then the farthest of the rest, up to a fifth of them; as many are outlying as
    there were when the last one was too far off (Rosner's generalised extreme studentised deviate): two
    generous scorers do not hide each other. ``least`` is a floor under the variance in points.
    """
    count = len(fit.scorers)
    noise = fit.rests.squares
    freedom = fit.rests.freedom
    weighings = [_weigh(fit, ratio) for ratio in _RATIOS]
    left = list(range(count))
    found: list[Outlier] = []
    told = 0
    rounds = max(1, count // 5)
    for turn in range(rounds):
        others = len(left) - 2
        if others < 3:
            break
        best: tuple[float, int, float] | None = None
        for a in left:
            fitting = [w for w in weighings if w.inside[a][a] > NOTHING]
            if not fitting:
                continue
            # The ratio under which the other leniencies and the noise are likeliest.
            w = min(
                fitting,
                key=lambda w: (
                    w.log
                    + math.log(w.inside[a][a])
                    + (freedom + others) * math.log(noise + w.taken(a) + NOTHING)
                ),
            )
            room = w.inside[a][a]
            t = w.weighed[a] / math.sqrt(room * max(w.taken(a) / others, least, NOTHING))
            if best is None or abs(t) > best[0]:
                best = abs(t), a, w.weighed[a] / room
        if best is None:
            break
        t, a, over = best
        # Half of what is asked is for the farthest alone, the other half for all who may hide behind it.
        shared = 1 if rounds == 1 else 2 * (rounds - 1 if turn else 1)
        chance = min(1.0, 2 * len(left) * shared * tail(t, others))
        found.append(Outlier(fit.scorers[a], over, chance, others))
        if chance <= asked:
            told = len(found)
        weighings = [w.without(a) for w in weighings if w.inside[a][a] > NOTHING]
        left.remove(a)
    # One that hid behind the next is as far off as the last that showed.
    return tuple(
        Outlier(one.scorer, one.over, min(o.chance for o in found[n:told]), one.freedom)
        for n, one in enumerate(found[:told])
    )


def _weigh(fit: Fit, ratio: float) -> _Weighing:
    size = len(fit.scorers)
    # The spread of leniencies that sum to nothing is lifted by the constant, which is then taken out again:
    # the result is the same.
    spread = [
        [fit.spread[a][b] + 1 / size + (ratio if a == b else 0) for b in range(size)] for a in range(size)
    ]
    turned, log = inverse(spread)
    sums = [sum(row) for row in turned]
    total = sum(sums)
    inside = [[turned[a][b] - sums[a] * sums[b] / total for b in range(size)] for a in range(size)]
    weighed = [sum(x * y for x, y in zip(row, fit.leniency, strict=True)) for row in inside]
    squares = sum(x * y for x, y in zip(weighed, fit.leniency, strict=True))
    return _Weighing(inside, weighed, squares, log + math.log(total))
