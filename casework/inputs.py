"""What comes with an act, as plain values that the doors fill in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OpinionInput:
    """A desk's opinion on one nomination; a council gives votes for, out of all its members."""

    nomination_id: int
    verdict: str = "supported"
    lower_title: str | None = None
    reason: str | None = None
    votes_for: int | None = None
    members: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """A decision as printed. ``refused`` names the nominations that it leaves out although they stand."""

    number: str
    decided_on: date
    signatory: str
    refused: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SubmissionInput:
    """The letter with which a dossier is sent to a body outside of this program."""

    number: str
    submitted_on: date


@dataclass(frozen=True, slots=True)
class ScoreInput:
    """A school's points and rank (from 1) in its bloc."""

    points: Decimal
    rank: int


@dataclass(frozen=True, slots=True)
class RecoveryInput:
    """What a revocation demands back: money in đồng, items in words. ``money`` None: both as the money sheet has them.

    ``why``: why the money is not what the sheet says.
    """

    money: int | None
    items: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that may come with a step. ``support_rest`` stands for "supported" on each nomination that
    this desk has not judged yet; ``votes`` are then a council's votes for each of these, out of all its members."""

    reason: str | None = None
    receipt: str | None = None
    decision: DecisionInput | None = None
    submission: SubmissionInput | None = None
    score: ScoreInput | None = None
    recovery: RecoveryInput | None = None
    opinions: tuple[OpinionInput, ...] = ()
    support_rest: bool = False
    votes: tuple[int, int] | None = None
    expected_version: int | None = None

    @property
    def given(self) -> frozenset[str]:
        """The names of what came, in the words of `states.vocabulary.INPUTS`."""
        found = {
            "reason": self.reason is not None and bool(self.reason.strip()),
            "receipt": self.receipt is not None and bool(self.receipt.strip()),
            "decision": self.decision is not None,
            "submission": self.submission is not None,
            "score": self.score is not None,
            "recovery": self.recovery is not None,
        }
        return frozenset(name for name, here in found.items() if here)
