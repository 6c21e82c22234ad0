"""The entry that an act has just written, for the page that is shown after it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from casework.history import ENTRY

# What an INTEGER column of PostgreSQL holds; an address may say anything.
_MOST = 2**31


def receipt_in(connection: Connection, subject: str, seq: int) -> dict[str, Any] | None:
    """What, when and the hash of one entry of a chain; None where there is none of that number."""
    if not 0 < seq < _MOST:
        return None
    row = connection.execute(
        select(ENTRY.c.seq, ENTRY.c.event, ENTRY.c.at, ENTRY.c.hash).where(
            ENTRY.c.subject == subject, ENTRY.c.seq == seq
        )
    ).first()
    return dict(row._mapping) if row is not None else None
