"""Time in the trade and in areas of special hardship, for what is given for years of service."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of

SERVICES = ("trade", "hard_area")


class Service(SQLModel, table=True):
    """A time of service of a person, both days included; ``until`` null: to this day."""

    __tablename__ = "service"
    __table_args__ = (
        one_of("kind", SERVICES),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
        Index("ix_service_person_id", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    kind: str = Field(max_length=20)
    since: date
    until: date | None = None
    recorded_by_id: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=UTCDateTime)
