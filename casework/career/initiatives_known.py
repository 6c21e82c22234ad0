"""What is on record of the initiatives of some units and years, as a file of earlier years is compared with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.career.tables import EARLIER_USE
from casework.career.taken_over import taken_over
from casework.decided import AWARD, DECISION
from casework.load import AUTHOR, INITIATIVE
from casework.views.staff import like

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Recognition:
    """The decision that recognised an initiative at a scope, and the last day that it names."""

    body: int
    number: str
    decided_on: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class KnownInitiative:
    """An initiative on record: authors with their shares, recognitions by title, earlier uses (author, title, year).

    ``taken_over``: it came by a file of earlier years."""

    id: int
    code: str
    applied_on: date | None
    authors: Mapping[int, int]
    held: Mapping[str, Recognition]
    uses: frozenset[tuple[int, str, str]]
    taken_over: bool


def initiatives_known(
    connection: Connection, units: Collection[int], years: Collection[str]
) -> dict[tuple[int, str, str], KnownInitiative]:
    """Those that stand on the lists of some units for some years, by unit, year and name as names are compared."""
    listed = sorted(units)
    rows: list[Any] = []
    for start in range(0, len(listed), _BATCH):
        query = select(INITIATIVE).where(
            INITIATIVE.c.unit_id.in_(listed[start : start + _BATCH]),
            INITIATIVE.c.school_year.in_(sorted(years)),
            INITIATIVE.c.taken_back_at.is_(None),
        )
        rows += connection.execute(query).all()
    ids = sorted(row.id for row in rows)
    authors: dict[int, dict[int, int]] = {number: {} for number in ids}
    held: dict[int, dict[str, Recognition]] = {number: {} for number in ids}
    uses: dict[int, set[tuple[int, str, str]]] = {number: set() for number in ids}
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        for one in connection.execute(select(AUTHOR).where(AUTHOR.c.initiative_id.in_(some))):
            authors[one.initiative_id][one.person_id] = one.share
        for one in connection.execute(select(EARLIER_USE).where(EARLIER_USE.c.initiative_id.in_(some))):
            uses[one.initiative_id].add((one.person_id, one.title, one.school_year))
        for one in connection.execute(_RECOGNISED.where(AWARD.c.initiative_id.in_(some))):
            told = Recognition(one.unit_id, one.number, one.decided_on, one.valid_until)
            held[one.initiative_id].setdefault(one.title, told)
    came = taken_over(connection, ids)
    return {
        (row.unit_id, row.school_year, like(row.name)): KnownInitiative(
            row.id,
            row.code,
            row.applied_on,
            authors[row.id],
            held[row.id],
            frozenset(uses[row.id]),
            row.id in came,
        )
        for row in rows
    }


_RECOGNISED = (
    select(
        AWARD.c.initiative_id,
        AWARD.c.title,
        AWARD.c.valid_until,
        DECISION.c.unit_id,
        DECISION.c.number,
        DECISION.c.decided_on,
    )
    .join(DECISION, DECISION.c.id == AWARD.c.decision_id)
    .where(AWARD.c.standing == "held")
    .order_by(AWARD.c.id)
)
