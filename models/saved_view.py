"""Filters of the queue that a person keeps under a name of her own."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel


class SavedView(SQLModel, table=True):
    """One filter of one person."""

    __tablename__ = "saved_view"
    __table_args__ = (
        CheckConstraint("name <> ''", name="has_a_name"),
        UniqueConstraint("person_id", "name"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    name: str = Field(max_length=60)
    #: the filter as the query of a link, without a page; empty: everything that waits
    query: str = Field(max_length=1000)
