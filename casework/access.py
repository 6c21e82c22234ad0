"""The one access function: which duties a person holds at a unit on a day, their own and those lent to them.

Every right comes from a dated duty of a person at a unit. A delegated duty counts for the days it is lent and is
shown as "on behalf of". Page, interface, export and mail ask here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, or_, select

from casework.call import Call
from models.person import Delegation, Duty, Employment
from rules.reasons import Reason
from rules.windows import LOCAL

DUTY, DELEGATION, EMPLOYMENT = Duty.__table__, Delegation.__table__, Employment.__table__


@dataclass(frozen=True, slots=True)
class Holding:
    """A duty that a person may use, and for whom: ``on_behalf_of`` is None for one's own duty."""

    duty: str
    unit_id: int
    on_behalf_of: int | None = None


def in_force(table: Table, day: Any) -> ColumnElement[bool]:
    """Whether a dated row counts on ``day`` (both its days included)."""
    return and_(table.c.since <= day, or_(table.c.until.is_(None), table.c.until >= day))


def next_midnight(day: date) -> datetime:
    """The instant at which a local day is over."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=LOCAL)


_DAY = bindparam("day")
#: a delegation in force on ``day``. One taken back no longer counts on that day; on those before it did, and still does
lent_out = and_(
    DELEGATION.c.duty_id == DUTY.c.id,
    DELEGATION.c.since <= _DAY,
    DELEGATION.c.until >= _DAY,
    or_(DELEGATION.c.ended_at.is_(None), DELEGATION.c.ended_at >= bindparam("day_over")),
)
_lent = and_(lent_out, DELEGATION.c.to_person_id == bindparam("person"))
_HOLDINGS = (
    select(DUTY.c.duty, DUTY.c.unit_id, DUTY.c.person_id)
    .select_from(DUTY.outerjoin(DELEGATION, _lent))
    .where(in_force(DUTY, _DAY), or_(DUTY.c.person_id == bindparam("person"), DELEGATION.c.id.is_not(None)))
)
_HOLDINGS_AT = _HOLDINGS.where(DUTY.c.unit_id == bindparam("unit"))
_UNITS_OF = select(EMPLOYMENT.c.unit_id).where(
    EMPLOYMENT.c.person_id == bindparam("person"), in_force(EMPLOYMENT, _DAY)
)


def holdings_of(connection: Connection, person: int, day: date) -> tuple[Holding, ...]:
    """Every duty that ``person`` may use on ``day``, own ones first."""
    bound = {"person": person, "day": day, "day_over": next_midnight(day)}
    return _holdings(connection.execute(_HOLDINGS, bound), person)


def holdings_at(connection: Connection, person: int, unit: int, day: date) -> tuple[Holding, ...]:
    """Every duty that ``person`` may use at ``unit`` on ``day``, own ones first."""
    bound = {"person": person, "unit": unit, "day": day, "day_over": next_midnight(day)}
    return _holdings(connection.execute(_HOLDINGS_AT, bound), person)


def _holdings(rows: Iterable[tuple[str, int, int]], person: int) -> tuple[Holding, ...]:
    found = [Holding(duty, unit, None if holder == person else holder) for duty, unit, holder in rows]
    return tuple(
        sorted(found, key=lambda h: (h.on_behalf_of is not None, h.unit_id, h.duty, h.on_behalf_of or 0))
    )


def units_of(connection: Connection, person: int, day: date) -> frozenset[int]:
    """The units that employ ``person`` on ``day``."""
    return frozenset(row.unit_id for row in connection.execute(_UNITS_OF, {"person": person, "day": day}))


def choose_holding(holdings: Iterable[Holding], duties: Collection[str]) -> Holding | None:
    """The first holding whose duty is among ``duties``; one's own before a lent one."""
    return next((h for h in holdings if h.duty in duties), None)


def not_holding(duties: Collection[str], unit: int, **params: object) -> Reason:
    """The reason that names which duty at which unit an act takes."""
    return Reason("duty_not_held", {"duties": list(duties), "unit": unit, **params})


def administrators_only(connection: Connection, call: Call) -> list[Reason]:
    """Nothing, or the reason that only an administrator (or the operator who prepares a home) may do this."""
    if call.actor_id is None:
        return []
    held = holdings_of(connection, call.actor_id, call.day)
    return [] if choose_holding(held, ("administrator",)) else [not_holding(("administrator",), 0)]


def require_duty(
    connection: Connection, person: int, units: Collection[int], duties: Collection[str], day: date
) -> tuple[Reason, ...]:
    """Reasons why ``person`` may not act with one of ``duties`` at one of ``units`` on ``day``."""
    for unit in units:
        if choose_holding(holdings_at(connection, person, unit, day), duties) is not None:
            return ()
    return (not_holding(duties, next(iter(units), 0)),)
