"""Objections received during publicity or later: while one is open, the dossier does not move on."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import UTCDateTime


class Objection(SQLModel, table=True):
    """An objection to a dossier, or to one nomination in it. Its text is a note, which can be erased."""

    __tablename__ = "objection"

    id: int | None = Field(default=None, primary_key=True)
    dossier_id: int = Field(foreign_key="dossier.id", index=True)
    nomination_id: int | None = Field(default=None, foreign_key="nomination.id")
    note_id: str = Field(foreign_key="note.id", max_length=36)
    received_at: datetime = Field(sa_type=UTCDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    settlement_note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)
