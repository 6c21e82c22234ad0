"""Initiatives and their authors: what a school lists in December and a dossier puts forward."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime

#: all of it: shares are kept in hundredths of a percent, whole numbers, so that sums are exact on every database
WHOLE_SHARE = 10_000


class Initiative(SQLModel, table=True):
    """An initiative of one unit. Name and field stand here and not in the chain, which holds their hash."""

    __tablename__ = "initiative"
    __table_args__ = (
        CheckConstraint("name <> ''", name="has_a_name"),
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by_id IS NULL) AND "
            "(taken_back_at IS NULL) = (taken_back_note_id IS NULL)",
            name="taken_back_is_whole",
        ),
        Index("ix_initiative_unit_id_school_year", "unit_id", "school_year"),
        # The newest of a year, whosever: what an appraiser looks through.
        Index("ix_initiative_school_year_id", "school_year", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: readable name, for example th-binh-an.2425.sk1
    code: str = Field(unique=True, max_length=120)
    #: the unit that listed it, which keeps it when an author leaves
    unit_id: int = Field(foreign_key="unit.id")
    #: the school year in whose list it stands
    school_year: str = Field(max_length=9)
    name: str = Field(max_length=300)
    #: of work: teaching, care, management …; in the school's own words
    field: str = Field(default="", max_length=120)
    #: what it changed: a free text, kept as a note
    effect_note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)
    #: the day on which it was first applied, or tried; None where a file of earlier years does not say
    applied_on: date | None = None
    listed_at: datetime = Field(sa_type=UTCDateTime)
    #: code and name without capitals and marks: what a word is looked for in
    searched: str = Field(default="", max_length=500)
    #: listed by mistake: since when, by whom and why it is no more
    taken_back_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    taken_back_by_id: int | None = Field(default=None, foreign_key="person.id")
    taken_back_note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)


class InitiativeAuthor(SQLModel, table=True):
    """An author of an initiative and the share in it."""

    __tablename__ = "initiative_author"
    __table_args__ = (
        CheckConstraint(f"share BETWEEN 1 AND {WHOLE_SHARE}", name="share_within_the_whole"),
        Index("ix_initiative_author_person_id", "person_id"),
    )

    initiative_id: int = Field(foreign_key="initiative.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    #: in hundredths of a percent; those of one initiative add up to `WHOLE_SHARE`
    share: int


class EarlierUse(SQLModel, table=True):
    """The title for which an author used an initiative already, as a file of earlier years says it."""

    __tablename__ = "earlier_use"
    __table_args__ = (UniqueConstraint("initiative_id", "person_id", "title", "school_year"),)

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id")
    person_id: int = Field(foreign_key="person.id")
    title: str = Field(max_length=20)
    #: the school year of the title
    school_year: str = Field(max_length=9)
