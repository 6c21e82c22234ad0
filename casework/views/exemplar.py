"""Who may see which exemplars, what a person may do with one, and what a form about them offers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, select

from casework.access import EMPLOYMENT, in_force
from casework.call import Call
from casework.exemplars.stages import EXEMPLAR, STAGE
from casework.movements.rows import against_planning
from casework.people import PERSON, UNIT
from casework.routing import PLACEMENT
from casework.sight import Sight, may_see_unit
from casework.views.below import units_below
from casework.views.movement import StoredMovementPaper
from models.exemplar import STAGES

#: people of a unit that a form offers; further ones are named by their codes
OFFERED = 300
ALL, KNOWN = "all", "known"


@dataclass(frozen=True, slots=True)
class SeenUnits:
    """``units``: those whose exemplars a person sees (None: of all); ``mates``: schools of her bloc, of whose exemplars
    she sees what was made known."""

    units: frozenset[int] | None
    mates: frozenset[int] = frozenset()

    def within(self, units: frozenset[int]) -> SeenUnits:
        """What of it lies among some units."""
        return SeenUnits(units if self.units is None else self.units & units, self.mates & units)


def seen_units(connection: Connection, sight: Sight, day: date) -> SeenUnits:
    """The units of a person's duties, those below them that have exemplars, and the schools of the same bloc."""
    if sight.administers:
        return SeenUnits(None)
    units = with_exemplars(connection, sight.units, day)
    return SeenUnits(units, mates_of(connection, sight, day) - units)


def with_exemplars(connection: Connection, units: Collection[int], day: date) -> frozenset[int]:
    """Some units, and those below them that have exemplars."""
    return units_below(connection, units, day, UNIT.c.id.in_(select(EXEMPLAR.c.unit_id)))


def mates_of(connection: Connection, sight: Sight, day: date) -> frozenset[int]:
    """The schools that stand in one bloc with a unit of a person's duties."""
    mate = PLACEMENT.alias("mate")
    query = (
        select(mate.c.unit_id)
        .join(PLACEMENT, PLACEMENT.c.under_id == mate.c.under_id)
        .where(
            PLACEMENT.c.unit_id.in_(sorted(sight.units)),
            *(table.c.relation == "bloc" for table in (PLACEMENT, mate)),
            *(in_force(table, day) for table in (PLACEMENT, mate)),
        )
    )
    return frozenset(connection.execute(query).scalars())


def exemplar_row(connection: Connection, number: int) -> Mapping[str, Any] | None:
    """The row of an exemplar with its unit's ``kind``; None where there is none of that number."""
    query = select(EXEMPLAR, UNIT.c.kind).join(UNIT, UNIT.c.id == EXEMPLAR.c.unit_id)
    return connection.execute(query.where(EXEMPLAR.c.id == number)).mappings().first()


def may_see_exemplar(connection: Connection, sight: Sight, row: Mapping[str, Any], day: date) -> str:
    """How much of an exemplar (its row) a person sees: `ALL` at its unit, in its bloc and from a unit above, `KNOWN` at
    a school of the same bloc once it was made known, else nothing ("")."""
    if may_see_unit(connection, sight, row["unit_id"], day):
        return ALL
    known = row["stage"] == STAGES[-1] and row["ended_at"] is None
    return KNOWN if known and row["unit_id"] in mates_of(connection, sight, day) else ""


def may_go_on(connection: Connection, sight: Sight, row: Mapping[str, Any], now: datetime) -> bool:
    """Whether a person may note a further stage of an exemplar, or end it."""
    unit = connection.execute(select(UNIT).where(UNIT.c.id == row["unit_id"])).mappings().one()
    call = Call(sight.person, now, "look", "look")
    return row["ended_at"] is None and not against_planning(connection, unit, call, ended_too=True)


def people_offered(connection: Connection, unit: int, day: date) -> list[dict[str, str]]:
    """Who is employed at a unit on a day, by name; the first `OFFERED`."""
    query = (
        select(PERSON.c.code, PERSON.c.name)
        .join(EMPLOYMENT, EMPLOYMENT.c.person_id == PERSON.c.id)
        .where(EMPLOYMENT.c.unit_id == unit, in_force(EMPLOYMENT, day), PERSON.c.erased_at.is_(None))
        .order_by(PERSON.c.name, PERSON.c.id)
        .limit(OFFERED)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def paper_of_stage(connection: Connection, number: int, stage: str) -> StoredMovementPaper | None:
    """The paper that came with a stage of an exemplar."""
    row = connection.execute(
        select(STAGE.c.paper_sha256, STAGE.c.paper_name).where(
            STAGE.c.exemplar_id == number, STAGE.c.stage == stage, STAGE.c.paper_sha256.is_not(None)
        )
    ).first()
    return StoredMovementPaper(row.paper_sha256, quote(row.paper_name, safe="")) if row else None
