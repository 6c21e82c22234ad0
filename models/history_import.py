"""Files of earlier years: what each brought, and of which years nothing is missing any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of
from rules.record import COMPLETE_IN

IMPORTS = ("titles", "grades", "disciplines", "service", "initiatives")
ROWS = ("award", "grade", "discipline", "service", "decision", "complete_year", "initiative", "earlier_use")
#: beside the kinds of rows: the titles of a whole career
WHOLE = "whole"


class HistoryImport(SQLModel, table=True):
    """A file that was read, confirmed and written as one act."""

    __tablename__ = "history_import"
    __table_args__ = (
        one_of("kind", IMPORTS),
        CheckConstraint("rows >= written AND written >= 0", name="rows_accounted_for"),
        CheckConstraint(
            "(taken_back_at IS NULL) = (note_id IS NULL) AND (taken_back_at IS NULL) = (taken_back_by_id IS NULL)",
            name="taken_back_with_reason",
        ),
        Index("ix_history_import_sha256", "sha256"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    file_name: str = Field(max_length=200)
    #: of the file as it was read, 64 hexadecimal digits
    sha256: str = Field(max_length=64)
    #: rows of the file, and how many of them were written; the others are those left out on purpose
    rows: int
    written: int
    imported_by_id: int = Field(foreign_key="person.id")
    imported_at: datetime = Field(sa_type=UTCDateTime)
    taken_back_by_id: int | None = Field(default=None, foreign_key="person.id")
    taken_back_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)


class ImportedRow(SQLModel, table=True):
    """A row that an import wrote, so that it can be taken back."""

    __tablename__ = "imported_row"
    __table_args__ = (one_of("kind", ROWS),)

    import_id: int = Field(foreign_key="history_import.id", primary_key=True)
    kind: str = Field(primary_key=True, max_length=20)
    row_id: int = Field(primary_key=True)
    #: line of the file
    line: int


class CompleteYear(SQLModel, table=True):
    """A statement that of a person's or unit's school year nothing of a kind is missing: silence then means no.

    Of a whole career (`whole`) the year is the empty text.
    """

    __tablename__ = "complete_year"
    __table_args__ = (
        one_of("what", (*COMPLETE_IN, WHOLE)),
        CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name="one_holder"),
        CheckConstraint("(what = 'whole') = (school_year = '')", name="a_career_has_no_year"),
        Index("ix_complete_year_person_id", "person_id", "school_year"),
        Index("ix_complete_year_unit_id", "unit_id", "school_year"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    what: str = Field(max_length=20)
    school_year: str = Field(max_length=9)
    stated_by_id: int = Field(foreign_key="person.id")
    stated_at: datetime = Field(sa_type=UTCDateTime)
