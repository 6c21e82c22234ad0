"""What a condition answers: met, not met or unknown, on what it rests, and which facts were looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MET, NOT_MET, UNKNOWN, JUDGED = "met", "not_met", "unknown", "judged"
OUTCOMES = (MET, NOT_MET, UNKNOWN)

#: why an answer is unknown: nobody has seen the text; the record is silent; another dossier decides first; a discipline
#: is in the way of which the end is not known; the rulebook has no rule; only people can say
UNSEEN, SILENT, AWAITED, UNSERVED, NO_RULE, PEOPLE = (
    "unseen",
    "silent",
    "awaited",
    "unserved",
    "no_rule",
    "people",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one condition.

    ``evidence`` names the rows on which it rests (`award:12`); ``figures`` fill the sentence that tells it; ``why``
    says of an unknown what makes it so; ``awaited`` are the dossiers that decide first; ``read`` are the keys of all
    facts looked at, whatever they said: when one of them is corrected, the answer has to be given again.
    """

    outcome: str
    evidence: tuple[str, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    awaited: tuple[str, ...] = ()
    read: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """How many of some things hold, do not, or are not known: for conditions that count."""

    met: int = 0
    unknown: int = 0
    evidence: list[str] = field(default_factory=list)
    awaited: list[str] = field(default_factory=list)
    whys: list[str] = field(default_factory=list)

    def add(self, one: Answer) -> None:
        """Count one answer."""
        self.evidence += one.evidence
        self.awaited += one.awaited
        if one.outcome == MET:
            self.met += 1
        elif one.outcome == UNKNOWN:
            self.unknown += 1
            self.whys.append(one.why)

    def answer(self, need: int, figures: Mapping[str, Any], read: Iterable[str]) -> Answer:
        """Whether at least ``need`` hold: what is unknown may yet decide it."""
        if self.met >= need:
            outcome, why = MET, ""
        elif self.met + self.unknown >= need:
            outcome, why = UNKNOWN, worst(self.whys)
        else:
            outcome, why = NOT_MET, ""
        awaited = tuple(dict.fromkeys(self.awaited)) if outcome == UNKNOWN else ()
        told = {**figures, "have": self.met, "need": need}
        return Answer(outcome, tuple(dict.fromkeys(self.evidence)), told, why, awaited, tuple(read))


def worst(whys: Iterable[str]) -> str:
    """Of several reasons why something is unknown, the one that takes longest to be settled."""
    order = (UNSEEN, NO_RULE, UNSERVED, SILENT, AWAITED, PEOPLE)
    there = set(whys)
    return next((why for why in order if why in there), "")


def all_of(outcomes: Iterable[str]) -> str:
    """Kleene's "and". What people judge does not count; of nothing else, people are left."""
    there = set(outcomes)
    for outcome in (NOT_MET, UNKNOWN, MET):
        if outcome in there:
            return outcome
    return JUDGED


def any_of(outcomes: Iterable[str]) -> str:
    """Kleene's "or". Where people may say yes, nothing is not met."""
    there = set(outcomes)
    if MET in there:
        return MET
    if there == {JUDGED}:
        return JUDGED
    return UNKNOWN if there & {UNKNOWN, JUDGED} else NOT_MET
