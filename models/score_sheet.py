"""Score sheets of a bloc's year: self-scores and cross-scores in one table, their lines, and what was settled."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of

# set_aside: its school, or the one it is about, left the bloc in mid-year
SHEET_STANDINGS = ("open", "filed", "declined", "set_aside")


class ScoreSheet(SQLModel, table=True):
    """What one school says of another, or of itself (scorer and scored the same)."""

    __tablename__ = "score_sheet"
    __table_args__ = (
        UniqueConstraint("bloc_id", "school_year", "scorer_id", "scored_id"),
        one_of("standing", SHEET_STANDINGS),
        CheckConstraint(
            "standing <> 'filed' OR (filed_at IS NOT NULL AND filed_by_id IS NOT NULL AND sha256 IS NOT NULL)",
            name="filed_demands",
        ),
        CheckConstraint(
            "standing NOT IN ('declined', 'set_aside') OR ended_note_id IS NOT NULL", name="ended_with_reason"
        ),
        Index("ix_score_sheet_scorer_id_standing", "scorer_id", "standing"),
    )

    id: int | None = Field(default=None, primary_key=True)
    bloc_id: int = Field(foreign_key="unit.id")
    school_year: str = Field(max_length=9)
    scorer_id: int = Field(foreign_key="unit.id")
    scored_id: int = Field(foreign_key="unit.id")
    standing: str = Field(default="open", max_length=10)
    #: how often it was filed; 0: not yet
    version: int = 0
    #: SHA-256 of its lines as they stand, as the chain has it
    sha256: str | None = Field(default=None, max_length=64)
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)
    #: evidence, in the store
    paper_sha256: str | None = Field(default=None, foreign_key="stored_file.sha256", max_length=64)
    paper_name: str = Field(default="", max_length=200)
    filed_by_id: int | None = Field(default=None, foreign_key="person.id")
    filed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: why it was declined or set aside
    ended_note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)


class SheetLine(SQLModel, table=True):
    """The points that a sheet gives an item, with a note and a paper beside them; items may share a paper."""

    __tablename__ = "sheet_line"
    __table_args__ = (
        UniqueConstraint("sheet_id", "item"),
        CheckConstraint("points >= 0", name="points_not_negative"),
        CheckConstraint("paper_name = '' OR paper_sha256 IS NOT NULL", name="name_of_a_paper"),
    )

    id: int | None = Field(default=None, primary_key=True)
    sheet_id: int = Field(foreign_key="score_sheet.id")
    item: str = Field(max_length=20)
    points: Decimal = Field(sa_type=Numeric(8, 2))
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)
    #: evidence of this item, in the store
    paper_sha256: str | None = Field(default=None, foreign_key="stored_file.sha256", max_length=64)
    paper_name: str = Field(default="", max_length=200)


class SettledPoint(SQLModel, table=True):
    """What an item was settled to for a school: by the card's rule, or by the meeting's word with a reason."""

    __tablename__ = "settled_point"
    __table_args__ = (
        UniqueConstraint("bloc_id", "school_year", "school_id", "item"),
        CheckConstraint("by_meeting = (note_id IS NOT NULL)", name="meeting_gives_reason"),
    )

    id: int | None = Field(default=None, primary_key=True)
    bloc_id: int = Field(foreign_key="unit.id")
    school_year: str = Field(max_length=9)
    school_id: int = Field(foreign_key="unit.id")
    item: str = Field(max_length=20)
    #: a fraction as text: 130/3
    exact: str = Field(max_length=80)
    by_meeting: bool = False
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)


class BlocLeaver(SQLModel, table=True):
    """A school that is left out of a bloc's ranking of a year, since it left the bloc."""

    __tablename__ = "bloc_leaver"
    __table_args__ = (UniqueConstraint("bloc_id", "school_year", "school_id"),)

    id: int | None = Field(default=None, primary_key=True)
    bloc_id: int = Field(foreign_key="unit.id")
    school_year: str = Field(max_length=9)
    school_id: int = Field(foreign_key="unit.id")
    left_on: date
    note_id: str = Field(foreign_key="note.id", max_length=36)
    recorded_by_id: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=UTCDateTime)
