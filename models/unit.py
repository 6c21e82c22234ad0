"""Units (schools, blocs, offices, councils, committees) and where each stands, by date."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import one_of

RELATIONS = ("authority", "bloc")


class Unit(SQLModel, table=True):
    """A unit. Its row stays when the unit ends: the history under its name must stay readable."""

    __tablename__ = "unit"

    id: int | None = Field(default=None, primary_key=True)
    #: short ASCII word, for example th-kien-binh-1
    code: str = Field(unique=True, max_length=80)
    #: a procedure's desks name this kind: school, bloc, education_office, people_committee …
    kind: str = Field(index=True, max_length=40)
    name: str = Field(max_length=200)
    #: of a school: primary, basic, college …; empty for offices
    school_type: str = Field(default="", max_length=20)
    since: date | None = None
    #: last day of its existence
    until: date | None = None
    verified: bool = True
    source: str = Field(default="", max_length=200)
    #: plainly invented, for the sample's unpleasant cases
    invented: bool = False


class Placement(SQLModel, table=True):
    """Under which authority, or in which bloc, a unit stands from one day to another (both included)."""

    __tablename__ = "placement"
    __table_args__ = (
        one_of("relation", RELATIONS),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
        Index("ix_placement_unit_relation", "unit_id", "relation"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    relation: str = Field(max_length=20)
    under_id: int = Field(foreign_key="unit.id", index=True)
    since: date
    until: date | None = None
