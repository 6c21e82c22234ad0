"""Made-up blocs: fair ones as people score, and the same with a favour planted.

A fair bloc. The card has 1,000 points in 16 items: 5 of 120, 4 of 50, 5 of 30, 2 of 25. A school is worth a
share of each item: its own level, normal around 88 % with SD 4 %, plus 5 % of SD from item to item. A scorer
sees that share plus its own leniency (normal, SD 1.2 %: 12 points of the total) plus noise of its own for
each item (normal, SD 2.5 %), never below nothing or above the item's most (the ceiling: good schools lose
their noise upwards), and writes it in its own step: whole points (half of the scorers), steps of two (a
quarter) or of five (a quarter): heaping on round numbers. Only totals are handed on. With ``noise="total"``
one noise is drawn for the total (SD 8 points) and the total is written in steps of 1, 2 or 5, at most 1,000.

The draw: each scores ``scorers`` others, each is scored by as many, and no two score each other in one year;
the schools on a circle, each scoring the next three, then mixed by exchanging schools between sheets at
random, anew each year. ``neighbours`` leaves out the mixing, which links scorers least well.

Stress, each named in `STRESS`: what a fair bloc may be too, though the rules do not assume it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

Cell = tuple[str, str]
MOST = 1000
_ITEMS = (*[120] * 5, *[50] * 4, *[30] * 5, *[25] * 2)
_STEPS = (1, 1, 2, 5)
_TOTAL_NOISE = 8.0


@dataclass(frozen=True)
class Habits:
    """How the people of a bloc score; the defaults are the fair bloc of the page."""

    scorers: int = 3
    level: float = 0.88
    leniency: float = 0.012
    noise: str = "items"
    #: degrees of freedom of Student's t for the noise and for leniencies, scaled to the same SD; None is normal
    noise_tail: int | None = None
    leniency_tail: int | None = None
    #: the share of scorers who draw everything towards the middle, and how much of the differences they keep
    squeezed: float = 0.0
    kept: float = 1.0
    #: SD of the logarithm of a scorer's own noise, beside the common one
    uneven: float = 0.0
    #: the share of sheets that never came
    missing: float = 0.0
    neighbours: bool = False


FAIR = Habits()
#: what is measured beside the fair bloc, and how it is read in the table
STRESS = {
    "noise of the total, not of items": replace(FAIR, noise="total"),
    "two scorers a school": replace(FAIR, scorers=2),
    "four scorers a school": replace(FAIR, scorers=4),
    "neighbours on the circle score each other's neighbours": replace(FAIR, neighbours=True),
    "one sheet in ten missing": replace(FAIR, missing=0.1),
    "nearly all at the ceiling (level 97 %)": replace(FAIR, level=0.97),
    "heavy tails of items (Student 3)": replace(FAIR, noise_tail=3),
    "heavy tails of the total (Student 3)": replace(FAIR, noise="total", noise_tail=3),
    "heavy tails of leniency (Student 3)": replace(FAIR, leniency_tail=3),
    "scorers of very different noise (log SD 0.5)": replace(FAIR, uneven=0.5),
    "one scorer in ten with little spread (keeps 60 %)": replace(FAIR, squeezed=0.1, kept=0.6),
    "a third of scorers with little spread (keep 60 %)": replace(FAIR, squeezed=1 / 3, kept=0.6),
}


@dataclass
class Bloc:
    """A bloc's years as they were scored; ``totals`` may be added to."""

    schools: list[str]
    years: list[dict[Cell, Fraction]]


def draw(
    schools: Sequence[str], scorers: int, dice: random.Random, *, neighbours: bool = False
) -> list[Cell]:
    """Who scores whom in a year."""
    count = len(schools)
    if count < 2 * scorers + 1:
        raise ValueError(f"{count} schools cannot be scored by {scorers} without some scoring each other")
    order = list(schools)
    dice.shuffle(order)
    cells = [(order[n], order[(n + far) % count]) for n in range(count) for far in range(1, scorers + 1)]
    if neighbours:
        return cells
    there = set(cells)
    for _ in range(10 * len(cells)):
        one, other = dice.randrange(len(cells)), dice.randrange(len(cells))
        (a, b), (c, d) = cells[one], cells[other]
        # Two sheets change their schools, where nobody then scores itself, one school twice or one that scores it.
        if a in (c, d) or c == b or b == d or not there.isdisjoint({(a, d), (c, b), (d, a), (b, c)}):
            continue
        there -= {(a, b), (c, d)}
        there |= {(a, d), (c, b)}
        cells[one], cells[other] = (a, d), (c, b)
    return cells


