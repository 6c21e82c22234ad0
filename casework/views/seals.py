"""The seals, read: the newest first, and how much of the history none of them protects yet."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from casework.audit.seals import SEAL, KeptSeals
from casework.history import ENTRY


def list_seals(connection: Connection, limit: int) -> tuple[list[dict[str, Any]], int]:
    """Some seals and how many there are."""
    total = connection.execute(select(func.count()).select_from(SEAL)).scalar_one()
    rows = connection.execute(select(SEAL).order_by(SEAL.c.number.desc()).limit(limit)).mappings()
    return [dict(row) for row in rows], int(total)


def unprotected(connection: Connection, kept: KeptSeals) -> int:
    """How many entries came after the newest seal: all of them, less those under the heads that it knows.

    That nothing was taken away or rewritten is not looked at here; `verify` does.
    """
    there = connection.execute(select(func.count()).select_from(ENTRY)).scalar_one()
    return max(0, int(there) - sum(seq for seq, _ in kept.sealed.heads.values()))
