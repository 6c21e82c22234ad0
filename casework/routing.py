"""Which unit stands behind each desk of a procedure, for a dossier's own unit on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select

from casework.successions import Successions, Successor
from models.unit import Placement, Unit
from rules.reasons import Reason, Refused
from states.procedure import Desk, Procedure

UNIT, PLACEMENT = Unit.__table__, Placement.__table__
_ONE_DAY = timedelta(days=1)

_DAY = bindparam("day")
_in_force = and_(PLACEMENT.c.since <= _DAY, or_(PLACEMENT.c.until.is_(None), PLACEMENT.c.until >= _DAY))
_KINDS_OF = select(UNIT.c.id, UNIT.c.kind).where(UNIT.c.id.in_(bindparam("units", expanding=True)))
_ABOVE = (
    select(PLACEMENT.c.unit_id, PLACEMENT.c.under_id, PLACEMENT.c.relation, UNIT.c.kind)
    .join(UNIT, UNIT.c.id == PLACEMENT.c.under_id)
    .where(PLACEMENT.c.unit_id.in_(bindparam("units", expanding=True)), _in_force)
)
# The first of each kind: under a province stand hundreds, and one is wanted.
_BELOW = (
    select(PLACEMENT.c.under_id, func.min(UNIT.c.id).label("office"), UNIT.c.kind)
    .join(PLACEMENT, PLACEMENT.c.unit_id == UNIT.c.id)
    .where(
        PLACEMENT.c.under_id.in_(bindparam("units", expanding=True)),
        PLACEMENT.c.relation == "authority",
        # A school stands in its own bloc or in none: another's is no office of its district.
        UNIT.c.kind.not_in(("school", "bloc")),
        _in_force,
    )
    .group_by(PLACEMENT.c.under_id, UNIT.c.kind)
)
_HELD = select(UNIT.c.id).where(UNIT.c.id == bindparam("unit")).with_for_update(key_share=True)
_BY_KIND = (
    select(UNIT.c.id)
    .where(
        UNIT.c.kind == bindparam("kind"),
        or_(UNIT.c.since.is_(None), UNIT.c.since <= _DAY),
        or_(UNIT.c.until.is_(None), UNIT.c.until >= _DAY),
    )
    .order_by(UNIT.c.id)
)


def unit_by_code(connection: Connection, code: str) -> dict[str, object]:
    """The row of a unit.

    Raises:
        Refused: there is no such unit.
    """
    row = connection.execute(select(UNIT).where(UNIT.c.code == code)).mappings().first()
    if row is None:
        raise Refused([Reason("unknown_unit", {"code": code})])
    return dict(row)


def hold_unit(connection: Connection, unit: int) -> None:
    """Hold a unit's row until the transaction ends: of two acts there that look before they write, the slower waits
    here and then sees what the faster wrote. On SQLite every writer has the whole database alone already."""
    connection.execute(_HELD, {"unit": unit})


def route_for(connection: Connection, procedure: Procedure, unit: int, day: date) -> dict[str, int]:
    """Desk name → unit id, for every desk of the procedure.

    A desk's kind of unit is looked for at the unit itself, at its bloc, then at each authority above it and among the
    offices of that authority; where its kind has ended there, the published succession maps name who does its work;
    last, a kind that exists only once in the country is taken from anywhere.

    Raises:
        Refused: a desk for which no unit exists on that day, one reason per desk.
    """
    route, missing = find_desks(connection, procedure.desks.values(), unit, day)
    if missing:
        raise Refused(missing)
    return route


def find_desks(
    connection: Connection, desks: Iterable[Desk], unit: int, day: date
) -> tuple[dict[str, int], list[Reason]]:
    """As `route_for`, for some desks: those that were found, and a reason for each that was not."""
    nearest = nearest_by_kind(connection, unit, day)
    successions = Successions(connection, day)
    route: dict[str, int] = {}
    missing: list[Reason] = []
    for desk in desks:
        found = nearest.get(desk.unit)
        if found is None:
            heir = successions.of_kind(desk.unit, nearest)
            found = heir.unit_id if heir else None
        if found is None:
            everywhere = connection.execute(_BY_KIND, {"kind": desk.unit, "day": day}).scalars().all()
            found = everywhere[0] if len(everywhere) == 1 else None
        if found is None:
            missing.append(
                Reason("no_unit_for_desk", {"desk": desk.name, "kind": desk.unit, "day": day.isoformat()})
            )
        else:
            route[desk.name] = found
    return route, missing


def nearest_or_successor(
    connection: Connection, unit: int, kind: str, day: date
) -> tuple[int | None, Successor | None]:
    """The nearest unit of a kind; where there is none any more, its successor, told as such too."""
    nearest = nearest_by_kind(connection, unit, day)
    if kind in nearest:
        return nearest[kind], None
    heir = Successions(connection, day).of_kind(kind, nearest)
    return (heir.unit_id if heir else None), heir


@dataclass(frozen=True, slots=True)
class InCharge:
    """Who does the work of a unit: itself, or after its end its successors, and then since which day (local)."""

    units: tuple[int, ...]
    since: date | None = None


def in_charge_of(connection: Connection, unit: int, day: date) -> InCharge:
    """The units whose duties count for what ``unit`` owes on a day; none where it ended and has no successor."""
    successions = Successions(connection, day)
    until = successions.has_ended(unit)
    if until is None:
        return InCharge((unit,))
    heirs = successions.heirs_of(unit, nearest_by_kind(connection, unit, day))
    return InCharge(heirs, until + _ONE_DAY)


def nearest_by_kind(connection: Connection, unit: int, day: date) -> dict[str, int]:
    """Kind of unit → the nearest unit of that kind: the unit itself, its bloc, its authorities and their offices."""
    return nearest_of_many(connection, (unit,), day)[unit]


def nearest_of_many(connection: Connection, units: Collection[int], day: date) -> dict[int, dict[str, int]]:
    """As `nearest_by_kind`, for many units: a few statements for each rung of authorities, whatever their number."""
    rows = connection.execute(_KINDS_OF, {"units": sorted(units)})
    nearest = {row.id: {row.kind: row.id} for row in rows}
    current = {unit: unit for unit in nearest}
    seen: dict[int, set[int]] = {unit: set() for unit in nearest}
    while current:
        above: dict[int, list[Row[Any]]] = {}
        bound = {"units": sorted(set(current.values())), "day": day}
        for row in connection.execute(_ABOVE, bound):
            above.setdefault(row.unit_id, []).append(row)
        authority = {
            unit: row.under_id
            for unit, found in above.items()
            for row in found
            if row.relation == "authority"
        }
        offices: dict[int, list[Row[Any]]] = {}
        for row in connection.execute(_BELOW, {"units": sorted(set(authority.values())), "day": day}):
            offices.setdefault(row.under_id, []).append(row)
        onward: dict[int, int] = {}
        for unit, at in current.items():
            seen[unit].add(at)
            for row in above.get(at, ()):
                nearest[unit].setdefault(row.kind, row.under_id)
            if at in authority:
                for row in offices.get(authority[at], ()):
                    nearest[unit].setdefault(row.kind, row.office)
                if authority[at] not in seen[unit]:
                    onward[unit] = authority[at]
        current = onward
    return nearest
