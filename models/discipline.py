"""Disciplines, and matters that hold an award while they are looked into."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of
from rules.record import DISCIPLINES

#: what holds an award and a proposal (NĐ 152/2025 Điều 4(4))
MATTERS = ("discipline", "inspection", "complaint", "press")
#: how a matter ended: nothing was found, or it was true
CONCLUSIONS = ("clean", "upheld")


class Discipline(SQLModel, table=True):
    """A discipline of a person. What was achieved before it was served does not count (NĐ 152/2025 Điều 4(4))."""

    __tablename__ = "discipline"
    __table_args__ = (
        one_of("form", DISCIPLINES),
        CheckConstraint("served_on IS NULL OR served_on >= decided_on", name="served_after_decided"),
        CheckConstraint("(annulled_at IS NULL) = (note_id IS NULL)", name="annulled_with_reason"),
        Index("ix_discipline_person_id", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    form: str = Field(max_length=20)
    number: str = Field(max_length=80)
    decided_on: date
    #: the day on which it had been served; null: not yet, or not known
    served_on: date | None = None
    recorded_by_id: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    annulled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)


class OpenMatter(SQLModel, table=True):
    """A matter about a person or unit that is being looked into. Verdicts stand; the award waits until it is closed."""

    __tablename__ = "open_matter"
    __table_args__ = (
        one_of("kind", MATTERS),
        one_of("conclusion", ("", *CONCLUSIONS)),
        CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name="one_subject"),
        CheckConstraint("(closed_on IS NULL) = (conclusion = '')", name="closed_with_conclusion"),
        CheckConstraint("closed_on IS NULL OR closed_on >= since", name="closed_after_opened"),
        Index("ix_open_matter_person_id", "person_id"),
        Index("ix_open_matter_unit_id", "unit_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    kind: str = Field(max_length=20)
    since: date
    #: what it is about: personal, so a note
    note_id: str = Field(foreign_key="note.id", max_length=36)
    closed_on: date | None = None
    conclusion: str = Field(default="", max_length=10)
    recorded_by_id: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=UTCDateTime)
