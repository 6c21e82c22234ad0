"""Accounts and what guards them: sign-ins, one-time links, attempts that failed.

Every instant here is real time. No token is kept, only its SHA-256; no password, only its Argon2 hash.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of

# first_administrator: of a home without any account. invite: by an administrator. reset: asked for, comes by letter.
LINK_PURPOSES = ("first_administrator", "invite", "reset")
SIGN_IN_WAYS = ("password", "sample")
ATTEMPT_KINDS = ("sign_in", "reset")


class Account(SQLModel, table=True):
    """That a person may sign in with a password."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (password_hash <> '')", name="ended_has_no_password"),
    )

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    #: Argon2id with its salt and its cost, as the library writes it; empty once the account is ended
    password_hash: str = Field(max_length=200)
    set_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class SignIn(SQLModel, table=True):
    """One sign-in of a person, from one browser, until it is ended or over."""

    __tablename__ = "sign_in"
    __table_args__ = (
        one_of("way", SIGN_IN_WAYS),
        CheckConstraint("expires_at > created_at", name="ends_after_it_begins"),
        CheckConstraint("last_seen_at >= created_at", name="seen_after_it_began"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    token_sha256: str = Field(unique=True, max_length=64)
    way: str = Field(max_length=10)
    created_at: datetime = Field(sa_type=UTCDateTime)
    last_seen_at: datetime = Field(sa_type=UTCDateTime)
    #: over at this instant however much it is used
    expires_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: what the browser calls itself, cut
    client: str = Field(default="", max_length=120)
    address: str = Field(default="", max_length=45)
    #: the network of the address, by which a known place is told from a strange one
    network: str = Field(default="", max_length=45)


class OneTimeLink(SQLModel, table=True):
    """A link with which a person sets a password, once."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        one_of("purpose", LINK_PURPOSES),
        CheckConstraint("expires_at > made_at", name="ends_after_it_begins"),
        CheckConstraint("used_at IS NULL OR ended_at IS NULL", name="used_or_ended"),
        CheckConstraint("purpose = 'reset' OR token_sha256 IS NOT NULL", name="shown_demands_token"),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: null until the letter with it is handed over: its token is drawn then, and known to nobody before
    token_sha256: str | None = Field(default=None, unique=True, max_length=64)
    purpose: str = Field(max_length=20)
    person_id: int = Field(foreign_key="person.id", index=True)
    made_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: replaced by another, or taken away with the account
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Attempt(SQLModel, table=True):
    """An attempt that counts against whoever makes more: a sign-in that was not granted, a reset that was asked for.

    It is counted before the password is looked at, so that many at once are as many one after the other.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        one_of("kind", ATTEMPT_KINDS),
        Index("ix_attempt_about", "about"),
        Index("ix_attempt_network_at", "network", "at"),
        Index("ix_attempt_at", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=10)
    #: SHA-256 of the name as it was typed: people type passwords there by mistake
    about: str = Field(max_length=64)
    network: str = Field(max_length=45)
    at: datetime = Field(sa_type=UTCDateTime)
