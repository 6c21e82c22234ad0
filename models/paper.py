"""Papers: bytes stored once by their hash, and their places in dossiers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of
from states.vocabulary import PAPERS


class StoredFile(SQLModel, table=True):
    """Bytes in the store of the home, addressed by their SHA-256."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    sha256: str = Field(primary_key=True, max_length=64)
    #: in bytes
    size: int
    #: found from the bytes, never from the name
    media_type: str = Field(max_length=100)
    stored_at: datetime = Field(sa_type=UTCDateTime)


class Paper(SQLModel, table=True):
    """A paper in a dossier, of one kind; taken out it keeps its row."""

    __tablename__ = "paper"
    __table_args__ = (one_of("kind", PAPERS),)

    id: int | None = Field(default=None, primary_key=True)
    dossier_id: int = Field(foreign_key="dossier.id", index=True)
    kind: str = Field(max_length=40)
    sha256: str = Field(foreign_key="stored_file.sha256", max_length=64)
    #: the name it came with, NFC, without any folder
    name: str = Field(max_length=200)
    added_by_id: int | None = Field(default=None, foreign_key="person.id")
    added_at: datetime = Field(sa_type=UTCDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
