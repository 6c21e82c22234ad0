"""A score sheet against its card: every reason at once; sums and totals as exact fractions. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rules.reasons import Reason

BONUS, PENALTY = "bonus", "penalty"
NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Item:
    """One criterion: its code on the card, its group (``bonus`` and ``penalty`` are groups too), its most points."""

    code: str
    group: str
    most: Decimal


@dataclass(frozen=True, slots=True)
class Card:
    """What a scorecard asks for. All bonus together counts ``bonus_most`` at most, all penalties ``penalty_most``."""

    items: tuple[Item, ...]
    bonus_most: Decimal = Decimal(0)
    penalty_most: Decimal = Decimal(0)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all items, in the order of the card."""
        return tuple(item.code for item in self.items)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups in the order of the card; bonus and penalty where it has such items."""
        return tuple(dict.fromkeys(item.group for item in self.items))

    def item(self, code: str) -> Item | None:
        """The item of a code; None where the card has none of it."""
        return next((item for item in self.items if item.code == code), None)

    @property
    def most(self) -> Decimal:
        """What all items together give at most, without the bonus."""
        return sum((i.most for i in self.items if i.group not in (BONUS, PENALTY)), Decimal(0))


def against_points(card: Card, code: str, points: Decimal) -> list[Reason]:
    """Why an item cannot have these points: unknown, below nothing, beyond its most, more than two decimals."""
    item = card.item(code)
    if item is None:
        return [Reason("score_item_unknown", {"item": code})]
    if not points.is_finite():
        return [Reason("score_item_unreadable", {"item": code})]
    reasons = []
    if points < 0:
        reasons.append(Reason("score_item_below_nothing", {"item": code, "points": plain(points)}))
    if points > item.most:
        reasons.append(
            Reason(
                "score_item_beyond_most", {"item": code, "points": plain(points), "most": plain(item.most)}
            )
        )
    if Fraction(points) * 100 % 1:
        reasons.append(Reason("score_item_too_fine", {"item": code, "points": str(points)}))
    return reasons


def against_sheet(card: Card, points: Mapping[str, Decimal]) -> list[Reason]:
    """Why a sheet does not fit its card: each point that cannot be, and the items that it leaves out.

    A bonus or a penalty that is left out is none.
    """
    reasons = [reason for code, given in points.items() for reason in against_points(card, code, given)]
    missing = [i.code for i in card.items if i.code not in points and i.group not in (BONUS, PENALTY)]
    if missing:
        reasons.append(Reason("score_items_left_out", {"items": missing}))
    return reasons


def group_sums(card: Card, points: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """What each group gives: the sum of its items; of bonus and penalty no more than their most.

    ``points`` are those of a sheet or the settled ones, by the item's code; an item without any gives nothing.
    """
    sums = dict.fromkeys(card.groups, NOTHING)
    for item in card.items:
        sums[item.group] += Fraction(points.get(item.code, 0))
    for group, most in ((BONUS, card.bonus_most), (PENALTY, card.penalty_most)):
        if group in sums:
            sums[group] = min(sums[group], Fraction(most))
    return sums


def total(card: Card, points: Mapping[str, Fraction]) -> Fraction:
    """The sum of the items plus bonus minus penalty, never below nothing."""
    return total_of(group_sums(card, points))


def total_of(sums: Mapping[str, Fraction]) -> Fraction:
    """The same of what each group gives."""
    return max(NOTHING, sum(sums.values(), NOTHING) - 2 * sums.get(PENALTY, NOTHING))


def shown(exact: Fraction) -> Decimal:
    """Points as they are shown: two decimals, a half of the last one rounded up."""
    hundredths = (exact * 100 + Fraction(1, 2)) // 1
    return Decimal(hundredths).scaleb(-2)


def plain(points: Decimal) -> str:
    """Points as people write them: without zeros at the end, never with an exponent."""
    text = format(points, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
