"""Counts of titles that come from a file: what a unit registered or achieved before there were dossiers here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of

COUNTED = ("registered", "achieved")
SUBJECTS = ("individual", "collective")


class TitleCount(SQLModel, table=True):
    """How many of a title a unit registered or achieved in a period. A blank of the file has no row: it is not 0."""

    __tablename__ = "title_count"
    __table_args__ = (
        one_of("counted", COUNTED),
        one_of("subject", SUBJECTS),
        CheckConstraint("number >= 0", name="number_not_negative"),
        CheckConstraint("until_year >= since_year", name="ends_after_it_begins"),
    )

    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    #: first and last school year of the period, both included, for example 2015-2016 and 2019-2020
    since_year: str = Field(primary_key=True, max_length=9)
    until_year: str = Field(primary_key=True, max_length=9)
    counted: str = Field(primary_key=True, max_length=20)
    title: str = Field(primary_key=True, max_length=20)
    subject: str = Field(primary_key=True, max_length=20)
    #: the title's name as the file has it
    name: str = Field(max_length=200)
    number: int
    #: place in the file, so that it is shown in its order
    position: int
    imported_by_id: int = Field(foreign_key="person.id")
    imported_at: datetime = Field(sa_type=UTCDateTime)
