"""The entry that an act has just written, for the page that is shown after it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from casework.history import ENTRY


def receipt_in(connection: Connection, subject: str, seq: int) -> dict[str, Any] | None:
    """What, when and the hash of one entry of a chain; None where there is none of that number."""
    row = connection.execute(
        select(ENTRY.c.seq, ENTRY.c.event, ENTRY.c.at, ENTRY.c.hash).where(
            ENTRY.c.subject == subject, ENTRY.c.seq == seq
        )
    ).first()
    return dict(row._mapping) if row is not None else None
