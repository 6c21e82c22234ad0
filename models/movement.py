"""Movements: plans that ask units below for plans of their own, and what came of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime


class Movement(SQLModel, table=True):
    """A unit's plan for a movement: launched by itself, or in answer to the plan of a unit above (``parent_id``).

    A plan that asks units has the days until which they answer and review; one that asks nobody has none. Those days
    are never changed: what a unit is granted is an extension, as for any milestone.
    """

    __tablename__ = "movement"
    __table_args__ = (
        CheckConstraint("until >= since", name="ends_after_it_begins"),
        CheckConstraint("(answer_by IS NULL) = (review_by IS NULL)", name="asks_for_both"),
        CheckConstraint("review_by >= answer_by", name="reviews_after_answers"),
        CheckConstraint("(ended_at IS NULL) = (ended_note_id IS NULL)", name="ended_with_reason"),
        Index("ix_movement_unit_id", "unit_id"),
        Index("ix_movement_parent_id", "parent_id"),
        # A list shows what runs, then the newest of the others.
        Index("ix_movement_until", "until"),
        Index("ix_movement_dated_id", "dated", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: short ASCII word, for example pt-2025-doi-moi
    code: str = Field(unique=True, max_length=50)
    unit_id: int = Field(foreign_key="unit.id")
    parent_id: int | None = Field(default=None, foreign_key="movement.id")
    theme: str = Field(max_length=300)
    #: of the plan as signed, for example 26/KH-PGDĐT
    number: str = Field(max_length=80)
    dated: date
    since: date
    until: date
    answer_by: date | None = None
    review_by: date | None = None
    paper_sha256: str | None = Field(default=None, foreign_key="stored_file.sha256", max_length=64)
    paper_name: str = Field(default="", max_length=200)
    launched_by_id: int = Field(foreign_key="person.id")
    launched_at: datetime = Field(sa_type=UTCDateTime)
    ended_by_id: int | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)


class MovementCall(SQLModel, table=True):
    """A unit that a plan asks: its answer is a plan of its own, its review comes at the end."""

    __tablename__ = "movement_call"
    __table_args__ = (
        CheckConstraint(
            "(reviewed_on IS NULL) = (reviewed_by_id IS NULL) AND (reviewed_on IS NULL) = (reviewed_at IS NULL)",
            name="review_is_whole",
        ),
        CheckConstraint("reviewed_on IS NULL OR answer_id IS NOT NULL", name="reviews_what_it_answered"),
        Index("ix_movement_call_unit_id", "unit_id"),
    )

    movement_id: int = Field(foreign_key="movement.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    #: the plan with which it answered
    answer_id: int | None = Field(default=None, foreign_key="movement.id", unique=True)
    reviewed_on: date | None = None
    review_note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)
    review_sha256: str | None = Field(default=None, foreign_key="stored_file.sha256", max_length=64)
    review_name: str = Field(default="", max_length=200)
    reviewed_by_id: int | None = Field(default=None, foreign_key="person.id")
    reviewed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
