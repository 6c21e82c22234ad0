"""Verdicts as they were taken, and the facts on which each was built."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of
from rules.answers import OUTCOMES

#: at which act a verdict was taken; `again`: because a fact under an earlier one was corrected
TAKEN_AT = ("hand_in", "appraise", "decide", "again")


class Verdict(SQLModel, table=True):
    """What the rules said of a nomination at an act. A statement, not a decision: no step is refused because of it."""

    __tablename__ = "verdict"
    __table_args__ = (
        one_of("outcome", OUTCOMES),
        one_of("taken_at", TAKEN_AT),
        CheckConstraint("(reopened_at IS NULL) = (reopened_by IS NULL)", name="reopened_by_something"),
        CheckConstraint("(taken_at = 'again') = (follows_id IS NOT NULL)", name="again_follows_another"),
        Index("ix_verdict_nomination_id", "nomination_id"),
        Index("ix_verdict_follows_id", "follows_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    nomination_id: int = Field(foreign_key="nomination.id")
    #: version of the dossier by whose act it was taken
    version: int
    taken_at: str = Field(max_length=10)
    outcome: str = Field(max_length=10)
    #: of an unknown verdict: unseen, silent, awaited …
    why: str = Field(default="", max_length=10)
    #: whether somebody looks into a matter that holds the award
    on_hold: bool = False
    rulebook_sha256: str = Field(foreign_key="regulation.sha256", max_length=64)
    #: of the rulebook, for example E03; empty where it has none for the title
    rule: str = Field(default="", max_length=20)
    legal_day: date
    #: the findings as canonical JSON, as they were told then
    findings: str = Field(sa_column=Column(Text, nullable=False))
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    #: when a fact under it was corrected, and which: a key of its basis
    reopened_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reopened_by: str | None = Field(default=None, max_length=80)
    #: the verdict in whose place this one was taken
    follows_id: int | None = Field(default=None, foreign_key="verdict.id")


class VerdictBasis(SQLModel, table=True):
    """A fact that a verdict looked at, by its key, for example grade:p17:2024 (`rules/conditions.py`)."""

    __tablename__ = "verdict_basis"
    __table_args__ = (Index("ix_verdict_basis_key", "key"),)

    verdict_id: int = Field(foreign_key="verdict.id", primary_key=True)
    key: str = Field(primary_key=True, max_length=80)
