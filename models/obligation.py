"""What a unit owes under a calendar, that it was met, and a bloc's own dates inside a milestone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime


class Obligation(SQLModel, table=True):
    """A unit owes a milestone. Whether it is met, late or open is never stored: it follows from facts and the clock.

    ``look_on`` is no fact but a note to the tick: the next day (local) on which something may be due. An act that
    changes what is owed sets it to its own day; the tick then works out the next one. NULL: nothing can become due.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        UniqueConstraint("calendar", "milestone", "unit_id"),
        Index(
            "ix_obligation_look_on",
            "look_on",
            sqlite_where=text("look_on IS NOT NULL"),
            postgresql_where=text("look_on IS NOT NULL"),
        ),
        Index("ix_obligation_unit_id", "unit_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    #: name of the calendar, for example 2024-2025
    calendar: str = Field(max_length=80)
    milestone: str = Field(max_length=60)
    look_on: date | None = None


class Fulfilment(SQLModel, table=True):
    """The word of a unit that a milestone was met: on which day, with which paper. Undone, it stays, with by whom."""

    __tablename__ = "fulfilment"
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (undone_note_id IS NULL)", name="undone_with_reason"),
        # One that stands for each unit and milestone; any number that were undone.
        Index(
            "uq_fulfilment_standing",
            "unit_id",
            "calendar",
            "milestone",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    calendar: str = Field(max_length=80)
    milestone: str = Field(max_length=60)
    #: the day on which it was done, by the unit's word
    done_on: date
    #: SHA-256 of the paper in the store that shows it
    paper_sha256: str | None = Field(default=None, foreign_key="stored_file.sha256", max_length=64)
    paper_name: str = Field(default="", max_length=200)
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)
    fulfilled_by_id: int | None = Field(default=None, foreign_key="person.id")
    fulfilled_at: datetime = Field(sa_type=UTCDateTime)
    undone_by_id: int | None = Field(default=None, foreign_key="person.id")
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    undone_note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)


class OwnDates(SQLModel, table=True):
    """A bloc's own dates inside a milestone's window; the newest row of a unit and milestone counts."""

    __tablename__ = "own_dates"
    __table_args__ = (
        CheckConstraint("last_day >= opens", name="ends_after_it_begins"),
        Index("ix_own_dates_unit_id_calendar", "unit_id", "calendar"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    calendar: str = Field(max_length=80)
    milestone: str = Field(max_length=60)
    opens: date
    last_day: date
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)
    set_by_id: int | None = Field(default=None, foreign_key="person.id")
    set_at: datetime = Field(sa_type=UTCDateTime)
