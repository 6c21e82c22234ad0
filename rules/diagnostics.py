"""Hints from a bloc's cross-scores: outlying scorers, favours, how firm ranks are (docs/diagnostics.md).

A hint is a reason to look again, never a verdict: each has an innocent explanation too, and none stops
anything. What is told in points is exact and can be worked out with a pencil; how seldom as much is met in a
fair bloc is a probability, and is asked so that of fair blocs at most one in twenty shows any hint of any
kind. `python -m bench favours` measures that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from rules.outliers import outlying
from rules.student import tail
from rules.two_way import Rests, fit, grain, side_by_side

Points = Fraction | Decimal | int
Cell = tuple[str, str]
#: a year's totals of the cross-sheets: (scorer, scored) → points
Totals = Mapping[Cell, Points]
#: what schools are ranked by: the total, then what breaks ties, in the order of comparison
Standing = Mapping[str, tuple[Fraction, ...]]

#: scores clearly more, or clearly less, than the others who scored the same schools
OVER, UNDER = "over", "under"
#: gives one school more, or less, than the others give it, beyond what this scorer gives the rest
FAVOUR, DISFAVOUR = "favour", "disfavour"
#: two that give each other more; three that do so in a ring
MUTUAL, RING = "mutual", "ring"

#: the greatest chance of any hint of a kind in a fair bloc; together below one in twenty
ASKED = {OVER: 0.0125, FAVOUR: 0.010, MUTUAL: 0.005, RING: 0.010}
# A noise judged by fewer differences than these is not known well enough to call anything unusual.
_LEAST_FREEDOM = 5


@dataclass(frozen=True, slots=True)
class Strength:
    """How seldom as much is met in a fair bloc.

    ``chance`` is an upper bound of the probability that a bloc with the same sheets, scored fairly with
    normal noise, shows a difference of this kind as unusual as this one anywhere: all ``compared`` schools,
    pairs or rings are counted in. ``freedom`` says by how many degrees of freedom the noise was judged. Told
    only where it is at most `ASKED`.
    """

    chance: float
    compared: int
    freedom: int

    @property
    def blocs(self) -> int:
        """One in how many fair blocs, to two figures, at most 10,000: of rarer things a normal noise says
        more than anybody knows."""
        many = int(min(1 / self.chance, 10_000))
        unit: int = 10 ** max(len(str(many)) - 2, 0)
        return many // unit * unit


@dataclass(frozen=True, slots=True)
class Compared:
    """One score beside the others: all exact points.

    ``given`` by ``scorer`` to ``scored`` in year number ``year`` (0 is the first); ``others`` is the mean of
    the other scorers of the same school; ``usual`` is by how much this scorer is above the others, on the
    mean, at the other schools that it scored.
    """

    year: int
    scorer: str
    scored: str
    given: Fraction
    others: Fraction
    usual: Fraction

    @property
    def over(self) -> Fraction:
        """How much more than the others gave."""
        return self.given - self.others

    @property
    def beyond(self) -> Fraction:
        """How much of that is more than this scorer gives elsewhere."""
        return self.over - self.usual


@dataclass(frozen=True, slots=True)
class Hint:
    """Something to look at again.

    ``schools``: the scorer; the scorer and whom it favours; the two; the three, each scoring the next and the
    last the first. ``cells`` are the scores it rests on. ``estimate`` is the size of the shift in points, as
    the fit of all scores tells it.
    """

    kind: str
    schools: tuple[str, ...]
    cells: tuple[Compared, ...]
    estimate: float
    strength: Strength

    @property
    def over(self) -> Fraction:
        """How much more than the others these scores gave, in points, on the mean; less than nothing: how much less."""
        return _mean(cell.over for cell in self.cells)

    @property
    def usual(self) -> Fraction:
        """The same of these scorers' other scores."""
        return _mean(cell.usual for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Scorer:
    """All that a scorer gave in a year, beside what the others gave the same schools."""

    name: str
    cells: tuple[Compared, ...]

    @property
    def over(self) -> Fraction:
        """The mean of what it gave more than the others, in points."""
        return _mean(cell.over for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Firmness:
    """How a school's rank hangs on single scorers: a description, no alarm.

    ``best`` and ``worst`` are its ranks when one scorer at a time is left out, the rank of all included;
    ``lifted_without`` and ``lowered_without`` name those without whom it gets them (empty where the rank
    stays).
    """

    school: str
    rank: int
    best: int
    worst: int
    lifted_without: tuple[str, ...]
    lowered_without: tuple[str, ...]


# --- The hints ---


def hints(years: Sequence[Totals], most: Points) -> tuple[Hint, ...]:
    """The hints of the last of ``years`` (in order, of one card), the most unusual first; earlier ones help to judge.

    The same totals give the same hints, whatever order they come in.

    Raises:
        ValueError: no year; a school that scores itself; points below nothing or above ``most``.
    """
    exact = [_exact(year, most) for year in years]
    if not exact:
        raise ValueError("no year to look at")
    compared = [scorers(year, most) for year in exact]
    by_cell = {
        (one.year, one.scorer, one.scored): one for n, told in enumerate(compared) for one in _cells(told, n)
    }
    step = grain(points for year in exact for points in year.values())
    if not step:
        return ()
    least = float(step * step / 12)
    found = _favours(exact, by_cell, least)
    # Who favours somebody is not therefore generous: those scores are left out of what is asked of the scorers.
    told = {cell for hint in found for cell in _named(hint)}
    found += _outlying(exact, by_cell, least, told)
    return tuple(sorted(found, key=lambda hint: (hint.strength.chance, hint.kind, hint.schools)))


def scorers(year: Totals, most: Points) -> tuple[Scorer, ...]:
    """Each scorer beside the others who scored the same schools, by name; scores that stand alone are left out.

    Raises:
        ValueError: as `hints`.
    """
    exact = _exact(year, most)
    by_scored: dict[str, list[Fraction]] = {}
    for (_, scored), points in exact.items():
        by_scored.setdefault(scored, []).append(points)
    over: dict[str, dict[str, tuple[Fraction, Fraction]]] = {}
    for (scorer, scored), points in exact.items():
        told = by_scored[scored]
        if len(told) > 1:
            over.setdefault(scorer, {})[scored] = points, (sum(told, Fraction(0)) - points) / (len(told) - 1)
    return tuple(
        Scorer(
            scorer,
            tuple(
                Compared(0, scorer, scored, given, others, _usual(own, scored))
                for scored, (given, others) in own.items()
            ),
        )
        for scorer, own in over.items()
    )


def _usual(own: Mapping[str, tuple[Fraction, Fraction]], scored: str) -> Fraction:
    return _mean(given - others for school, (given, others) in own.items() if school != scored)


def _exact(year: Totals, most: Points) -> dict[Cell, Fraction]:
    told = {cell: Fraction(points) for cell, points in sorted(year.items())}
    for (scorer, scored), points in told.items():
        if scorer == scored:
            raise ValueError(f"{scorer} scores itself")
        if not 0 <= points <= Fraction(most):
            raise ValueError(f"{scorer} gives {scored} {points} of {most} points")
    return told


def _mean(values: Iterable[Fraction]) -> Fraction:
    told = list(values)
    return sum(told, Fraction(0)) / len(told) if told else Fraction(0)


def _cells(told: Sequence[Scorer], year: int) -> list[Compared]:
    return [replace(one, year=year) for scorer in told for one in scorer.cells]


def _named(hint: Hint) -> list[tuple[int, str, str]]:
    return [(cell.year, cell.scorer, cell.scored) for cell in hint.cells]


def _points(year: Mapping[Cell, Fraction], cells: Sequence[Cell]) -> list[float]:
    # Around their mean, so that floats keep the digits that differ.
    mean = _mean(year.values())
    return [float(year[cell] - mean) for cell in cells]


# --- Favours ---


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question to the scores: whether these cells together were given too much, or (two-sided) too little."""

    family: str
    schools: tuple[str, ...]
    cells: tuple[int, ...]


def _favours(
    years: Sequence[Mapping[Cell, Fraction]], by_cell: Mapping[tuple[int, str, str], Compared], least: float
) -> list[Hint]:
    keys = [(n, *cell) for n, year in enumerate(years) for cell in year]
    parts = [fit(list(year), _points(year, list(year))).rests for year in years if year]
    rests = side_by_side(parts)
    asked = _questions(keys, rests, len(years) - 1)
    count = {family: sum(one.family == family for one in asked) for family in ASKED}
    found: list[Hint] = []
    # One at a time, the most unusual first; its scores are then left out, so that one favour does not hide
    # the next.
    while rests.freedom - 1 >= _LEAST_FREEDOM:
        best: tuple[float, _Asked, float, float] | None = None
        for one in asked:
            told = rests.shift(one.cells, least)
            if told is None:
                continue
            size, t = told
            two_sided = one.family == FAVOUR
            # What cannot be shown with a pencil too is not told.
            plain = _mean(by_cell[keys[a]].beyond for a in one.cells)
            if plain == 0 or (plain > 0) != (size > 0):
                continue
            chance = (
                count[one.family]
                * (2 if two_sided else 1)
                * tail(abs(t) if two_sided else t, rests.freedom - 1)
            )
            if chance <= ASKED[one.family] and (best is None or chance / ASKED[one.family] < best[0]):
                best = chance / ASKED[one.family], one, size, chance
        if best is None:
            break
        _, one, size, chance = best
        kind = DISFAVOUR if one.family == FAVOUR and size < 0 else one.family
        strength = Strength(chance, count[one.family], rests.freedom - 1)
        cells = tuple(by_cell[keys[a]] for a in one.cells)
        found.append(Hint(kind, one.schools, cells, size, strength))
        rests = rests.without(one.cells)
        gone = set(one.cells)
        asked = [other for other in asked if not gone & set(other.cells)]
    return found


def _questions(keys: Sequence[tuple[int, str, str]], rests: Rests, last: int) -> list[_Asked]:
    """What is asked of the last year: one-way favours and pairs over all years, rings within the year."""
    # A score that nobody's other scores check tells nothing.
    known = {key: a for a, key in enumerate(keys) if rests.spread[a][a] > 1e-6}
    by_pair: dict[Cell, tuple[int, ...]] = {}
    for (_, scorer, scored), a in known.items():
        by_pair[scorer, scored] = (*by_pair.get((scorer, scored), ()), a)
    now = sorted((scorer, scored) for year, scorer, scored in known if year == last)
    asked = [_Asked(FAVOUR, pair, by_pair[pair]) for pair in now]
    pairs = {(min(pair), max(pair)) for pair in now if pair[::-1] in by_pair}
    asked += [
        _Asked(MUTUAL, (one, other), (*by_pair[one, other], *by_pair[other, one]))
        for one, other in sorted(pairs)
    ]
    gives: dict[str, list[str]] = {}
    for scorer, scored in now:
        gives.setdefault(scorer, []).append(scored)
    asked += [
        _Asked(
            RING, (one, two, three), (known[last, one, two], known[last, two, three], known[last, three, one])
        )
        for one in sorted(gives)
        for two in gives[one]
        if two > one
        for three in gives.get(two, ())
        if three > one and one in gives.get(three, ())
    ]
    return asked


# --- Outlying scorers ---


def _outlying(
    years: Sequence[Mapping[Cell, Fraction]],
    by_cell: Mapping[tuple[int, str, str], Compared],
    least: float,
    told: set[tuple[int, str, str]],
) -> list[Hint]:
    last = len(years) - 1
    year = {cell: points for cell, points in years[last].items() if (last, *cell) not in told}
    if not year:
        return []
    cells = list(year)
    fitted = fit(cells, _points(year, cells))
    found = []
    for one in outlying(fitted, least, ASKED[OVER]):
        own = tuple(
            by_cell[last, scorer, scored]
            for scorer, scored in cells
            if scorer == one.scorer and (last, scorer, scored) in by_cell
        )
        plain = _mean(cell.over for cell in own)
        if plain == 0 or (plain > 0) != (one.over > 0):
            continue
        strength = Strength(one.chance, len(fitted.scorers), one.freedom)
        found.append(Hint(OVER if one.over > 0 else UNDER, (one.scorer,), own, one.over, strength))
    return found


# --- How firm the ranking is ---


def standings(year: Totals, most: Points, settle: Callable[[Sequence[Fraction]], Fraction]) -> Standing:
    """Each scored school's settled total, for want of a finer rule: ``settle`` of the totals that it was given.

    A bloc that settles item by item, or breaks ties, makes its own standing and gives that to `firmness`.

    Raises:
        ValueError: as `hints`.
    """
    told: dict[str, list[Fraction]] = {}
    for (_, scored), points in _exact(year, most).items():
        told.setdefault(scored, []).append(points)
    return {scored: (settle(points),) for scored, points in sorted(told.items())}


def ranks(standing: Standing) -> dict[str, int]:
    """Competition ranks (1, 2, 2, 4), the greatest first."""
    return {school: 1 + sum(other > own for other in standing.values()) for school, own in standing.items()}


def firmness(standing: Standing, without: Mapping[str, Standing]) -> tuple[Firmness, ...]:
    """How far each rank moves, best rank first; ``without`` maps a scorer to the standing without it.

    A standing that lacks a school (nobody else scored it) is not compared: its ranks would mean something else.
    """
    now = ranks(standing)
    then = {who: ranks(other) for who, other in sorted(without.items()) if set(other) == set(standing)}
    told = []
    for school, rank in now.items():
        best = min([rank, *(other[school] for other in then.values())])
        worst = max([rank, *(other[school] for other in then.values())])
        lifted = tuple(who for who, other in then.items() if other[school] == best < rank)
        lowered = tuple(who for who, other in then.items() if other[school] == worst > rank)
        told.append(Firmness(school, rank, best, worst, lifted, lowered))
    return tuple(sorted(told, key=lambda one: (one.rank, one.school)))


# --- In words ---


def words_of(hint: Hint) -> tuple[str, dict[str, object]]:
    """The catalogue's code of a hint (`notifications/words/hints.*.yaml`) and what fills it; points to a tenth.

    What could explain it innocently is said beside it, by `innocent_of`.
    """
    params: dict[str, object] = {
        "points": _shown(abs(hint.over)),
        "beyond": _shown(abs(hint.over - hint.usual)),
        "blocs": hint.strength.blocs,
        "count": len(hint.cells),
        "schools": list(hint.schools),
    }
    params |= dict(zip(("school", "other", "third"), hint.schools, strict=False))
    if hint.kind in (FAVOUR, DISFAVOUR) and len(hint.cells) == 1:
        cell = hint.cells[0]
        params |= {"given": _shown(cell.given), "others": _shown(cell.others)}
        return f"hints.{hint.kind}_once", params
    return f"hints.{hint.kind}", params


def innocent_of(hint: Hint) -> str:
    """The code of what could explain a hint innocently."""
    return f"hints.innocent.{hint.kind}"


def words_of_rank(one: Firmness) -> tuple[str, dict[str, object]]:
    """The code of how firm a rank is, and what fills it."""
    params: dict[str, object] = {
        "school": one.school,
        "rank": one.rank,
        "best": one.best,
        "worst": one.worst,
        "lifted": list(one.lifted_without),
        "lowered": list(one.lowered_without),
    }
    moved = {(False, False): "firm", (True, False): "lifted", (False, True): "lowered", (True, True): "both"}
    return f"hints.rank_{moved[one.best < one.rank, one.worst > one.rank]}", params


def _shown(points: Fraction) -> Decimal:
    """Points to one decimal place, half up; whole points without one."""
    tenths = int(points * 10 + Fraction(1, 2))
    return Decimal(tenths // 10) if tenths % 10 == 0 else Decimal(tenths) / 10
