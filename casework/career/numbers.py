"""One number of one body and year is one decision, of one day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select

from casework.career.seen import SeenRow
from casework.decided import DECISION
from rules.reasons import Reason

_BATCH = 500


def one_day_each(connection: Connection, rows: Iterable[SeenRow]) -> list[SeenRow]:
    """Rows as they are beside each other and beside the decisions on record: refused where a number has another day."""
    listed = list(rows)
    asked = {(d[0], d[1], d[2].year) for row in listed if (d := row.decision)}
    known: dict[tuple[int, str, int], date] = {}
    numbers = sorted({number for _, number, _ in asked})
    for start in range(0, len(numbers), _BATCH):
        query = select(DECISION.c.unit_id, DECISION.c.number, DECISION.c.year, DECISION.c.decided_on)
        for one in connection.execute(query.where(DECISION.c.number.in_(numbers[start : start + _BATCH]))):
            known[one.unit_id, one.number, one.year] = one.decided_on
    in_file: dict[tuple[int, str, int], tuple[date, int]] = {}
    found = []
    for row in listed:
        if row.decision is None:
            found.append(row)
            continue
        body, number, day, _ = row.decision
        key = (body, number, day.year)
        stands = known.get(key)
        params = {"line": row.line, "number": number, "decided_on": day.isoformat()}
        if stands is not None and stands != day:
            told = Reason("career_number_known", {**params, "stands": stands.isoformat()})
            found.append(row.against(told))
            continue
        other, line = in_file.setdefault(key, (day, row.line))
        if other != day:
            told = Reason("career_number_two_days", {**params, "stands": other.isoformat(), "first": line})
            found.append(row.against(told))
            continue
        found.append(row)
    return found
