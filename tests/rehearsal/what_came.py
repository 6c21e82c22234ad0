"""What came of a rehearsal, as values that can be compared: everything but what is drawn anew each time.

Ids of notes, their salts, and every hash that covers them differ between two plays; nothing else may.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from kit.canonical import sha256_hex
from kit.database import Database
from models.base import metadata

DRAWN_ANEW = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}")
LEFT_OUT = {
    "note": {"id", "salt"},
    "history_entry": {"hash", "prev_hash"},
    "dossier": {"head_hash"},
    # PostgreSQL uses up a number for a row that was there already.
    "bloc_score": {"id"},
    # A ballot's code is drawn by lot.
    "ballot": {"code"},
}
# The hash of a stored paper or of a regulation is the same each time.
STAYS = {"stored_file", "paper", "regulation", "home_mark"}


def what_came_of(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, sorted, without what is drawn anew."""
    database = Database(url)
    found = {}
    with database.read() as connection:
        for table in metadata.sorted_tables:
            columns = [c for c in table.c if c.name not in LEFT_OUT.get(table.name, ())]
            rows = [
                tuple(
                    repr(value) if table.name in STAYS else DRAWN_ANEW.sub("…", repr(value)) for value in row
                )
                for row in connection.execute(select(*columns))
            ]
            found[table.name] = sorted(rows)
    database.close()
    return found


def fingerprint(url: str) -> str:
    """One short text for all of it."""
    return sha256_hex(repr(what_came_of(url)))
