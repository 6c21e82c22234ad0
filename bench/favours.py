"""How often the hints of `rules/diagnostics.py` are wrong, and what they find of planted favours.

Fair blocs and what people do in them are those of `bench/fair_blocs.py`. Planted, each size as a multiple of
the noise's SD (how far one scorer's total is from what its leniency and the school's worth would give, pooled
over fair blocs of 16):

- *ring*: three schools that score each other in a ring all raise the next; one year, one ring, three raised
  scores;
- *pair, three years*: two schools that scored each other in different years raise each other whenever they
  do; a pair drawn by the dice;
- *friend up*: one school raises one other, in one year: one raised score;
- *friend up, two rivals down*: the same, and lowers the two others that it scores by half as much;
- *generous scorer*: one school gives so much more to all it scores.

Found is a favour where a hint of a favour rests on planted scores alone and says the right direction; a
generous scorer where it is the one named. Whatever else such a bloc shows counts as another hint, also one
about the school that was planted.
"""

from __future__ import annotations

import math
import random
import textwrap
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench import fair_blocs
from bench.fair_blocs import FAIR, MOST, STRESS, Bloc, Cell, Habits, fair_bloc, pairs, push, rings
from rules.diagnostics import FAVOUR, MUTUAL, OVER, RING, Hint, hints
from rules.two_way import fit

SEED = 20261122
BLOC_SIZES = range(10, 25)
SHOWN_SIZES = (10, 16, 24)
MOST_FALSE = 0.05
LEAST_FOUND = 0.80
MULTIPLES = (3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0)


@dataclass(frozen=True)
class Counted:
    """So many of so many."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """As a share of one."""
        return self.hits / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval at 95 %."""
        z, n, p = 1.96, self.of, self.share
        middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


@dataclass(frozen=True)
class Shown:
    """Fair blocs of one kind: how many showed any hint, and which kinds; milliseconds of processor time a bloc."""

    count: int
    any_hint: Counted
    kinds: dict[str, int]
    ms: float


def dice_of(*parts: object) -> random.Random:
    """Dice for one line of a table: the same whatever is measured before it."""
    return random.Random("/".join(map(str, parts)))


def fair(count: int, blocs: int, seed: int, habits: Habits = FAIR, years: int = 1) -> Shown:
    """What fair blocs of ``count`` schools show."""
    dice = dice_of(seed, "fair", count, habits, years)
    shown, kinds, spent = 0, dict[str, int](), 0.0
    for _ in range(blocs):
        made = fair_bloc(count, dice, habits, years)
        start = time.process_time()
        found = hints(made.years, MOST)
        spent += time.process_time() - start
        shown += bool(found)
        for kind in {hint.kind for hint in found}:
            kinds[kind] = kinds.get(kind, 0) + 1
    return Shown(count, Counted(shown, blocs), kinds, spent / blocs * 1000)


def noise_of(blocs: int, seed: int, habits: Habits = FAIR) -> float:
    """The SD of the noise of one total in points, heaping and ceiling included."""
    dice = dice_of(seed, "noise", habits)
    squares = freedom = 0.0
    for _ in range(blocs):
        year = fair_bloc(16, dice, habits).years[0]
        rests = fit(list(year), [float(points) for points in year.values()]).rests
        squares += rests.squares
        freedom += rests.freedom
    return math.sqrt(squares / freedom)


# --- What is planted ---

Planted = Callable[[Bloc, float, random.Random], Callable[[Hint], bool] | None]


def _of(kinds: Sequence[str], cells: set[tuple[int, Cell]]) -> Callable[[Hint], bool]:
    return lambda hint: hint.kind in kinds and {(c.year, (c.scorer, c.scored)) for c in hint.cells} <= cells


def plant_ring(bloc: Bloc, size: float, dice: random.Random) -> Callable[[Hint], bool] | None:
    """Raise a ring of three of the last year; None where the draw has none."""
    there = rings(list(bloc.years[-1]))
    if not there:
        return None
    ring = dice.choice(there)
    for cell in ring:
        push(bloc, len(bloc.years) - 1, cell, size)
    return _of((RING, FAVOUR), {(len(bloc.years) - 1, cell) for cell in ring})


def plant_pair(bloc: Bloc, size: float, dice: random.Random) -> Callable[[Hint], bool] | None:
    """Raise all that two gave each other over the years; None where no two scored each other."""
    there = pairs(bloc)
    if not there:
        return None
    told = dice.choice(there)
    for year, cell in told:
        push(bloc, year, cell, size)
    return _of((MUTUAL, FAVOUR), set(told))


def plant_friend(bloc: Bloc, size: float, dice: random.Random) -> Callable[[Hint], bool]:
    """Raise one score of the last year."""
    cell = dice.choice(sorted(bloc.years[-1]))
    push(bloc, len(bloc.years) - 1, cell, size)
    return _of((FAVOUR,), {(len(bloc.years) - 1, cell)})


def plant_friend_and_rivals(bloc: Bloc, size: float, dice: random.Random) -> Callable[[Hint], bool]:
    """Raise one score and lower the scorer's others by half as much."""
    last = len(bloc.years) - 1
    scorer, friend = dice.choice(sorted(bloc.years[-1]))
    for cell in sorted(bloc.years[-1]):
        if cell[0] == scorer:
            push(bloc, last, cell, size if cell[1] == friend else -size / 2)
    return _of((FAVOUR,), {(last, (scorer, friend))})


