"""Verdicts as they were taken, and the facts on which the newest of each nomination was built."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of
from rules.answers import OUTCOMES

#: because a fact under the one before was corrected
AGAIN = "again"
#: at which act a verdict was taken
TAKEN_AT = ("hand_in", "appraise", "decide", AGAIN)


class Verdict(SQLModel, table=True):
    """What the rules said of a nomination at an act. A statement, not a decision: no step is refused because of it."""

    __tablename__ = "verdict"
    __table_args__ = (
        one_of("outcome", OUTCOMES),
        one_of("taken_at", TAKEN_AT),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("(taken_at = 'again') = (reopened_by IS NOT NULL)", name="again_for_a_reason"),
    )

    nomination_id: int = Field(foreign_key="nomination.id", primary_key=True)
    #: among the verdicts on the nomination, from 1; the one with the highest number counts
    number: int = Field(primary_key=True)
    #: version of the dossier once the act was recorded, or as it was when a fact was corrected
    version: int
    taken_at: str = Field(max_length=10)
    outcome: str = Field(max_length=10)
    #: of an unknown verdict: unseen, silent, awaited …
    why: str = Field(default="", max_length=10)
    #: whether a matter is being looked into that holds the award
    on_hold: bool = False
    rulebook_sha256: str = Field(foreign_key="regulation.sha256", max_length=64)
    #: why this rulebook: by_decision, in_transition, more_favourable … (`casework/law/which.py`)
    chosen: str = Field(max_length=20)
    #: of the rulebook, for example E03; empty where it has none for the title
    rule: str = Field(default="", max_length=20)
    #: the day of the decision, or the one on which it was looked at; the rulebooks are chosen again by it
    asked_on: date
    #: the day on which the conditions were asked: of an earlier rulebook, its last at the latest
    legal_day: date
    #: canonical JSON: of each condition its line in the rulebook, outcome, why, evidence, figures, dossiers awaited
    findings: str = Field(sa_column=Column(Text, nullable=False))
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    #: the key of the fact that was corrected
    reopened_by: str | None = Field(default=None, max_length=80)


class VerdictBasis(SQLModel, table=True):
    """A fact that the newest verdict on a nomination looked at, by its key: grade:p17:2024 (`rules/conditions.py`)."""

    __tablename__ = "verdict_basis"
    __table_args__ = (Index("ix_verdict_basis_key", "key"),)

    nomination_id: int = Field(foreign_key="nomination.id", primary_key=True)
    key: str = Field(primary_key=True, max_length=80)
