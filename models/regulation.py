"""Published regulations: immutable, addressed by their hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of

REGULATION_KINDS = (
    "procedure",
    "calendar",
    "holidays",
    "titles",
    "succession",
    "scorecard",
    "council",
    "rulebook",
)


class Regulation(SQLModel, table=True):
    """One published version of a procedure, a calendar, a succession map or the catalogue of titles."""

    __tablename__ = "regulation"
    __table_args__ = (one_of("kind", REGULATION_KINDS),)

    #: SHA-256 of the text as published, 64 hexadecimal digits
    sha256: str = Field(primary_key=True, max_length=64)
    kind: str = Field(max_length=20)
    #: the name inside the file, for example three-tier-2024
    name: str = Field(index=True, max_length=80)
    #: the file's text, byte for byte
    text: str = Field(sa_column=Column(Text, nullable=False))
    published_at: datetime = Field(sa_type=UTCDateTime)
    #: order among the versions of one name, from 1
    version: int
