"""What several scores of an item settle to, and who comes before whom: exact fractions, competition ranks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

MEDIAN, MEAN, TRIMMED_MEAN = "median", "mean", "trimmed_mean"


def median(scores: Sequence[Fraction]) -> Fraction:
    """The one in the middle, or the mean of the two in the middle. At least one score."""
    ordered = sorted(scores)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def mean(scores: Sequence[Fraction]) -> Fraction:
    """The sum over the number. At least one score."""
    return sum(scores, Fraction(0)) / len(scores)


def trimmed_mean(scores: Sequence[Fraction]) -> Fraction:
    """The mean without one highest and one lowest; of fewer than three scores the mean of all."""
    ordered = sorted(scores)
    return mean(ordered[1:-1] if len(ordered) > 2 else ordered)


#: how a card may settle the cross-scores of an item
SETTLE_RULES: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    MEDIAN: median,
    MEAN: mean,
    TRIMMED_MEAN: trimmed_mean,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a school is ranked by: its total, and what breaks a tie, compared in this order, higher first."""

    total: Fraction
    breaks: tuple[Fraction, ...] = ()

    @property
    def key(self) -> tuple[Fraction, ...]:
        """What is compared, higher first."""
        return (self.total, *self.breaks)


def ranks(standings: Mapping[str, Standing]) -> dict[str, int]:
    """The competition rank (1, 2, 2, 4) of each; what is still equal after the tie-breaks shares one."""
    return {
        name: 1 + sum(other.key > standing.key for other in standings.values())
        for name, standing in standings.items()
    }


def exact_text(value: Fraction) -> str:
    """A fraction as it is kept: ``2791/3``, or ``930`` where it is whole."""
    return str(value)


def exact_value(text: str) -> Fraction:
    """What `exact_text` wrote."""
    return Fraction(text)
