"""The units of a day a level at a time: the top ones, those under one; and found among all by words and kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, literal, or_, select

from casework.access import DUTY, in_force
from casework.people import UNIT
from casework.routing import PLACEMENT, unit_by_code
from casework.views.bounded import COUNTED
from casework.views.folding import folded, holds, holds_plain, in_vietnamese_order
from states.vocabulary import UNIT_KINDS

#: no office stands deeper; a circle of placements ends here too
_DEEPEST = 12
#: offices before blocs and schools
_ORDER = {kind: place for place, kind in enumerate(reversed(UNIT_KINDS))}
_LIGHT = (UNIT.c.id, UNIT.c.code, UNIT.c.name, UNIT.c.kind)


@dataclass(frozen=True, slots=True)
class Units:
    """A page of units; ``total`` counts to `COUNTED` and not beyond. ``path`` leads from the top to the opened one."""

    rows: list[dict[str, Any]]
    total: int
    path: list[dict[str, str]]

    @property
    def more_than_counted(self) -> bool:
        """Whether there are more than were counted; these are found by words."""
        return self.total > COUNTED


def units_at(
    connection: Connection, day: date, under: str | None = None, *, limit: int = 50, start: int = 0
) -> Units:
    """The units directly under one; without it the top ones: no unit of the day is their authority.

    Each tells how many stand under it in turn (``below``). What stands in a circle has no top and is found by words.

    Raises:
        Refused: there is no unit ``under``.
    """
    if under is None:
        above = UNIT.alias("above")
        placed = (
            select(PLACEMENT.c.id)
            .join(above, above.c.id == PLACEMENT.c.under_id)
            .where(PLACEMENT.c.unit_id == UNIT.c.id, _is_authority(day), _exists(above, day))
        )
        return _page(connection, day, select(*_LIGHT).where(~placed.exists()), [], limit, start)
    top = int(str(unit_by_code(connection, under)["id"]))
    query = select(*_LIGHT).join(PLACEMENT, PLACEMENT.c.unit_id == UNIT.c.id)
    query = query.where(PLACEMENT.c.under_id == top, _is_authority(day))
    return _page(connection, day, query, _path(connection, top, day), limit, start)


def units_found(
    connection: Connection, day: date, words: str = "", kind: str = "", *, limit: int = 50, start: int = 0
) -> Units:
    """The units whose name or code holds every word, marks and capitals aside; of one kind, where one is given.

    Each says under what it stands (``under``).
    """
    query = select(*_LIGHT)
    for word in folded(words).split():
        query = query.where(or_(holds(UNIT.c.name, word), holds_plain(UNIT.c.code, word)))
    if kind:
        query = query.where(UNIT.c.kind == kind)
    found = _page(connection, day, query, [], limit, start)
    above = _above(connection, [row["id"] for row in found.rows], "authority", day)
    for row in found.rows:
        row["under"] = above.get(row["id"])
    return found


def _is_authority(day: date) -> ColumnElement[bool]:
    return and_(PLACEMENT.c.relation == "authority", in_force(PLACEMENT, day))


def _exists(unit: FromClause, day: date) -> ColumnElement[bool]:
    """That a unit exists on a day."""
    return or_(unit.c.since.is_(None), unit.c.since <= day) & or_(unit.c.until.is_(None), unit.c.until >= day)


def _page(
    connection: Connection,
    day: date,
    query: Select[Any],
    path: list[dict[str, str]],
    limit: int,
    start: int,
) -> Units:
    """A page of a query: names of all are read to sort them, as far as lists count; the rest is read for the page."""
    bounded = query.where(_exists(UNIT, day)).order_by(UNIT.c.code).limit(COUNTED + 1)
    light = {row.id: row for row in connection.execute(bounded)}
    ordered = sorted(
        light.values(),
        key=lambda row: (_ORDER.get(row.kind, -1), in_vietnamese_order(row.name), row.code),
    )
    shown = ordered[:COUNTED][start : start + limit]
    ids = [row.id for row in shown]
    blocs = _above(connection, ids, "bloc", day)
    holders, below = _holders(connection, ids, day), _below(connection, ids, day)
    rows = [
        {
            "id": row.id,
            "code": row.code,
            "name": row.name,
            "kind": row.kind,
            "bloc": blocs.get(row.id),
            "holders": holders.get(row.id, 0),
            "below": below.get(row.id, 0),
        }
        for row in shown
    ]
    return Units(rows, len(ordered), path)


def _path(connection: Connection, top: int, day: date) -> list[dict[str, str]]:
    """The way down to a unit: its authority's authority, its authority, the unit."""
    way = select(literal(top).label("id"), literal(0).label("depth")).cte("way", recursive=True)
    way = way.union_all(
        select(PLACEMENT.c.under_id, way.c.depth + 1).where(
            PLACEMENT.c.unit_id == way.c.id, _is_authority(day), way.c.depth < _DEEPEST
        )
    )
    query = select(UNIT.c.code, UNIT.c.name).join(way, way.c.id == UNIT.c.id).order_by(way.c.depth)
    # A circle comes by again and again.
    found = {row.code: row.name for row in connection.execute(query)}
    return [{"code": code, "name": name} for code, name in reversed(found.items())]


def _above(connection: Connection, ids: list[int], relation: str, day: date) -> dict[int, dict[str, str]]:
    rows = connection.execute(
        select(PLACEMENT.c.unit_id, UNIT.c.code, UNIT.c.name)
        .join(UNIT, UNIT.c.id == PLACEMENT.c.under_id)
        .where(PLACEMENT.c.unit_id.in_(ids), PLACEMENT.c.relation == relation, in_force(PLACEMENT, day))
    )
    return {row.unit_id: {"code": row.code, "name": row.name} for row in rows}


def _below(connection: Connection, ids: Iterable[int], day: date) -> dict[int, int]:
    rows = connection.execute(
        select(PLACEMENT.c.under_id, func.count(UNIT.c.id.distinct()).label("units"))
        .join(UNIT, UNIT.c.id == PLACEMENT.c.unit_id)
        .where(PLACEMENT.c.under_id.in_(ids), _is_authority(day), _exists(UNIT, day))
        .group_by(PLACEMENT.c.under_id)
    )
    return {row.under_id: row.units for row in rows}


def _holders(connection: Connection, ids: list[int], day: date) -> dict[int, int]:
    rows = connection.execute(
        select(DUTY.c.unit_id, func.count(DUTY.c.person_id.distinct()).label("people"))
        .where(DUTY.c.unit_id.in_(ids), in_force(DUTY, day))
        .group_by(DUTY.c.unit_id)
    )
    return {row.unit_id: row.people for row in rows}
