"""Why nobody may act at a desk whose office has ended, and who does its work now."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from casework.routing import nearest_by_kind
from casework.successions import Successions
from rules.reasons import Reason


def told_of_end(connection: Connection, desk: str, unit: int, school: int, day: date) -> list[Reason]:
    """The reason that the unit behind a desk has ended before ``day``, with its successor; nothing while it exists."""
    successions = Successions(connection, day)
    until = successions.has_ended(unit)
    if until is None:
        return []
    params = {"desk": desk, "unit": unit, "until": until.isoformat()}
    successor = successions.of_unit(unit, nearest_by_kind(connection, school, day))
    if successor is None:
        return [Reason("office_ended", params)]
    return [Reason("office_succeeded", {**params, "successor": successor.unit_id})]
