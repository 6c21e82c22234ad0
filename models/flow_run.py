"""The ledger of the flows: what ran when, over which business day, what it did. It outlives Prefect's records."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from models.base import UTCDateTime, one_of

#: broken_off: it ended by itself, and what it left undone waits for a later run
RUN_STANDINGS = ("running", "done", "broken_off", "failed")


class FlowRun(SQLModel, table=True):
    """One run of a flow. ``started_at`` and ``finished_at`` are wall time, ``business_at`` the home's clock."""

    __tablename__ = "flow_run"
    __table_args__ = (
        one_of("standing", RUN_STANDINGS),
        Index("ix_flow_run_flow_id", "flow", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: tick, deliver, seal, watch, open_year
    flow: str = Field(max_length=40)
    #: which part of the office it served, for example a district's code; empty is all
    part: str = Field(default="", max_length=80)
    business_day: date
    business_at: datetime = Field(sa_type=UTCDateTime)
    started_at: datetime = Field(sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    standing: str = Field(default="running", max_length=10)
    #: days (local) between the run before and this one on which none ran
    missed_days: int = 0
    #: counts and, for the tick, who was reminded of what: ids and codes, no names; of one that failed, why, as data:
    #: the reasons of a refusal, or the storage's trouble
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    #: Prefect's id of the run; empty when it was run by hand
    prefect_run: str = Field(default="", max_length=60)
    #: a failed run's trouble in the program's own words
    trouble: str = Field(default="", max_length=400)
