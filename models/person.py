"""People, where they work, which duties they hold and whom they let act for them, all by date."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of
from states.vocabulary import DUTIES


class Person(SQLModel, table=True):
    """A person. Personal data stand here alone, so that they can be corrected or erased; history names the id."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    #: staff code; stays when the name is erased
    code: str = Field(unique=True, max_length=40)
    name: str = Field(max_length=120)
    birth_date: date | None = None
    gender: str = Field(default="", max_length=10)
    email: str = Field(default="", max_length=200)
    #: the reader's language: vi or en
    locale: str = Field(default="vi", max_length=5)
    erased_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Employment(SQLModel, table=True):
    """Which unit employs a person, from one day to another (both included)."""

    __tablename__ = "employment"
    __table_args__ = (CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    since: date
    until: date | None = None


class Duty(SQLModel, table=True):
    """A duty of a person at a unit, from one day to another (both included): the source of every right."""

    __tablename__ = "duty"
    __table_args__ = (
        one_of("duty", DUTIES),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
        Index("ix_duty_unit_duty", "unit_id", "duty"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    duty: str = Field(max_length=40)
    since: date
    until: date | None = None


class Delegation(SQLModel, table=True):
    """A duty lent to another person for some days; what is done under it is shown as "on behalf of"."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("until >= since", name="ends_after_it_begins"),
        Index("ix_delegation_duty_id", "duty_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    duty_id: int = Field(foreign_key="duty.id")
    to_person_id: int = Field(foreign_key="person.id", index=True)
    since: date
    until: date
    #: set when the delegation is taken back before its end
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
