"""Councils: members, sessions, who was there, who stood aside, votes by name, and the ballot box.

A ballot names nobody. `BallotIssue` holds who was given one; `BallotSlot` is the open box, filled in place while the
vote goes on; `Ballot` is what was counted, written at once in the order of its codes (`docs/councils.md`).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of
from states.vocabulary import COUNCIL_ROLES

ROLES = COUNCIL_ROLES
SESSION_STANDINGS = ("called", "voting", "counted", "closed", "annulled")
PRESENCES = ("present", "absent")
RECUSAL_KINDS = ("nominee", "unit", "own")
VOTE_CHOICES = ("yes", "no", "abstain")
PLACES = ("inside", "outside")
PLACED_BY = ("votes", "preference", "chair")

_AGENDA = text("standing NOT IN ('closed', 'annulled')")
#: the figures of a counted item, all set or none; named as in `rules.ballots.Outcome`
COUNTED = (
    "present",
    "absent",
    "written",
    "aside",
    "base",
    "issued",
    "returned",
    "valid",
    "invalid",
    "agree",
    "against",
    "abstained",
    "needed",
)


class Council(SQLModel, table=True):
    """A council of a unit, by which published rules, from one day to another (both included)."""

    __tablename__ = "council"
    __table_args__ = (CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    rules_sha256: str = Field(foreign_key="regulation.sha256", max_length=64)
    #: by which decision it was set up, as printed; empty where none was given
    decision: str = Field(default="", max_length=80)
    since: date
    until: date | None = None


class CouncilMember(SQLModel, table=True):
    """A member of a council with a role, from one day to another (both included)."""

    __tablename__ = "council_member"
    __table_args__ = (
        one_of("role", ROLES),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
        Index("ix_council_member_council_id", "council_id"),
        Index("ix_council_member_person_id", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    council_id: int = Field(foreign_key="council.id")
    person_id: int = Field(foreign_key="person.id")
    role: str = Field(max_length=20)
    since: date
    until: date | None = None


class CouncilSession(SQLModel, table=True):
    """One session: when, where, and how far it has come."""

    __tablename__ = "council_session"
    __table_args__ = (
        one_of("standing", SESSION_STANDINGS),
        CheckConstraint(
            "standing <> 'voting' AND standing <> 'counted' AND standing <> 'closed' OR opened_at IS NOT NULL",
            name="opened_demands_instant",
        ),
        CheckConstraint(
            "standing <> 'counted' AND standing <> 'closed' OR ballots_sha256 IS NOT NULL",
            name="counted_demands_hash",
        ),
        CheckConstraint("standing <> 'annulled' OR note_id IS NOT NULL", name="annulled_demands_reason"),
        Index("ix_council_session_council_id", "council_id"),
        Index("ix_council_session_agenda", "held_on", sqlite_where=_AGENDA, postgresql_where=_AGENDA),
    )

    id: int | None = Field(default=None, primary_key=True)
    council_id: int = Field(foreign_key="council.id")
    held_on: date
    #: local time of its beginning, for example 08:00
    begins: str = Field(max_length=5)
    place: str = Field(max_length=200)
    standing: str = Field(default="called", max_length=10)
    #: when the vote was opened, and when it was counted
    opened_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    counted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: SHA-256 of the list of counted ballots
    ballots_sha256: str | None = Field(default=None, max_length=64)
    #: why it was annulled
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)


class SessionMember(SQLModel, table=True):
    """A member at a session: with which role, present or absent."""

    __tablename__ = "session_member"
    __table_args__ = (one_of("role", ROLES), one_of("presence", PRESENCES))

    session_id: int = Field(primary_key=True, foreign_key="council_session.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    role: str = Field(max_length=20)
    presence: str = Field(max_length=10)


class SessionItem(SQLModel, table=True):
    """A nomination on a session's list, and what it got: every figure of the minutes, all of them or none."""

    __tablename__ = "session_item"
    __table_args__ = (
        UniqueConstraint("session_id", "nomination_id"),
        one_of("place", PLACES),
        one_of("placed_by", PLACED_BY),
        CheckConstraint(
            " AND ".join(
                f"(needed IS NULL) = ({column} IS NULL)" for column in COUNTED if column != "needed"
            ),
            name="counted_as_a_whole",
        ),
        CheckConstraint(
            "needed IS NULL OR (agree + against + abstained = valid + written AND valid + invalid = returned "
            "AND returned <= issued AND issued <= present AND agree >= 0 AND against >= 0 AND abstained >= 0 "
            "AND invalid >= 0 AND aside >= 0)",
            name="figures_fit",
        ),
        Index("ix_session_item_nomination_id", "nomination_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="council_session.id")
    nomination_id: int = Field(foreign_key="nomination.id")
    #: whether it is voted on by ballot; else by name
    secret: bool
    #: which ballot paper it stands on, from 1: one paper for all nominations with the same voters. Null until opened
    paper: int | None = None
    present: int | None = None
    absent: int | None = None
    written: int | None = None
    aside: int | None = None
    base: int | None = None
    issued: int | None = None
    returned: int | None = None
    valid: int | None = None
    invalid: int | None = None
    agree: int | None = None
    against: int | None = None
    abstained: int | None = None
    needed: int | None = None
    #: where a cap left fewer places than passed: whether it has one, and by what it was decided
    place: str | None = Field(default=None, max_length=10)
    placed_by: str | None = Field(default=None, max_length=10)


class SessionRecusal(SQLModel, table=True):
    """That a member stands aside for one nomination: as its nominee, as one of its unit, or by own word."""

    __tablename__ = "session_recusal"
    __table_args__ = (
        one_of("kind", RECUSAL_KINDS),
        CheckConstraint("kind <> 'own' OR note_id IS NOT NULL", name="own_demands_reason"),
    )

    item_id: int = Field(primary_key=True, foreign_key="session_item.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    kind: str = Field(max_length=10)
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)


class OpenVote(SQLModel, table=True):
    """A vote by name: of one who is present in an open vote, or the written opinion of one who is absent."""

    __tablename__ = "open_vote"
    __table_args__ = (one_of("choice", VOTE_CHOICES),)

    item_id: int = Field(primary_key=True, foreign_key="session_item.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    choice: str = Field(max_length=10)
    written: bool


class BallotIssue(SQLModel, table=True):
    """Who was given a ballot paper, and whether one came back: no instant, no number, no code."""

    __tablename__ = "ballot_issue"

    session_id: int = Field(primary_key=True, foreign_key="council_session.id")
    paper: int = Field(primary_key=True)
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    returned: bool


class BallotSlot(SQLModel, table=True):
    """A ballot in the open box. All are made before the first vote, in the order of their codes; a vote fills any of
    them, in as many letters as it had. Unlogged on PostgreSQL."""

    __tablename__ = "ballot_slot"
    __table_args__ = (Index("ix_ballot_slot_session_id", "session_id", "paper"),)

    code: str = Field(primary_key=True, max_length=16)
    session_id: int = Field(foreign_key="council_session.id")
    paper: int
    #: a letter for each nomination of the paper, in the order of the list: y, n, a; a dot while it is empty
    choices: str = Field(max_length=1000)


class Ballot(SQLModel, table=True):
    """A counted ballot: a code and its choices."""

    __tablename__ = "ballot"
    __table_args__ = (Index("ix_ballot_session_id", "session_id", "paper"),)

    code: str = Field(primary_key=True, max_length=16)
    session_id: int = Field(foreign_key="council_session.id")
    paper: int
    choices: str = Field(max_length=1000)
