"""Units that have something to do and nobody to do it: dossiers at their desk, or a debt, and no holder of the duty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, Connection, String, and_, column, func, or_, select, values

from casework.access import DUTY, in_force
from casework.debts import FULFILMENT, OBLIGATION
from casework.load import DOSSIER
from casework.reads import Reads
from casework.regulations import REGULATION, chart_of
from casework.routing import UNIT
from casework.views.today import running
from models.dossier import UNFINISHED
from published.milestone import STEPS

#: units that are named one by one; beyond these they are only counted
NAMED = 5


@dataclass(frozen=True, slots=True)
class Units:
    """How many units there are, how many dossiers or debts they have in all, and the first units by what they have:
    code, name and that number of each."""

    units: int
    things: int
    first: tuple[dict[str, Any], ...]


def left_at_ended(connection: Connection, day: date) -> Units:
    """The offices that ended before ``day`` with dossiers still on their way at them."""
    query = (
        select(UNIT.c.code, UNIT.c.name, func.count().label("count"))
        .join(DOSSIER, DOSSIER.c.desk_unit_id == UNIT.c.id)
        .where(UNIT.c.until < day, UNFINISHED)
        .group_by(UNIT.c.code, UNIT.c.name)
    )
    return _told([dict(row) for row in connection.execute(query).mappings()])


def dossiers_unheld(connection: Connection, day: date) -> Units:
    """The units at whose desk dossiers lie while nobody holds a duty of that desk there.

    Offices that ended are left out: their dossiers are passed on (`left_at_ended`).
    """
    asked = _asked(connection)
    if asked is None:
        return Units(0, 0, ())
    # Counted by place first: there are far fewer places than dossiers, and those that are held stay in the database.
    place = (
        select(
            DOSSIER.c.desk_unit_id, DOSSIER.c.procedure_sha256, DOSSIER.c.desk, func.count().label("count")
        )
        .where(UNFINISHED)
        .group_by(DOSSIER.c.procedure_sha256, DOSSIER.c.desk, DOSSIER.c.desk_unit_id)
        .subquery()
    )
    held = (
        select(DUTY.c.id)
        .join(asked, asked.c.duty == DUTY.c.duty)
        .where(
            DUTY.c.unit_id == place.c.desk_unit_id,
            asked.c.procedure_sha256 == place.c.procedure_sha256,
            asked.c.desk == place.c.desk,
            in_force(DUTY, day),
        )
    )
    query = (
        select(UNIT.c.code, UNIT.c.name, func.sum(place.c.count).label("count"))
        .join(place, place.c.desk_unit_id == UNIT.c.id)
        .where(_there(day), ~held.exists())
        .group_by(UNIT.c.code, UNIT.c.name)
    )
    return _told([{**row, "count": int(row["count"])} for row in connection.execute(query).mappings()])


def _asked(connection: Connection) -> CTE | None:
    """The duties of each desk of the procedures by which a dossier is on its way, as rows; None without such."""
    in_use = select(REGULATION.c.sha256).where(
        REGULATION.c.kind == "procedure",
        select(DOSSIER.c.id).where(DOSSIER.c.procedure_sha256 == REGULATION.c.sha256, UNFINISHED).exists(),
    )
    rows = [
        (sha256, name, duty)
        for sha256 in connection.execute(in_use).scalars().all()
        for name, desk in chart_of(connection, sha256).procedure.desks.items()
        for duty in desk.duties
    ]
    columns = (column("procedure_sha256", String), column("desk", String), column("duty", String))
    return values(*columns, name="asked").data(rows).cte("asked") if rows else None


def debts_unheld(connection: Connection, day: date) -> Units:
    """The units that owe something by their word under a calendar of this year, its first day having come, while
    nobody there holds a duty that could meet it."""
    reads = Reads(connection, day)
    open_now = {
        (calendar.name, name): (calendar, planned)
        for calendar in running(reads)
        for name, planned in calendar.milestones.items()
        if planned.duties and planned.milestone.opens <= day
    }
    if not open_now:
        return Units(0, 0, ())
    wanted = or_(
        *(
            and_(
                OBLIGATION.c.calendar == calendar.name,
                OBLIGATION.c.milestone == name,
                ~_held_by(planned.duties, day).exists(),
                # Its dossiers owe in its place, each at the desk where it lies.
                *([~_dossiers_of(calendar).exists()] if STEPS in planned.met_by else []),
            )
            for (_, name), (calendar, planned) in open_now.items()
        )
    )
    met = select(FULFILMENT.c.id).where(
        FULFILMENT.c.unit_id == OBLIGATION.c.unit_id,
        FULFILMENT.c.calendar == OBLIGATION.c.calendar,
        FULFILMENT.c.milestone == OBLIGATION.c.milestone,
        FULFILMENT.c.undone_at.is_(None),
    )
    query = (
        select(UNIT.c.code, UNIT.c.name, func.count().label("count"))
        .join(OBLIGATION, OBLIGATION.c.unit_id == UNIT.c.id)
        .where(_there(day), wanted, ~met.exists())
        .group_by(UNIT.c.code, UNIT.c.name)
    )
    return _told([dict(row) for row in connection.execute(query).mappings()])


def _there(day: date) -> Any:
    """Whether a unit has not ended."""
    return or_(UNIT.c.until.is_(None), UNIT.c.until >= day)


def _held_by(duties: Iterable[str], day: date) -> Any:
    held = select(DUTY.c.id).where(DUTY.c.unit_id == OBLIGATION.c.unit_id, DUTY.c.duty.in_(sorted(duties)))
    return held.where(in_force(DUTY, day))


def _dossiers_of(calendar: Any) -> Any:
    of_its_procedures = select(REGULATION.c.sha256).where(
        REGULATION.c.kind == "procedure", REGULATION.c.name.in_(calendar.procedures)
    )
    return select(DOSSIER.c.id).where(
        DOSSIER.c.unit_id == OBLIGATION.c.unit_id,
        DOSSIER.c.school_year == calendar.school_year,
        DOSSIER.c.procedure_sha256.in_(of_its_procedures),
        DOSSIER.c.state_kind != "withdrawn",
    )


def _told(rows: list[dict[str, Any]]) -> Units:
    rows.sort(key=lambda row: (-row["count"], row["code"]))
    return Units(len(rows), sum(row["count"] for row in rows), tuple(rows[:NAMED]))
