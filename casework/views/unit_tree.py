"""The units of a day as a tree by authority, a page at a time, and found by words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from casework.access import DUTY, in_force
from casework.people import UNIT
from casework.routing import PLACEMENT
from states.vocabulary import UNIT_KINDS

#: no office stands deeper; a circle of placements ends here too
_DEEPEST = 12


def folded(text: str) -> str:
    """A text as people type it in a hurry: without marks and capitals."""
    apart = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def unit_tree(
    connection: Connection, day: date, words: str = "", *, limit: int = 50, start: int = 0
) -> tuple[list[dict[str, Any]], int]:
    """A page of the units that exist on a day, each under its authority, and how many there are in all.

    ``depth`` tells how far down a unit stands. With ``words`` those units whose name or code holds every word, marks
    and capitals aside; each says under what it stands.
    """
    light = _light(connection, day)
    names = {row.id: row.name for row in light}
    wanted = folded(words).split()
    ordered = [
        (row, depth)
        for row, depth in _in_order(light)
        if all(word in folded(f"{row.name} {row.code}") for word in wanted)
    ]
    shown = ordered[start : start + limit]
    ids = [row.id for row, _ in shown]
    blocs = _blocs(connection, ids, day)
    holders = _holders(connection, ids, day)
    rows = [
        {
            "code": row.code,
            "name": row.name,
            "kind": row.kind,
            "depth": depth,
            "under": names.get(row.under_id),
            "bloc": blocs.get(row.id),
            "holders": holders.get(row.id, 0),
        }
        for row, depth in shown
    ]
    return rows, len(ordered)


def _light(connection: Connection, day: date) -> Sequence[Row[Any]]:
    """Every unit of the day with its authority: plain rows, since a province has a thousand."""
    above = (
        (PLACEMENT.c.unit_id == UNIT.c.id) & (PLACEMENT.c.relation == "authority") & in_force(PLACEMENT, day)
    )
    return connection.execute(
        select(UNIT.c.id, UNIT.c.code, UNIT.c.name, UNIT.c.kind, PLACEMENT.c.under_id)
        .select_from(UNIT.outerjoin(PLACEMENT, above))
        .where(
            or_(UNIT.c.since.is_(None), UNIT.c.since <= day), or_(UNIT.c.until.is_(None), UNIT.c.until >= day)
        )
        .order_by(UNIT.c.code, PLACEMENT.c.id)
    ).all()


def _in_order(light: Sequence[Row[Any]]) -> list[tuple[Row[Any], int]]:
    """Each unit once, after what it stands under; offices before blocs and schools."""
    order = {kind: place for place, kind in enumerate(reversed(UNIT_KINDS))}
    there = {row.id for row in light}
    below: dict[int | None, list[Row[Any]]] = {}
    for row in sorted(light, key=lambda row: (order.get(row.kind, -1), row.code)):
        below.setdefault(row.under_id if row.under_id in there else None, []).append(row)
    found: list[tuple[Row[Any], int]] = []
    seen: set[int] = set()

    def walk(under: int | None, depth: int) -> None:
        for row in below.get(under, ()):
            if row.id not in seen:
                seen.add(row.id)
                found.append((row, depth))
                if depth < _DEEPEST:
                    walk(row.id, depth + 1)

    walk(None, 0)
    # What stands in a circle has no top: it is shown all the same.
    found += [(row, 0) for row in light if row.id not in seen]
    return found


def _blocs(connection: Connection, ids: list[int], day: date) -> dict[int, dict[str, str]]:
    rows = connection.execute(
        select(PLACEMENT.c.unit_id, UNIT.c.code, UNIT.c.name)
        .join(UNIT, UNIT.c.id == PLACEMENT.c.under_id)
        .where(PLACEMENT.c.unit_id.in_(ids), PLACEMENT.c.relation == "bloc", in_force(PLACEMENT, day))
    )
    return {row.unit_id: {"code": row.code, "name": row.name} for row in rows}


def _holders(connection: Connection, ids: list[int], day: date) -> dict[int, int]:
    rows = connection.execute(
        select(DUTY.c.unit_id, func.count(DUTY.c.person_id.distinct()).label("people"))
        .where(DUTY.c.unit_id.in_(ids), in_force(DUTY, day))
        .group_by(DUTY.c.unit_id)
    )
    return {row.unit_id: row.people for row in rows}
