"""What a council's vote comes to: who counts, how many votes are needed, and what each nomination got.

Shares are fractions of **all members** (NĐ 98/2023 Điều 30(7)), not of those present, and are compared by exact
ceilings: 90 % of 15 members is 13.5, so 14 must agree. Nothing here is ever rounded to a nearer number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

#: the share that is no fraction: one more than half is needed, whatever the number
MORE_THAN_HALF = "more_than_half"
CHOICES = ("yes", "no", "abstain")
BASES = ("stays", "shrinks")

Share = Fraction | str


def read_share(text: str) -> Share | None:
    """The share written as ``9/10`` or ``more_than_half``; None where it is neither, or not within (0, 1]."""
    if text == MORE_THAN_HALF:
        return MORE_THAN_HALF
    top, slash, bottom = text.partition("/")
    parts = (top, bottom)
    if slash != "/" or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    if int(bottom) == 0 or not 0 < int(top) <= int(bottom):
        return None
    return Fraction(int(top), int(bottom))


def needed(members: int, share: Share) -> int:
    """The least whole number of votes that is ``share`` of ``members``; nobody is a share of nobody, so at least 1."""
    if isinstance(share, str):
        return members // 2 + 1
    return max(1, -(-members * share.numerator // share.denominator))


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether enough members are there: of how many, how many are, how many must be."""

    members: int
    present: int
    needed: int

    @property
    def met(self) -> bool:
        """Whether the session may go on."""
        return self.present >= self.needed


def quorum(members: int, present: int, share: Share) -> Quorum:
    """The quorum of a session. A written opinion is a vote, but nobody is present by it."""
    return Quorum(members, present, needed(members, share))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one nomination got, with every figure that the minutes need. All are numbers of people or ballots.

    ``base`` is what the share is taken of: all ``members``, or fewer by those who stood aside where the council's
    rules say that the base shrinks. ``issued`` and ``returned`` are ballots (or hands) of those present who may
    vote on it; ``written`` are opinions in writing, part of ``agree``, ``against`` and ``abstained`` as well.
    """

    members: int
    present: int
    absent: int
    written: int
    aside: int
    base: int
    issued: int
    returned: int
    valid: int
    invalid: int
    agree: int
    against: int
    abstained: int
    needed: int

    @property
    def passed(self) -> bool:
        """Whether enough of the base agreed; of nobody nobody can."""
        return self.base > 0 and self.agree >= self.needed

    @property
    def share(self) -> Fraction:
        """Those who agree, of the base, exact."""
        return Fraction(self.agree, self.base) if self.base else Fraction(0)


def outcome(
    *,
    members: int,
    present: int,
    aside: int,
    issued: int,
    cast: Iterable[str],
    written: Iterable[str] = (),
    share: Share,
    base: str = "stays",
) -> Outcome:
    """Count one nomination. ``cast`` are the choices on the ballots that came back; one that is none of `CHOICES` is
    invalid and agrees with nothing. ``aside`` are the members who stood aside for this nomination, present or not.

    Raises:
        ValueError: figures that cannot be, such as more ballots than were issued. Nothing is made to fit.
    """
    in_box, on_paper = Counter(cast), Counter(written)
    returned, in_writing = in_box.total(), on_paper.total()
    if base not in BASES:
        raise ValueError(f"no way to count the base: {base}")
    if min(members, present, aside, issued) < 0 or present > members or aside > members:
        raise ValueError("more people than members")
    if returned > issued or issued > present or in_writing > members - present:
        raise ValueError("more ballots than people who may vote")
    if returned + in_writing + aside > members:
        raise ValueError("somebody who stood aside has voted")
    if set(on_paper) - set(CHOICES):
        raise ValueError("a written opinion that says nothing")
    invalid = sum(times for choice, times in in_box.items() if choice not in CHOICES)
    together = in_box + on_paper
    counted = members - aside if base == "shrinks" else members
    return Outcome(
        members=members,
        present=present,
        absent=members - present,
        written=in_writing,
        aside=aside,
        base=counted,
        issued=issued,
        returned=returned,
        valid=returned - invalid,
        invalid=invalid,
        agree=together["yes"],
        against=together["no"],
        abstained=together["abstain"],
        needed=needed(counted, share),
    )
