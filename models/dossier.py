"""The dossier: whose, which procedure, where it stands."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, Index, String, and_, literal_column, text
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, demands, one_of
from states.vocabulary import FINAL_KINDS, KINDS, LEVELS, PUBLIC_OPINION

# The column that remembers from which state a dossier was set aside, per kind of the state it rests in.
ORIGIN_COLUMNS = {
    "returned": "returned_from",
    "on_hold": "held_from",
    "withdrawn": "withdrawn_from",
    "lapsed": "lapsed_from",
}
# Of the partial indexes below. Queries say the same in the same words (UNFINISHED, LIES_OPEN), or they go unused.
_UNFINISHED = text(f"state_kind NOT IN ({', '.join(repr(kind) for kind in FINAL_KINDS)})")
# What stands behind the last point of a code, in functions of both databases.
_CODE_NUMBER = "substr({0}, length(rtrim({0}, '0123456789')) + 1)"
_LIES_OPEN = text(f"desk = {PUBLIC_OPINION!r} AND state_kind = 'at_desk'")


class Dossier(SQLModel, table=True):
    """A dossier of one unit, school year, procedure and level. Only `casework/record_step.py` writes its state."""

    __tablename__ = "dossier"
    __table_args__ = (
        one_of("state_kind", KINDS),
        one_of("level", LEVELS),
        *(demands(kind, column) for kind, column in ORIGIN_COLUMNS.items()),
        demands("filed", "receipt_number"),
        demands("decided", "decision_id"),
        demands("revoked", "decision_id", "revocation_id"),
        demands("forwarded", "submission_number", "submitted_on"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        Index("ix_dossier_desk_unit_id_state_kind", "desk_unit_id", "state_kind"),
        # With the id: the newest of some units are found among their keys alone.
        Index("ix_dossier_unit_id_school_year_id", "unit_id", "school_year", "id"),
        # The newest of a school year: a page of a list costs a page, however many years an office keeps.
        Index("ix_dossier_school_year_id", "school_year", "id"),
        # Those of one kind: few lapse or are declined, and are looked for among all.
        Index("ix_dossier_state_kind_school_year_id", "state_kind", "school_year", "id"),
        # Of numbers in codes there are few: a search by one costs what it finds.
        Index("ix_dossier_code_number_id", text(_CODE_NUMBER.format("code")), "id"),
        # Partial: a queue costs what waits at a desk and not what its office ever saw.
        Index(
            "ix_dossier_unfinished",
            "desk_unit_id",
            "desk",
            "changed_at",
            "id",
            sqlite_where=_UNFINISHED,
            postgresql_where=_UNFINISHED,
        ),
        # With the place: how many lie where is answered by the index alone.
        Index(
            "ix_dossier_unfinished_place",
            "procedure_sha256",
            "desk",
            "desk_unit_id",
            sqlite_where=_UNFINISHED,
            postgresql_where=_UNFINISHED,
        ),
        Index(
            "ix_dossier_lies_open", "changed_at", "id", sqlite_where=_LIES_OPEN, postgresql_where=_LIES_OPEN
        ),
        # Partial: the tick's daily search costs what is due, however many dossiers rest.
        Index(
            "ix_dossier_look_on",
            "look_on",
            sqlite_where=text("look_on IS NOT NULL"),
            postgresql_where=text("look_on IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: readable name, for example th-binh-an.2425.1
    code: str = Field(unique=True, max_length=120)
    unit_id: int = Field(foreign_key="unit.id")
    #: for example 2024-2025
    school_year: str = Field(max_length=9)
    level: str = Field(max_length=10)
    #: the procedure under which it was opened; a newer version never changes it silently
    procedure_sha256: str = Field(foreign_key="regulation.sha256", max_length=64)
    state: str = Field(max_length=60)
    state_kind: str = Field(max_length=20)
    #: the desk that holds it, and the unit of that desk
    desk: str = Field(max_length=60)
    desk_unit_id: int = Field(foreign_key="unit.id")
    #: desk name → unit id, resolved at opening; a succession changes it by an act
    route: dict[str, int] = Field(sa_type=JSON)
    #: desk name → ids of the people who decided there; what separation of duties is judged by
    acted: dict[str, list[int]] = Field(sa_type=JSON)
    #: [desk, person id] pairs that a chair excepted from separation, with a reason in the history
    exceptions: list[Any] = Field(sa_type=JSON)
    returned_from: str | None = Field(default=None, max_length=60)
    held_from: str | None = Field(default=None, max_length=60)
    withdrawn_from: str | None = Field(default=None, max_length=60)
    lapsed_from: str | None = Field(default=None, max_length=60)
    receipt_number: str | None = Field(default=None, max_length=80)
    submission_number: str | None = Field(default=None, max_length=80)
    submitted_on: date | None = None
    decision_id: int | None = Field(default=None, foreign_key="decision.id")
    #: the decision that cancels that one
    revocation_id: int | None = Field(default=None, foreign_key="decision.id")
    opened_at: datetime = Field(sa_type=UTCDateTime)
    #: when the state last changed
    changed_at: datetime = Field(sa_type=UTCDateTime)
    #: a note to the tick, no fact: the next local day on which something may be due; NULL where nothing can
    look_on: date | None = None
    #: number of the last entry of its history; every act raises it by one
    version: int
    #: hash of that entry
    head_hash: str = Field(max_length=64)


_ROW = Dossier.__table__.c  # type: ignore[attr-defined]
#: the condition on rows that are still on their way, in words of which a partial index can be recognized
UNFINISHED: ColumnElement[bool] = _ROW.state_kind.not_in([literal_column(repr(kind)) for kind in FINAL_KINDS])
#: the condition on rows that lie open to public opinion: on hold, returned or withdrawn they lie elsewhere
LIES_OPEN: ColumnElement[bool] = and_(
    _ROW.desk == literal_column(repr(PUBLIC_OPINION)), _ROW.state_kind == literal_column("'at_desk'")
)
#: the number at the end of a code, in words of which its index can be recognized
CODE_NUMBER: ColumnElement[str] = literal_column(_CODE_NUMBER.format("dossier.code"), String())


class DossierReach(SQLModel, table=True):
    """A unit that a dossier has come to: its own from the start, each desk's from the day it lay there.

    What a unit may see follows from it (`casework/sight.py`); only `casework/record_step.py` writes it.
    """

    __tablename__ = "dossier_reach"
    __table_args__ = (Index("ix_dossier_reach_dossier_id", "dossier_id"),)

    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    dossier_id: int = Field(foreign_key="dossier.id", primary_key=True)
