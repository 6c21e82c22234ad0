"""Decisions, the titles that people and units hold by them, and what a revocation takes back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of

AWARD_TYPES = ("merit", "sudden", "thematic", "service", "tenure", "external")
AWARD_STANDINGS = ("held", "reopened", "revoked")
_MADE_HERE = text("nomination_id IS NOT NULL")


class Decision(SQLModel, table=True):
    """A decision: number, date, signatory, issuing body. One decision may cover many dossiers."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("unit_id", "number", "year"),)

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=80)
    decided_on: date
    #: the year of that day: a body's numbers begin anew each year
    year: int
    #: as printed under the decision
    signatory: str = Field(max_length=120)
    #: the issuing body's name as printed, to be shown: the body may have another one when the decision is read
    issued_by: str = Field(max_length=200)
    #: the issuing body itself, by which decisions are told apart
    unit_id: int = Field(foreign_key="unit.id")
    recorded_at: datetime = Field(sa_type=UTCDateTime)


class Award(SQLModel, table=True):
    """A title held for a school year: of an earlier year (imported) or of a decision made here."""

    __tablename__ = "award"
    __table_args__ = (
        one_of("award_type", AWARD_TYPES),
        one_of("standing", AWARD_STANDINGS),
        CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name="one_holder"),
        # An initiative's title is held by its unit.
        CheckConstraint("initiative_id IS NULL OR unit_id IS NOT NULL", name="initiative_of_a_unit"),
        CheckConstraint("valid_until IS NULL OR initiative_id IS NOT NULL", name="ends_with_an_initiative"),
        Index("ix_award_person_id", "person_id"),
        Index("ix_award_unit_id", "unit_id"),
        Index("ix_award_nomination_id", "nomination_id"),
        Index("ix_award_initiative_id", "initiative_id"),
        # What is shown as results, the newest first: not what was imported of earlier years.
        Index(
            "ix_award_made_here",
            "school_year",
            "id",
            sqlite_where=_MADE_HERE,
            postgresql_where=_MADE_HERE,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    #: what the unit holds the title for, where it is an initiative
    initiative_id: int | None = Field(default=None, foreign_key="initiative.id")
    title: str = Field(max_length=20)
    school_year: str = Field(max_length=9)
    #: merit, sudden, thematic …: only merit counts in chains of years
    award_type: str = Field(default="merit", max_length=20)
    decision_id: int = Field(foreign_key="decision.id")
    nomination_id: int | None = Field(default=None, foreign_key="nomination.id")
    standing: str = Field(default="held", max_length=20)
    #: the last day on which an initiative counts, where its decision says so: of what was taken over alone
    valid_until: date | None = None


class Recovery(SQLModel, table=True):
    """What a revocation demands back (Law 06/2022 Art 93(2)): money in đồng, and items, until it is settled."""

    __tablename__ = "recovery"
    __table_args__ = (
        CheckConstraint("money >= 0", name="money_not_negative"),
        CheckConstraint(
            "(settled_on IS NULL) = (settled_at IS NULL) AND (settled_on IS NULL) = (settlement_note_id IS NULL)",
            name="settlement_is_whole",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    dossier_id: int = Field(foreign_key="dossier.id", index=True)
    decision_id: int = Field(foreign_key="decision.id")
    money: int = Field(sa_type=BigInteger)
    items: str = Field(max_length=400)
    demanded_at: datetime = Field(sa_type=UTCDateTime)
    #: the day on which all of it was back, when that was recorded, and what was said of it
    settled_on: date | None = None
    settled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    settlement_note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)


class ReckonedRecovery(SQLModel, table=True):
    """What the money sheet said when a revocation demanded something back, and why that was another amount."""

    __tablename__ = "reckoned_recovery"
    __table_args__ = (CheckConstraint("money >= 0", name="money_not_negative"),)

    dossier_id: int = Field(primary_key=True, foreign_key="dossier.id")
    #: the decision that revokes
    decision_id: int = Field(primary_key=True, foreign_key="decision.id")
    money: int = Field(sa_type=BigInteger)
    items: str = Field(max_length=400)
    #: whether every number in it was verified
    verified: bool
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)
