"""Enqueueing items into the outbox so that each exists at most once, whoever enqueues it and how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from kit.database import insert_or_ignore
from models.outbox import OutboxItem

OUTBOX = OutboxItem.__table__
_BATCH = 500


def enqueue(connection: Connection, items: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Write the items that are not there yet; gives the keys of those that are new. The caller commits."""
    if not items:
        return frozenset()
    keys = [item["key"] for item in items]
    there: set[str] = set()
    for start in range(0, len(keys), _BATCH):
        some = keys[start : start + _BATCH]
        there.update(connection.execute(select(OUTBOX.c.key).where(OUTBOX.c.key.in_(some))).scalars())
    new = {item["key"]: dict(item) for item in items if item["key"] not in there}
    if new:
        # Another tick may write the same item in this moment: the key decides, nobody fails.
        connection.execute(insert_or_ignore(connection, OUTBOX), list(new.values()))
    return frozenset(new)
