"""Annual grades of people and units: what almost every title rests on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of
from rules.record import GRADES

_STANDS = text("replaced_at IS NULL")


class Grade(SQLModel, table=True):
    """The grade of a person or unit for a school year, as decided. A wrong one is replaced by a new row, not edited."""

    __tablename__ = "grade"
    __table_args__ = (
        one_of("grade", GRADES),
        CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name="one_holder"),
        CheckConstraint("(replaced_at IS NULL) = (note_id IS NULL)", name="replaced_with_reason"),
        # Of a year there is one grade in force.
        Index(
            "uq_grade_person_year",
            "person_id",
            "school_year",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index(
            "uq_grade_unit_year",
            "unit_id",
            "school_year",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    school_year: str = Field(max_length=9)
    grade: str = Field(max_length=10)
    #: of the decision, as printed
    number: str = Field(max_length=80)
    decided_on: date
    issued_by: str = Field(max_length=200)
    recorded_by_id: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    #: when another decision took its place (NĐ 233/2026 Điều 15(4)), and why
    replaced_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)
