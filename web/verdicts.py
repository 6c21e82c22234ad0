"""What became, or would become, of each dossier of an act on many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from casework.bulk import Outcome
from casework.views.naming import named
from rules.reasons import Reason
from states.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Verdict:
    """A dossier, whether it may go (or went), and every reason against it."""

    dossier: str
    may: bool
    reasons: list[Reason]


def verdicts(
    connection: Connection, outcomes: Sequence[Outcome], lang: str, procedure: Procedure | None = None
) -> list[Verdict]:
    """Outcomes with names in their reasons: all are named at once, so that a hundred ask no more than one."""
    spread = named(
        connection, [reason for outcome in outcomes for reason in outcome.reasons], lang, procedure=procedure
    )
    rows, at = [], 0
    for outcome in outcomes:
        mine = spread[at : at + len(outcome.reasons)]
        at += len(outcome.reasons)
        rows.append(Verdict(outcome.dossier, outcome.receipt is not None, mine))
    return rows
