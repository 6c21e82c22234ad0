"""Exemplars: people and collectives that a unit finds, nurtures, reviews and makes known, over years."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of
from states.vocabulary import STAGES


class Exemplar(SQLModel, table=True):
    """A person, or with ``person_id`` NULL the unit itself, whose example is to be followed."""

    __tablename__ = "exemplar"
    __table_args__ = (
        one_of("stage", STAGES),
        CheckConstraint("(ended_at IS NULL) = (ended_note_id IS NULL)", name="ended_with_reason"),
        Index("ix_exemplar_unit_id", "unit_id"),
        Index("ix_exemplar_person_id", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    #: the movement in which it was found
    movement_id: int | None = Field(default=None, foreign_key="movement.id")
    #: in what it is an example, for example "dạy học sinh dân tộc thiểu số"
    field: str = Field(max_length=200)
    stage: str = Field(max_length=20)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_by_id: int | None = Field(default=None, foreign_key="person.id")
    ended_note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)


class ExemplarStage(SQLModel, table=True):
    """One stage that was reached: on which day, with what to show for it."""

    __tablename__ = "exemplar_stage"
    __table_args__ = (
        one_of("stage", STAGES),
        # A bloc's summary reads the stages of its schools' exemplars, and not all that were reached in its years.
        Index("ix_exemplar_stage_exemplar_id", "exemplar_id", "stage", "reached_on"),
    )

    exemplar_id: int = Field(foreign_key="exemplar.id", primary_key=True)
    stage: str = Field(primary_key=True, max_length=20)
    reached_on: date
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)
    paper_sha256: str | None = Field(default=None, foreign_key="stored_file.sha256", max_length=64)
    paper_name: str = Field(default="", max_length=200)
    recorded_by_id: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=UTCDateTime)
