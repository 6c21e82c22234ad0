"""Items of the outbox, made and enqueued so that each exists at most once, whoever enqueues it and how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from kit.database import insert_or_ignore
from models.outbox import OutboxItem
from notifications.announcements import ready_at

OUTBOX = OutboxItem.__table__
_BATCH = 500


def new_item(
    kind: str,
    subject: str,
    mark: int | str,
    person: int,
    facts: Mapping[str, str],
    now: datetime,
    *,
    ready: datetime | None = None,
) -> dict[str, Any]:
    """The row of an item: what one person is told about one subject, in ids and codes.

    ``mark`` says which of the things of its kind about the subject it tells (a version, a day, a number): its key is
    made of it, so that the same thing is never told twice. No letter takes it up before ``ready``; None: as its kind
    goes (`ready_at`).
    """
    return {
        "key": f"{kind}/{subject}/{mark}/{person}",
        "kind": kind,
        "person_id": person,
        "subject": subject,
        "facts": facts,
        "standing": "queued",
        "queued_at": now,
        "ready_at": ready or ready_at(kind, now),
    }


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
