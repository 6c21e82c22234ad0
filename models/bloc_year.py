"""What a bloc records of a school for a year: its score and its rank."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime


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
