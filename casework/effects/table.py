"""Which effects an event has, as a table, and which groups of rows they read."""

from __future__ import annotations

from collections.abc import Callable

from casework.effects import decision, marks, numbers, score
from casework.effects.effect import Case, Effect
from casework.effects.opinions import OPINION_EVENTS
from casework.law.taking import verdicts_taken

EFFECTS: dict[str, tuple[Callable[[Case], Effect], ...]] = {
    "register": (marks.registered,),
    "hand_in": (marks.proposed, verdicts_taken),
    # The school's own certificate is never handed in: there, what goes before the council is proposed.
    "convene": (marks.proposed,),
    # What the school put in while the dossier was returned is proposed with it.
    "resubmit": (marks.proposed,),
    "record_score": (score.score,),
    "appraise": (verdicts_taken,),
    "file": (numbers.receipt,),
    "forward": (numbers.submission,),
    "decide": (verdicts_taken, decision.decided),
    "record_result": (decision.decided,),
    "decline": (decision.declined,),
    "reopen": (decision.reopened, numbers.receipt),
    "revoke": (decision.revoked,),
}

READS: dict[str, frozenset[str]] = {
    "hand_in": frozenset({"nominations"}),
    "appraise": frozenset({"nominations"}),
    "decide": frozenset({"nominations", "opinions"}),
    "record_result": frozenset({"nominations", "opinions"}),
    "decline": frozenset({"nominations"}),
    "reopen": frozenset({"nominations", "opinions"}),
    "revoke": frozenset({"nominations"}),
}


def reads_of(event: str, *, brings_opinions: bool) -> frozenset[str]:
    """The groups of rows that the effects of an event read."""
    needed = READS.get(event, frozenset())
    if event in OPINION_EVENTS and brings_opinions:
        needed |= {"nominations", "opinions"}
    return needed
