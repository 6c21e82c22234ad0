"""A bloc's year: meetings, the card, covenants, the draw, who leads, prizes, its own certificates, and what it records
of a school: score and rank. The sheets are in `models/score_sheet.py`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of

MEETING_KINDS = ("covenant", "midyear", "scoring", "review")


class BlocScore(SQLModel, table=True):
    """The score (points) and rank (from 1) of a school in its bloc for a school year."""

    __tablename__ = "bloc_score"
    __table_args__ = (
        UniqueConstraint("school_id", "school_year"),
        CheckConstraint("score >= 0", name="score_not_negative"),
        CheckConstraint("rank >= 1", name="rank_counts_from_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    bloc_id: int = Field(foreign_key="unit.id", index=True)
    school_id: int = Field(foreign_key="unit.id")
    school_year: str = Field(max_length=9)
    score: Decimal = Field(sa_type=Numeric(8, 2))
    rank: int
    recorded_by_id: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    #: the total that was settled, as a fraction: 2791/3; null where the points were typed or corrected
    exact: str | None = Field(default=None, max_length=80)


class BlocMeeting(SQLModel, table=True):
    """A meeting that a bloc held, with its minutes."""

    __tablename__ = "bloc_meeting"
    __table_args__ = (
        one_of("kind", MEETING_KINDS),
        Index("ix_bloc_meeting_bloc_id_school_year", "bloc_id", "school_year"),
    )

    id: int | None = Field(default=None, primary_key=True)
    bloc_id: int = Field(foreign_key="unit.id")
    school_year: str = Field(max_length=9)
    kind: str = Field(max_length=20)
    #: local day
    held_on: date
    place: str = Field(max_length=200)
    chair_id: int = Field(foreign_key="person.id")
    secretary_id: int = Field(foreign_key="person.id")
    #: the minutes, in the store
    paper_sha256: str | None = Field(default=None, foreign_key="stored_file.sha256", max_length=64)
    paper_name: str = Field(default="", max_length=200)
    recorded_by_id: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=UTCDateTime)


class BlocCard(SQLModel, table=True):
    """The scorecard that a bloc approved for a year. One, for good: that is what frozen means."""

    __tablename__ = "bloc_card"
    __table_args__ = (UniqueConstraint("bloc_id", "school_year"),)

    id: int | None = Field(default=None, primary_key=True)
    bloc_id: int = Field(foreign_key="unit.id")
    school_year: str = Field(max_length=9)
    scorecard_sha256: str = Field(foreign_key="regulation.sha256", max_length=64)
    approved_by_id: int = Field(foreign_key="person.id")
    approved_at: datetime = Field(sa_type=UTCDateTime)


class CovenantSignature(SQLModel, table=True):
    """A school signed its bloc's covenant of a year."""

    __tablename__ = "covenant_signature"
    __table_args__ = (UniqueConstraint("bloc_id", "school_year", "school_id"),)

    id: int | None = Field(default=None, primary_key=True)
    bloc_id: int = Field(foreign_key="unit.id")
    school_year: str = Field(max_length=9)
    school_id: int = Field(foreign_key="unit.id")
    #: the principal, whoever recorded it
    signed_by_id: int = Field(foreign_key="person.id")
    signed_on: date
    paper_sha256: str | None = Field(default=None, foreign_key="stored_file.sha256", max_length=64)
    paper_name: str = Field(default="", max_length=200)
    recorded_by_id: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=UTCDateTime)


class BlocDraw(SQLModel, table=True):
    """Who scores whom was drawn for a year, from this seed; settled once ``settled_at`` is there."""

    __tablename__ = "bloc_draw"
    __table_args__ = (
        UniqueConstraint("bloc_id", "school_year"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_somebody"),
    )

    id: int | None = Field(default=None, primary_key=True)
    bloc_id: int = Field(foreign_key="unit.id")
    school_year: str = Field(max_length=9)
    seed: str = Field(max_length=60)
    #: how many others each school scores
    scorers: int
    drawn_by_id: int = Field(foreign_key="person.id")
    drawn_at: datetime = Field(sa_type=UTCDateTime)
    settled_by_id: int | None = Field(default=None, foreign_key="person.id")
    settled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class BlocLead(SQLModel, table=True):
    """Which school heads a bloc in a school year, and which is its deputy."""

    __tablename__ = "bloc_lead"
    __table_args__ = (
        UniqueConstraint("bloc_id", "school_year"),
        CheckConstraint("head_school_id <> deputy_school_id", name="two_schools"),
    )

    id: int | None = Field(default=None, primary_key=True)
    bloc_id: int = Field(foreign_key="unit.id")
    school_year: str = Field(max_length=9)
    head_school_id: int = Field(foreign_key="unit.id")
    deputy_school_id: int = Field(foreign_key="unit.id")
    #: the first local day of their duties
    since: date
    handed_over_by_id: int = Field(foreign_key="person.id")
    handed_over_at: datetime = Field(sa_type=UTCDateTime)


class BlocProposal(SQLModel, table=True):
    """A bloc proposes the school of a rank for a title: the nomination that says so, in its dossier."""

    __tablename__ = "bloc_proposal"
    __table_args__ = (
        UniqueConstraint("bloc_id", "school_year", "school_id", "title"),
        CheckConstraint("rank >= 1", name="rank_counts_from_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    bloc_id: int = Field(foreign_key="unit.id")
    school_year: str = Field(max_length=9)
    school_id: int = Field(foreign_key="unit.id")
    rank: int
    title: str = Field(max_length=20)
    nomination_id: int = Field(foreign_key="nomination.id", index=True)
    #: whether the bloc opened the dossier, or found the school's own
    opened: bool
    proposed_by_id: int = Field(foreign_key="person.id")
    proposed_at: datetime = Field(sa_type=UTCDateTime)


class BlocCertificate(SQLModel, table=True):
    """One of a bloc's own certificates, with free money. In no chain of titles."""

    __tablename__ = "bloc_certificate"
    __table_args__ = (
        UniqueConstraint("bloc_id", "school_year", "number"),
        CheckConstraint("money >= 0", name="money_not_negative"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    bloc_id: int = Field(foreign_key="unit.id")
    school_year: str = Field(max_length=9)
    #: within the bloc and year, from 1
    number: int
    #: the school of the person, or the school itself where no person is named
    school_id: int = Field(foreign_key="unit.id")
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    #: in đồng
    money: int
    given_on: date
    certified_by_id: int = Field(foreign_key="person.id")
    certified_at: datetime = Field(sa_type=UTCDateTime)
