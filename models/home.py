"""What a home knows of itself: its clock and the marks of what was loaded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of

CLOCK_MODES = ("real", "fixed")
#: the mark of a home that holds the sample
SAMPLE = "sample"


class HomeClock(SQLModel, table=True):
    """The clock of all business time in this home. One row. A fixed clock stands still until it is advanced."""

    __tablename__ = "home_clock"
    __table_args__ = (
        one_of("mode", CLOCK_MODES),
        CheckConstraint("id = 1", name="one_clock"),
        CheckConstraint("mode <> 'fixed' OR stands_at IS NOT NULL", name="fixed_demands_instant"),
    )

    id: int = Field(default=1, primary_key=True)
    mode: str = Field(max_length=10)
    stands_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class HomeMark(SQLModel, table=True):
    """Something that happened once to this home, for example that the sample was loaded."""

    __tablename__ = "home_mark"

    name: str = Field(primary_key=True, max_length=60)
    value: str = Field(max_length=200)
    at: datetime = Field(sa_type=UTCDateTime)
