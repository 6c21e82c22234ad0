"""Extensions of a milestone's window for one unit. An extension is a row with a reason, never an edit."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime


class Extension(SQLModel, table=True):
    """The window of one milestone of one calendar stays open for one unit until a later day (included)."""

    __tablename__ = "extension"
    __table_args__ = (Index("ix_extension_unit_id_calendar", "unit_id", "calendar"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    #: name of the calendar, for example 2024-2025
    calendar: str = Field(max_length=80)
    milestone: str = Field(max_length=60)
    until: date
    note_id: str = Field(foreign_key="note.id", max_length=36)
    granted_by_id: int | None = Field(default=None, foreign_key="person.id")
    granted_at: datetime = Field(sa_type=UTCDateTime)
