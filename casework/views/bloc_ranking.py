"""What stands behind a bloc's ranking: the groups of each school for the picture, why equal totals got their ranks, and
how the bloc did at each item of its card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from casework.bloc.settle import SETTLED, Ranked, ranked
from casework.bloc.year import BlocYear
from casework.people import units_told
from published.scorecards import Scorecard
from rules.ranking import exact_value, mean
from rules.scorecard import BONUS, PENALTY, plain, shown

#: the shares of an item's most points at which schools are counted in the report, the highest in front
SHARES = (Fraction(9, 10), Fraction(8, 10))
#: how many of the strongest and of the weakest items are named
NAMED = 3
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Settled:
    """The settled points of a year, by school and item, and the names of the schools."""

    card: Scorecard | None
    points: Mapping[int, Mapping[str, Fraction]]
    units: Mapping[int, tuple[str, str]]
    #: totals and ranks, the first in front; empty before the scoring is settled
    rows: Sequence[Ranked]

    def name(self, school: int) -> str:
        """The name of a school."""
        return self.units[school][1]


def settled_of(year: BlocYear) -> Settled:
    """What was settled for a year: two statements, however many schools and items there are."""
    if "settled" not in year.kept:
        points: dict[int, dict[str, Fraction]] = {}
        query = select(SETTLED.c.school_id, SETTLED.c.item, SETTLED.c.exact).where(year.mine(SETTLED))
        for row in year.connection.execute(query.order_by(SETTLED.c.id)):
            points.setdefault(row.school_id, {})[row.item] = exact_value(row.exact)
        rows = ranked(year.scorecard, points) if year.scorecard is not None and points else []
        year.kept["settled"] = (points, rows)
    points, rows = year.kept["settled"]
    return Settled(year.scorecard, points, units_told(year.connection, list(points)), rows)


def bars(settled: Settled, lang: str) -> list[dict[str, Any]]:
    """Each school for the picture: name, rank, total, what each group gives (the penalty apart), most of all."""
    card = settled.card
    if card is None:
        return []
    return [
        {
            "name": settled.name(row.school),
            "rank": row.rank,
            "total": row.total,
            "groups": [
                (group.code, row.groups[group.code]) for group in card.groups if group.code != PENALTY
            ],
            "penalty": row.groups.get(PENALTY, Fraction(0)),
        }
        for row in settled.rows
    ]


def most_of(card: Scorecard) -> Fraction:
    """What a school can have at most, the bonus in it."""
    return Fraction(card.card.most + card.card.bonus_most)


def ties(settled: Settled, lang: str) -> list[dict[str, Any]]:
    """Why schools with the same total follow each other as they do.

    Each: ``first``, ``second`` (names), ``total``, and ``group`` with its label and the points of both, by which the
    first is in front; ``group`` None: equal in all that the card compares (``compared``), so they share the rank.
    """
    card = settled.card
    if card is None:
        return []
    labels = {group.code: group.label[lang] for group in card.groups}
    found = []
    for one, other in pairwise(settled.rows):
        if one.total != other.total:
            continue
        decisive = next((tie for tie in card.ties if one.groups.get(tie) != other.groups.get(tie)), None)
        found.append(
            {
                "first": settled.name(one.school),
                "second": settled.name(other.school),
                "total": plain(shown(one.total)),
                "rank": one.rank,
                "group": decisive,
                "label": labels.get(decisive or "", ""),
                "higher": plain(shown(one.groups[decisive])) if decisive else None,
                "lower": plain(shown(other.groups[decisive])) if decisive else None,
                "compared": [tie if tie not in (BONUS, PENALTY) else labels[tie] for tie in card.ties],
            }
        )
    return found


def items_told(settled: Settled, lang: str) -> list[dict[str, Any]]:
    """How the bloc did at each item, in the order of the card.

    Each: ``group``, ``code``, ``label``, ``most``, ``mean``, ``share`` (percent of the most, to a tenth), ``reached``
    (how many schools have at least each of `SHARES`, as (percent, number)), ``schools`` (how many there are),
    ``with_any`` (how many have points there at all), ``asked`` (False: a bonus or a penalty, of which nobody is asked
    for all).
    """
    card = settled.card
    if card is None or not settled.points:
        return []
    told = []
    for item in card.items:
        given = [mine[item.code] for mine in settled.points.values() if item.code in mine]
        if not given or not item.most:
            continue
        most, middle = Fraction(item.most), mean(given)
        told.append(
            {
                "group": item.group,
                "code": item.code,
                "label": item.label[lang],
                "most": plain(item.most),
                "mean": plain(shown(middle)),
                "exact": middle / most,
                "share": percent(middle / most),
                "reached": [
                    (int(share * _HUNDRED), sum(points >= share * most for points in given))
                    for share in SHARES
                ],
                "schools": len(given),
                "with_any": sum(points > 0 for points in given),
                "asked": item.group not in (BONUS, PENALTY),
            }
        )
    return told


def strongest_and_weakest(
    items: Sequence[Mapping[str, Any]],
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """The items with the highest and with the lowest share of their points, `NAMED` each; none is in both.

    Bonus and penalty are left out: of them nobody is asked for all.
    """
    asked = [item for item in items if item["asked"]]
    ordered = sorted(asked, key=lambda item: -item["exact"])
    count = min(NAMED, len(ordered) // 2)
    return ordered[:count], ordered[len(ordered) - count :][::-1]


def percent(share: Fraction) -> str:
    """A share in percent, to a tenth, a half of the last one rounded up."""
    tenths = (share * 1000 + Fraction(1, 2)) // 1
    return plain(Decimal(tenths).scaleb(-1))
