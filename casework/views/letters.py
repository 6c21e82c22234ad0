"""The outbox, listed: what is to be told to whom about what."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from casework.people import PERSON, person_by_code
from models.outbox import OutboxItem

OUTBOX = OutboxItem.__table__


def list_letters(
    connection: Connection,
    *,
    person: str | None = None,
    kind: str | None = None,
    standing: str | None = None,
    limit: int = 200,
) -> tuple[list[dict[str, Any]], int]:
    """Items of the outbox, the newest first, and how many there are in all.

    Raises:
        Refused: there is no such person.
    """
    query = select(OUTBOX, PERSON.c.code, PERSON.c.name).join(PERSON, PERSON.c.id == OUTBOX.c.person_id)
    if person is not None:
        query = query.where(OUTBOX.c.person_id == person_by_code(connection, person)["id"])
    if kind is not None:
        query = query.where(OUTBOX.c.kind == kind)
    if standing is not None:
        query = query.where(OUTBOX.c.standing == standing)
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = connection.execute(query.order_by(OUTBOX.c.queued_at.desc(), OUTBOX.c.key).limit(limit)).mappings()
    return [
        {
            "key": row["key"],
            "kind": row["kind"],
            "person": {"code": row["code"], "name": row["name"]},
            "subject": row["subject"],
            "facts": row["facts"],
            "standing": row["standing"],
            "queued_at": row["queued_at"].isoformat(),
        }
        for row in rows
    ], int(total)
