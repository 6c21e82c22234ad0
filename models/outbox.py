"""The outbox: what one person is to be told about one subject, a row before it is an e-mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of

OUTBOX_STANDINGS = ("queued", "struck", "sent")

_TAKEN_UP = text("letter_id IS NOT NULL")
_WAITING = text("standing = 'queued' AND letter_id IS NULL")


class OutboxItem(SQLModel, table=True):
    """One item of one person's letter of one kind. Its key is made of ids, so it cannot be enqueued twice."""

    __tablename__ = "outbox_item"
    __table_args__ = (
        one_of("standing", OUTBOX_STANDINGS),
        Index("ix_outbox_item_person_id_standing", "person_id", "standing"),
        Index("ix_outbox_item_subject_standing", "subject", "standing"),
        # Partial, or SQLite would look for what waits among all that was ever struck.
        Index("ix_outbox_item_letter_id", "letter_id", sqlite_where=_TAKEN_UP, postgresql_where=_TAKEN_UP),
        Index("ix_outbox_item_waiting", "ready_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    key: str = Field(primary_key=True, max_length=200)
    kind: str = Field(max_length=40)
    person_id: int = Field(foreign_key="person.id")
    #: what it is about, for example dossier:12
    subject: str = Field(max_length=90)
    #: ids and codes for the letter's text; names are read when it is composed
    facts: dict[str, str] = Field(sa_type=JSON)
    standing: str = Field(default="queued", max_length=10)
    queued_at: datetime = Field(sa_type=UTCDateTime)
    #: no letter takes it up before this instant: what belongs into a morning's digest waits for the morning
    ready_at: datetime = Field(sa_type=UTCDateTime)
    #: the letter that took it up
    letter_id: int | None = Field(default=None, foreign_key="letter.id")