def plant_generous(bloc: Bloc, size: float, dice: random.Random) -> Callable[[Hint], bool]:
    """Raise all that one school gave in the last year."""
    scorer = dice.choice(bloc.schools)
    for cell in sorted(bloc.years[-1]):
        if cell[0] == scorer:
            push(bloc, len(bloc.years) - 1, cell, size)
    return lambda hint: hint.kind == OVER and hint.schools == (scorer,)


@dataclass(frozen=True)
class Plan:
    """A favour to plant, over how many years; 80 % is asked from ``asked_from`` times the noise on (None: never)."""

    what: str
    plant: Planted
    years: int
    asked_from: float | None


PLANS = (
    Plan("ring of three", plant_ring, 1, 6.0),
    Plan("pair, three years", plant_pair, 3, 6.0),
    Plan("friend up, two rivals down by half", plant_friend_and_rivals, 1, 8.0),
    Plan("one friend up", plant_friend, 1, None),
    Plan("generous scorer", plant_generous, 1, None),
)


def found(plan: Plan, count: int, points: float, blocs: int, seed: int) -> tuple[Counted, Counted]:
    """Of ``blocs`` fair blocs with the favour of ``points`` planted: how many show it, and how many anything else."""
    dice = dice_of(seed, plan.what, count, round(points, 6))
    hits = beside = of = 0
    while of < blocs:
        made = fair_bloc(count, dice, years=plan.years)
        is_it = plan.plant(made, points, dice)
        # A draw without a ring, or without two who scored each other, can hold no such favour.
        if is_it is None:
            continue
        of += 1
        told = hints(made.years, MOST)
        hits += any(map(is_it, told))
        beside += not all(map(is_it, told))
    return Counted(hits, of), Counted(beside, of)


# --- Printed ---


def _said(counted: Counted) -> str:
    low, high = counted.interval
    return f"{counted.share:.1%} ({low:.1%}–{high:.1%})"


def _fair_row(table: Table, name: str, line: Shown) -> None:
    kinds = ", ".join(f"{kind} {many}" for kind, many in sorted(line.kinds.items())) or "none"
    table.add_row(
        name, str(line.count), f"{line.any_hint.of:,}", _said(line.any_hint), kinds, f"{line.ms:.1f}"
    )


def _fair_table(title: str) -> Table:
    table = Table(title=title)
    for heading in ("blocs", "schools", "number", "with any hint (95 %)", "kinds", "ms each"):
        table.add_column(heading, justify="left" if heading in ("blocs", "kinds") else "right")
    return table


def print_favours(console: Console, *, quick: bool, seed: int = SEED) -> None:
    """All tables: fair blocs by size, stress, planted favours by size."""
    blocs, planted = (60, 20) if quick else (1000, 150)
    console.print(textwrap.dedent(fair_blocs.__doc__ or ""), highlight=False)
    noise = noise_of(20 if quick else 200, seed)
    console.print(f"Seed {seed}. The noise of one total has an SD of {noise:.1f} of {MOST:,} points.")

    table = _fair_table(f"Fair blocs, three scorers a school (asked: at most {MOST_FALSE:.0%} with any hint)")
    reached = []
    for count in BLOC_SIZES:
        line = fair(count, blocs, seed)
        reached.append(line.any_hint)
        _fair_row(table, "fair", line)
    for count in SHOWN_SIZES:
        _fair_row(table, "fair, three years", fair(count, blocs * 3 // 10, seed, years=3))
    console.print(table)
    all_of = Counted(sum(one.hits for one in reached), sum(one.of for one in reached))
    beyond = [n for n, one in zip(BLOC_SIZES, reached, strict=True) if one.share > MOST_FALSE]
    console.print(f"All sizes: {_said(all_of)}. Beyond what is asked: {beyond or 'none'}.")

    table = _fair_table("Fair too, but not as the rules assume (reported; nothing asked)")
    for name, habits in STRESS.items():
        for count in SHOWN_SIZES:
            _fair_row(table, name, fair(count, blocs * 3 // 10, seed, habits))
    console.print(table)

    found_table, beside_table = (
        Table(title=f"{title}, {planted} blocs each{end}")
        for title, end in (
            ("Planted favours found", f"; * where at least {LEAST_FOUND:.0%} is asked"),
            ("The same blocs: share with any other hint", " (nothing asked)"),
        )
    )
    for table in (found_table, beside_table):
        for heading in ("planted", "schools", *(f"{m:g} SD = {m * noise:.0f} p." for m in MULTIPLES)):
            table.add_column(heading, justify="left" if heading == "planted" else "right")
    missed = []
    for plan in PLANS:
        for count in SHOWN_SIZES:
            cells, others = [], []
            for multiple in MULTIPLES:
                counted, beside = found(plan, count, multiple * noise, planted, seed)
                asked = plan.asked_from is not None and multiple >= plan.asked_from
                cells.append(f"{counted.share:.0%}{'*' if asked else ''}")
                others.append(f"{beside.share:.0%}")
                if asked and counted.share < LEAST_FOUND:
                    missed.append(f"{plan.what}, {count} schools, {multiple:g} SD: {_said(counted)}")
            found_table.add_row(plan.what, str(count), *cells)
            beside_table.add_row(plan.what, str(count), *others)
    console.print(found_table)
    console.print(beside_table)
    console.print(f"Not reached: {'; '.join(missed) or 'nothing'}.")
