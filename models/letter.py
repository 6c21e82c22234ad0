"""Letters: one a person, day and kind; every try to send one; addresses that bounce.

``day`` is a business day. Every instant here is real time: waiting and sending are between us and the mail server,
and go on while the home's business clock stands still.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of

# queued: waits for the postman. sending: handed to the mail server, answer not yet known. sent: the server took it.
# failed: given up. in_doubt: the line broke when the server may have had it. retracted: nothing left to say, or
# taken back.
LETTER_STANDINGS = ("queued", "sending", "sent", "failed", "in_doubt", "retracted")
ANSWERS = ("sent", "temporary", "permanent", "in_doubt")


class Letter(SQLModel, table=True):
    """What one person is told on one day in one kind of letter. Its items are rows of the outbox."""

    __tablename__ = "letter"
    __table_args__ = (
        one_of("standing", LETTER_STANDINGS),
        # One letter a person a day and kind, whoever composes it and how often.
        UniqueConstraint("person_id", "day", "kind"),
        CheckConstraint("standing <> 'sent' OR sent_at IS NOT NULL", name="sent_demands_instant"),
        CheckConstraint(
            "standing NOT IN ('sending', 'sent', 'in_doubt') OR (message_id IS NOT NULL AND mime IS NOT NULL)",
            name="handed_over_demands_bytes",
        ),
        # What is due longest, among those of one standing: a postman's search costs what it takes.
        # With the day: how many failed, and since when, is answered by the index alone.
        Index("ix_letter_standing_not_before_day", "standing", "not_before", "day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    kind: str = Field(max_length=40)
    #: the local day it belongs to
    day: date
    standing: str = Field(default="queued", max_length=10)
    queued_at: datetime = Field(sa_type=UTCDateTime)
    #: no try before this instant
    not_before: datetime = Field(sa_type=UTCDateTime)
    #: which postman has it, and until when nobody else may take it
    leased_by: str | None = Field(default=None, max_length=80)
    leased_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    attempts: int = 0
    #: what the bytes were composed from; another digest means: compose again
    digest: str | None = Field(default=None, max_length=64)
    #: the address and subject of the composed bytes
    address: str = Field(default="", max_length=200)
    subject: str = Field(default="", max_length=300)
    #: made of the letter's identity alone, so that a second copy of the same letter can be known as one
    message_id: str | None = Field(default=None, max_length=200)
    #: the whole message as handed to the mail server, zlib-compressed
    mime: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: why it failed, waits or is in doubt: a code of the catalogue `mail`
    trouble: str = Field(default="", max_length=40)


class LetterAttempt(SQLModel, table=True):
    """One try to send a letter and the mail server's answer."""

    __tablename__ = "letter_attempt"
    __table_args__ = (
        one_of("answer", ANSWERS),
        UniqueConstraint("letter_id", "number"),
        # The pace looks at the last minute.
        Index("ix_letter_attempt_at", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id")
    #: from 1
    number: int
    at: datetime = Field(sa_type=UTCDateTime)
    answer: str = Field(max_length=10)
    #: the server's number (250, 451 …); None when the line gave none
    smtp_code: int | None = None
    #: the server's or the system's own words
    detail: str = Field(default="", sa_column=Column(Text, nullable=False))


class SuppressedAddress(SQLModel, table=True):
    """An address to which nothing is sent until somebody clears it: the mail server said that nobody is there."""

    __tablename__ = "suppressed_address"

    id: int | None = Field(default=None, primary_key=True)
    #: in lower case
    address: str = Field(unique=True, max_length=200)
    smtp_code: int | None = None
    detail: str = Field(default="", sa_column=Column(Text, nullable=False))
    since: datetime = Field(sa_type=UTCDateTime)
    letter_id: int | None = Field(default=None, foreign_key="letter.id")
