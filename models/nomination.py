"""Nominations of a dossier and the desks' opinions on each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of

# open: still on its way; stopped: a council did not pass it; struck: the school took it back
OUTCOMES = ("open", "awarded", "not_awarded", "stopped", "struck", "revoked")
VERDICTS = ("supported", "not_supported", "lower_title")


class Nomination(SQLModel, table=True):
    """A person, a collective or an initiative put forward for a title. Four numbers stay apart: registered, proposed,
    appraised, decided."""

    __tablename__ = "nomination"
    __table_args__ = (
        one_of("outcome", OUTCOMES),
        CheckConstraint("outcome <> 'awarded' OR decided_title IS NOT NULL", name="awarded_demands_title"),
        CheckConstraint("person_id IS NULL OR initiative_id IS NULL", name="person_or_initiative"),
        # A nomination that was struck may be made again.
        Index(
            "uq_nomination_standing",
            "dossier_id",
            "person_id",
            "title",
            unique=True,
            sqlite_where=text("outcome <> 'struck'"),
            postgresql_where=text("outcome <> 'struck'"),
        ),
        Index("ix_nomination_person_id", "person_id"),
        # Of collectives there are few, and each is asked for by its unit; by these words, which no other index takes.
        Index(
            "ix_nomination_collective",
            "unit_id",
            sqlite_where=text("coalesce(person_id, initiative_id) IS NULL"),
            postgresql_where=text("coalesce(person_id, initiative_id) IS NULL"),
        ),
        Index(
            "uq_nomination_standing_initiative",
            "dossier_id",
            "initiative_id",
            "title",
            unique=True,
            sqlite_where=text("outcome <> 'struck'"),
            postgresql_where=text("outcome <> 'struck'"),
        ),
        Index("ix_nomination_initiative_id", "initiative_id"),
        Index("ix_nomination_uses_initiative_id", "uses_initiative_id"),
        Index("ix_nomination_movement_id", "movement_id"),
        CheckConstraint("initiative_id IS NULL OR movement_id IS NULL", name="initiative_or_movement"),
        # Of the dossiers that came to an office: the few that carry or use initiatives.
        Index(
            "ix_nomination_dossier_initiative",
            "dossier_id",
            "initiative_id",
            sqlite_where=text("initiative_id IS NOT NULL"),
            postgresql_where=text("initiative_id IS NOT NULL"),
        ),
        Index(
            "ix_nomination_dossier_use",
            "dossier_id",
            "uses_initiative_id",
            sqlite_where=text("uses_initiative_id IS NOT NULL"),
            postgresql_where=text("uses_initiative_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    dossier_id: int = Field(foreign_key="dossier.id", index=True)
    #: the nominee; null for an initiative, and for a collective, which is the unit itself
    person_id: int | None = Field(default=None, foreign_key="person.id")
    #: the nominee where it is an initiative
    initiative_id: int | None = Field(default=None, foreign_key="initiative.id")
    unit_id: int = Field(foreign_key="unit.id")
    title: str = Field(max_length=20)
    registered: bool = False
    proposed: bool = False
    #: the title that the last appraising desk supported
    appraised_title: str | None = Field(default=None, max_length=20)
    decided_title: str | None = Field(default=None, max_length=20)
    outcome: str = Field(default="open", max_length=20)
    #: the nomination of another dossier on whose pending title this one rests
    rests_on_id: int | None = Field(default=None, foreign_key="nomination.id")
    #: the initiative that this nomination uses up (CV 5007/BNV-TĐKT 2023 III.5.c)
    uses_initiative_id: int | None = Field(default=None, foreign_key="initiative.id")
    #: the movement on which a thematic award rests
    movement_id: int | None = Field(default=None, foreign_key="movement.id")


class Opinion(SQLModel, table=True):
    """What one desk said of one nomination. A later opinion of the desk, or a step, takes its force; it stays."""

    __tablename__ = "opinion"
    __table_args__ = (
        one_of("verdict", VERDICTS),
        CheckConstraint("verdict <> 'lower_title' OR lower_title IS NOT NULL", name="lower_demands_title"),
        CheckConstraint("verdict = 'supported' OR note_id IS NOT NULL", name="refusal_demands_reason"),
        CheckConstraint(
            "(votes_for IS NULL) = (members IS NULL) AND (votes_for IS NULL OR votes_for BETWEEN 0 AND members)",
            name="votes_fit",
        ),
        Index("ix_opinion_dossier_id_desk", "dossier_id", "desk"),
    )

    id: int | None = Field(default=None, primary_key=True)
    dossier_id: int = Field(foreign_key="dossier.id")
    nomination_id: int = Field(foreign_key="nomination.id", index=True)
    desk: str = Field(max_length=60)
    person_id: int = Field(foreign_key="person.id")
    on_behalf_of_id: int | None = Field(default=None, foreign_key="person.id")
    verdict: str = Field(max_length=20)
    lower_title: str | None = Field(default=None, max_length=20)
    note_id: str | None = Field(default=None, foreign_key="note.id", max_length=36)
    #: of a council: votes for, out of all its members (not of those present)
    votes_for: int | None = None
    members: int | None = None
    given_at: datetime = Field(sa_type=UTCDateTime)
    #: the version of the dossier whose act took its force; null while it stands
    ended_by: int | None = None
