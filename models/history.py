"""The history: append-only, one hash chain per subject. Texts and names stand outside of the chain."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, Text
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime


class HistoryEntry(SQLModel, table=True):
    """One act on one subject. The hash covers every other column but the request's digest, and the hash of the
    entry before it."""

    __tablename__ = "history_entry"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="seq_counts_from_one"),
        # The clock asks for what was done after an instant, each time it is set.
        Index("ix_history_entry_at", "at"),
    )

    #: kind and id, for example dossier:12, unit:3, duties:45 (of a person), bloc_year:<unit>:<school year>,
    #: regulation:<kind>:<name>
    subject: str = Field(primary_key=True, max_length=90)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    #: null when the calendar acted
    actor_id: int | None = None
    on_behalf_of_id: int | None = None
    #: the door: terminal:<OS user>, web, tick
    via: str = Field(max_length=80)
    event: str = Field(max_length=40)
    #: canonical JSON: ids, codes, numbers, hashes; never a name, a birth date or a free text
    payload: str = Field(sa_column=Column(Text, nullable=False))
    #: the request that caused it; the same request twice changes once
    request_key: str | None = Field(default=None, unique=True, max_length=200)
    #: digest of that request, so that its key does not serve another; outside of the chain, since it proves nothing
    request_sha256: str | None = Field(default=None, max_length=64)
    prev_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class Note(SQLModel, table=True):
    """A free text given as a reason. The chain holds its salted hash, so the text can be erased and still
    be shown never to have been changed."""

    __tablename__ = "note"

    id: str = Field(primary_key=True, max_length=36)
    text: str = Field(sa_column=Column(Text, nullable=False))
    salt: str = Field(max_length=32)
    erased_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