def fair_bloc(count: int, dice: random.Random, habits: Habits = FAIR, years: int = 1) -> Bloc:
    """A bloc of ``count`` schools, scored fairly; over ``years`` levels stay, sheets and leniencies are drawn anew."""
    schools = [f"Trường {n:02}" for n in range(1, count + 1)]
    worth = {
        school: [level + dice.gauss(0, 0.05) for _ in _ITEMS]
        for school, level in ((one, dice.gauss(habits.level, 0.04)) for one in schools)
    }
    return Bloc(schools, [_year(schools, worth, dice, habits) for _ in range(years)])


def _year(
    schools: Sequence[str], worth: Mapping[str, Sequence[float]], dice: random.Random, habits: Habits
) -> dict[Cell, Fraction]:
    who = {school: _scorer(dice, habits) for school in schools}
    told = {}
    for scorer, scored in draw(schools, habits.scorers, dice, neighbours=habits.neighbours):
        if dice.random() < habits.missing:
            continue
        lenient, loud, kept, step = who[scorer]
        shares = [habits.level + kept * (share - habits.level) + lenient for share in worth[scored]]
        if habits.noise == "total":
            seen = sum(most * min(max(share, 0.0), 1.0) for most, share in zip(_ITEMS, shares, strict=True))
            seen += _TOTAL_NOISE * loud * _dice(dice, habits.noise_tail)
            total = step * round(min(max(seen, 0.0), MOST) / step)
        else:
            total = 0
            for most, share in zip(_ITEMS, shares, strict=True):
                seen = most * (share + 0.025 * loud * _dice(dice, habits.noise_tail))
                total += min(max(step * round(seen / step), 0), most)
        told[scorer, scored] = Fraction(total)
    return told


def _scorer(dice: random.Random, habits: Habits) -> tuple[float, float, float, int]:
    lenient = habits.leniency * _dice(dice, habits.leniency_tail)
    loud = dice.lognormvariate(0, habits.uneven) if habits.uneven else 1.0
    kept = habits.kept if dice.random() < habits.squeezed else 1.0
    return lenient, loud, kept, dice.choice(_STEPS)


def _dice(dice: random.Random, tail: int | None) -> float:
    """One throw with mean 0 and SD 1."""
    normal = dice.gauss(0, 1)
    if tail is None:
        return normal
    # Student's t has the variance tail / (tail - 2).
    return normal / (dice.gammavariate(tail / 2, 2) / tail) ** 0.5 * ((tail - 2) / tail) ** 0.5


# --- Planted favours ---


def push(bloc: Bloc, year: int, cell: Cell, points: float) -> None:
    """One score raised or lowered by so many points, whole ones, and never beyond the card."""
    given = bloc.years[year][cell] + round(points)
    bloc.years[year][cell] = min(max(given, Fraction(0)), Fraction(MOST))


def rings(cells: Sequence[Cell]) -> list[tuple[Cell, Cell, Cell]]:
    """The rings of three of a draw, each once."""
    drawn = set(cells)
    return [
        ((a, b), (b, c), (c, a))
        for a, b in sorted(drawn)
        for other, c in sorted(drawn)
        if other == b and a < b and a < c and (c, a) in drawn
    ]


def pairs(bloc: Bloc) -> list[list[tuple[int, Cell]]]:
    """Two schools that scored each other over the years, the last among them: all of their scores of each other."""
    by: dict[Cell, list[tuple[int, Cell]]] = {}
    for n, year in enumerate(bloc.years):
        for cell in sorted(year):
            by.setdefault((min(cell), max(cell)), []).append((n, cell))
    last = len(bloc.years) - 1
    return [
        told
        for _, told in sorted(by.items())
        if len({cell for _, cell in told}) == 2 and any(n == last for n, _ in told)
    ]
