"""Initiatives that came by a file of earlier years: which file, and why nobody changes them by themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.career.tables import IMPORT, IMPORTED
from rules.reasons import Reason

_BATCH = 500


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The import by which something came: its number, its file and when it was written."""

    number: int
    file_name: str
    at: datetime


def taken_over(connection: Connection, initiatives: Collection[int]) -> dict[int, TakenOver]:
    """Initiative → the import that wrote it, of those that came by one."""
    ids = sorted(initiatives)
    found = {}
    for start in range(0, len(ids), _BATCH):
        query = (
            select(IMPORTED.c.row_id, IMPORT.c.id, IMPORT.c.file_name, IMPORT.c.imported_at)
            .join(IMPORT, IMPORT.c.id == IMPORTED.c.import_id)
            .where(IMPORTED.c.kind == "initiative", IMPORTED.c.row_id.in_(ids[start : start + _BATCH]))
        )
        for row in connection.execute(query):
            found[row.row_id] = TakenOver(row.id, row.file_name, row.imported_at)
    return found


def against_taken_over(connection: Connection, row: Mapping[str, Any]) -> list[Reason]:
    """The reason against changing an initiative (its row) that came by a file: the file says what it is."""
    came = taken_over(connection, [row["id"]]).get(row["id"])
    if came is None:
        return []
    params = {"initiative": row["code"], "number": came.number, "file": came.file_name}
    return [Reason("initiative_taken_over", params)]
