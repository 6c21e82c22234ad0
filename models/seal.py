"""Seals: one root a day over the heads of all chains, kept in the database and written outside of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime


class Seal(SQLModel, table=True):
    """The Merkle root over the last entries of all chains as they stood at ``at``."""

    __tablename__ = "seal"
    __table_args__ = (CheckConstraint("heads >= 0", name="heads_counted"),)

    #: from 1
    number: int = Field(primary_key=True)
    day: date
    at: datetime = Field(sa_type=UTCDateTime)
    #: SHA-256 root, 64 hexadecimal digits
    root: str = Field(max_length=64)
    #: the root of the seal before this one; 64 zeros for the first
    prev_root: str = Field(max_length=64)
    #: how many chains it covers
    heads: int
    #: name of the file in the folder of seals
    file: str = Field(max_length=120)
