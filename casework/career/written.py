"""What an import writes: rows of which the ids are noted, and the decisions on which they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from casework.call import Call
from casework.career.seen import SeenRow
from casework.decided import DECISION
from casework.people import UNIT

#: rows that an import wrote: ``kind``, ``row_id`` and ``line``
Noted = list[dict[str, Any]]


def write_decisions(
    connection: Connection, rows: Iterable[SeenRow], call: Call, noted: Noted
) -> dict[tuple[int, str, int], int]:
    """The ids of the decisions of some rows, by body, number and year; those that are new are written and noted."""
    wanted: dict[tuple[int, str, int], tuple[SeenRow, str]] = {}
    for row in rows:
        if row.decision is not None:
            body, number, day, signatory = row.decision
            before = wanted.get((body, number, day.year))
            wanted[body, number, day.year] = (
                before[0] if before else row,
                (before and before[1]) or signatory,
            )
    found: dict[tuple[int, str, int], int] = {}
    bodies = sorted({body for body, _, _ in wanted})
    if not bodies:
        return found
    # As where a decision is recorded: of two who bring one number at once, the slower waits and looks again.
    names = {
        row.id: row.name
        for row in connection.execute(
            select(UNIT.c.id, UNIT.c.name).where(UNIT.c.id.in_(bodies)).with_for_update(key_share=True)
        )
    }
    numbers = sorted({number for _, number, _ in wanted})
    for start in range(0, len(numbers), 500):
        query = select(DECISION.c.id, DECISION.c.unit_id, DECISION.c.number, DECISION.c.year).where(
            DECISION.c.number.in_(numbers[start : start + 500])
        )
        for one in connection.execute(query):
            if (one.unit_id, one.number, one.year) in wanted:
                found[one.unit_id, one.number, one.year] = one.id
    new = [key for key in wanted if key not in found]
    values = [
        {
            "number": key[1],
            "decided_on": wanted[key][0].decision[2],  # type: ignore[index]
            "year": key[2],
            "signatory": wanted[key][1],
            "issued_by": names[key[0]],
            "unit_id": key[0],
            "recorded_at": call.now,
        }
        for key in new
    ]
    for key, made in zip(new, inserted(connection, DECISION, values), strict=True):
        found[key] = made
        noted.append({"kind": "decision", "row_id": made, "line": wanted[key][0].line})
    return found


def inserted(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Write rows; gives their ids in the order of the rows."""
    if not rows:
        return []
    query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(connection.execute(query, [dict(row) for row in rows]).scalars())
