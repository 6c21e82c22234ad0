"""What the schools of a bloc give each other in a year, and the ranking that comes of it: made before the first act.

Each school has a hidden quality. From it every sheet is made: some scorers are strict, some generous, everybody is a
little generous to itself, and no two look alike at one item. The ranking is worked out by the same rules as the
program's, so that the plan knows who will be first; it is never typed in anywhere.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache

from published.scorecards import Scorecard, read_scorecard
from rehearsal.sample_files import REGULATIONS
from rules.assignment import assign, scorers_of_each
from rules.ranking import SETTLE_RULES, Standing, ranks
from rules.scorecard import BONUS, PENALTY, group_sums, shown, total

CARD = "tieu-hoc-600-200-200"
#: who scores whom: (scorer, scored), codes of schools
Pair = tuple[str, str]
Points = dict[str, Decimal]

# Hidden quality, as a part of what can be reached: real schools from the first to the last, invented ones below them.
_FIRST, _STEP, _JITTER = 0.97, 0.009, 0.003
_INVENTED, _INVENTED_SPREAD = 0.76, 0.05
# How far a scorer leans, how far one item is off, and how much a school thinks of itself.
_LEAN, _NOISE, _OWN = 0.008, 0.015, 0.02
_HALVES = 2


@dataclass(frozen=True, slots=True)
class MeetingsWord:
    """What a meeting settles itself: an item of a school, its points, and why."""

    school: str
    item: str
    points: Decimal
    reason: str


@dataclass(slots=True)
class BlocScores:
    """The scoring of one bloc. ``sheets`` holds every sheet that is filed, in its last version."""

    bloc: str
    seed: str
    sheets: dict[Pair, Points] = field(default_factory=dict)
    declined: Pair | None = None
    again: Pair | None = None
    words: tuple[MeetingsWord, ...] = ()
    #: school → points as they are shown, and rank
    scores: dict[str, tuple[str, int]] = field(default_factory=dict)


@cache
def scorecard() -> Scorecard:
    """The card that the sample's blocs approve."""
    found, _ = read_scorecard((REGULATIONS / "scorecards" / f"{CARD}.yaml").read_bytes())
    if found is None:
        raise LookupError(CARD)
    return found


def bloc_scores(
    bloc: str, members: tuple[str, ...], invented: frozenset[str], seed: int, declines: str | None = None
) -> BlocScores:
    """The scoring of a bloc by a seed; ``declines`` is a school that hands one sheet about another back."""
    dice = random.Random(f"thidua/{seed}/{bloc}")
    made = BlocScores(bloc, f"thidua-{seed}-{bloc}")
    quality = _qualities(dice, members, invented)
    lean = {school: dice.uniform(-_LEAN, _LEAN) for school in members}
    card = scorecard()
    pairs = list(assign(members, scorers_of_each(len(members), card.scorers), made.seed))
    if declines is not None:
        made.declined = next(pair for pair in pairs if pair[0] == declines)
        scored = made.declined[1]
        taken = {scorer for scorer, other in pairs if other == scored}
        made.again = (next(school for school in members if school not in {*taken, scored}), scored)
        pairs = [*(pair for pair in pairs if pair != made.declined), made.again]
    for school in members:
        made.sheets[school, school] = _sheet(dice, quality[school] + _OWN)
    for scorer, scored in pairs:
        made.sheets[scorer, scored] = _sheet(dice, quality[scored] + lean[scorer])
    made.words = (_word(made, members[-1]),)
    made.scores = _ranked(made, members)
    return made


def _qualities(dice: random.Random, members: tuple[str, ...], invented: frozenset[str]) -> dict[str, float]:
    real = [school for school in members if school not in invented]
    dice.shuffle(real)
    found = {
        school: _FIRST - _STEP * place + dice.uniform(-_JITTER, _JITTER) for place, school in enumerate(real)
    }
    for school in members:
        if school in invented:
            found[school] = _INVENTED + dice.uniform(-_INVENTED_SPREAD, _INVENTED_SPREAD)
    return found


def _sheet(dice: random.Random, quality: float) -> Points:
    """Points in halves for every item; a bonus for whoever is good, something taken away from whoever is not."""
    points: Points = {}
    for item in scorecard().items:
        part = quality + dice.uniform(-_NOISE, _NOISE)
        if item.group == BONUS:
            part = part - 0.5
        elif item.group == PENALTY:
            part = (1 - part) / 2
        halves = round(float(item.most) * _HALVES * min(1.0, max(0.0, part)))
        points[item.code] = Decimal(halves) / _HALVES
    return points


def _cross(made: BlocScores, school: str) -> list[Points]:
    return [sheet for (scorer, scored), sheet in made.sheets.items() if scored == school != scorer]


def _settled(made: BlocScores, school: str) -> dict[str, Fraction]:
    rule, given = SETTLE_RULES[scorecard().settle], _cross(made, school)
    points = {item.code: rule([Fraction(sheet[item.code]) for sheet in given]) for item in scorecard().items}
    return points | {word.item: Fraction(word.points) for word in made.words if word.school == school}


def _word(made: BlocScores, school: str) -> MeetingsWord:
    """The last item that is no bonus and no penalty: the lowest score of it, after all had looked at the papers."""
    item = [i.code for i in scorecard().items if i.group not in (BONUS, PENALTY)][-1]
    lowest = min(sheet[item] for sheet in _cross(made, school))
    return MeetingsWord(school, item, lowest, "Hội nghị thống nhất sau khi xem hồ sơ nộp chậm")


def _ranked(made: BlocScores, members: tuple[str, ...]) -> dict[str, tuple[str, int]]:
    card = scorecard()
    standings = {}
    for school in members:
        points = _settled(made, school)
        sums: Mapping[str, Fraction] = group_sums(card.card, points)
        breaks = tuple(sums.get(tie, Fraction(0)) for tie in card.ties)
        standings[school] = Standing(total(card.card, points), breaks)
    found = ranks(standings)
    return {school: (f"{shown(standings[school].total):.2f}", found[school]) for school in members}
