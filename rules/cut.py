"""Where a cap leaves fewer places than passed: who is in, who is out, and what is still equal.

Votes decide first, from the highest down. Equal at the cut: the legal preference where the council's rules name it
(NĐ 152/2025 Điều 4(6)), then the chair's word (TT 25/2025/TT-BKHCN Điều 23). Neither is ever guessed: what is still
equal is given back as equal, and every place says by what it was won.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

#: by what a tie may be broken, in the order in which a council's rules name them
BREAKERS = ("votes", "preference", "chair")


def places(base: int, *, share: Fraction | None = None, number: int | None = None) -> int:
    """How many a cap leaves in: a share of ``base``, the part of a whole left away, or a number.

    Raises:
        ValueError: neither or both, or a base below nothing.
    """
    if number is not None and share is None and base >= 0:
        return number
    if share is None or number is not None or base < 0:
        raise ValueError("a cap is a share of a base, or a number")
    return base * share.numerator // share.denominator


@dataclass(frozen=True, slots=True)
class Candidate:
    """A nomination that passed: its votes, and whether the law prefers it among equals."""

    nomination: int
    votes: int
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """Who is in and who is out, each from the highest votes down, and for those at the cut by what.

    ``tied`` are equal at the cut and share ``free`` places that nothing has given to any of them yet. ``last_in`` and
    ``first_out`` are the marginal nominations: the last that has a place, the first that has none. ``by`` names what
    decided (`BREAKERS`) for the nominations that were equal in votes at the cut.
    """

    places: int
    inside: tuple[int, ...]
    outside: tuple[int, ...]
    tied: tuple[int, ...]
    free: int
    by: dict[int, str]

    @property
    def settled(self) -> bool:
        """Whether everybody is in or out."""
        return not self.tied

    @property
    def last_in(self) -> int | None:
        """The nomination that got the last place."""
        return self.inside[-1] if self.inside else None

    @property
    def first_out(self) -> int | None:
        """The nomination that missed by the least."""
        return self.outside[0] if self.outside else None


def cut(
    candidates: Iterable[Candidate],
    most: int,
    ties: Sequence[str] = BREAKERS,
    chosen: Collection[int] = (),
) -> Cut:
    """Cut a list at ``most`` places. ``chosen`` is the chair's word: who of those still equal gets a place.

    The chair's word counts only among those still equal after all else, and only where it fills the free places to
    the last one; otherwise they stay tied.
    """
    ordered = sorted(candidates, key=lambda c: (-c.votes, c.nomination))
    if len(ordered) <= most:
        return Cut(most, tuple(c.nomination for c in ordered), (), (), 0, {})
    edge = ordered[most - 1].votes if most > 0 else ordered[0].votes + 1
    inside = [c.nomination for c in ordered if c.votes > edge]
    outside = [c.nomination for c in ordered if c.votes < edge]
    equal = [c for c in ordered if c.votes == edge]
    free = most - len(inside)
    by: dict[int, str] = {}
    if len(equal) <= free:
        return Cut(most, (*inside, *(c.nomination for c in equal)), tuple(outside), (), 0, by)
    if "preference" in ties and free > 0:
        equal, free = _prefer(equal, free, inside, outside, by)
    tied = [c.nomination for c in equal]
    if "chair" in ties and tied and len(set(chosen)) == free and set(chosen) <= set(tied):
        by |= dict.fromkeys(tied, "chair")
        inside += [n for n in tied if n in chosen]
        outside[:0] = [n for n in tied if n not in chosen]
        tied, free = [], 0
    return Cut(most, tuple(inside), tuple(outside), tuple(tied), free, by)


def _prefer(
    equal: list[Candidate], free: int, inside: list[int], outside: list[int], by: dict[int, str]
) -> tuple[list[Candidate], int]:
    """Let the preferred among equals in first; gives who is equal still, and for how many places."""
    preferred = [c for c in equal if c.preferred]
    others = [c for c in equal if not c.preferred]
    if not preferred or not others:
        return equal, free
    if len(preferred) <= free:
        inside += [c.nomination for c in preferred]
        by |= dict.fromkeys((c.nomination for c in preferred), "preference")
        if len(preferred) == free:
            outside[:0] = [c.nomination for c in others]
            by |= dict.fromkeys((c.nomination for c in others), "preference")
            return [], 0
        return others, free - len(preferred)
    outside[:0] = [c.nomination for c in others]
    by |= dict.fromkeys((c.nomination for c in others), "preference")
    return preferred, free
