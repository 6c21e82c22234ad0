"""A dossier that was opened from the queue: its filter goes along, and after an act comes the next of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection

from casework.views.queue import next_in_queue
from rules.reasons import Refused
from web.guard import own_path
from web.listing import asked_of
from web.visit import Visit


def queued_of(given: str | None) -> str | None:
    """The filter of the queue that a dossier was opened from, with its known fields alone; None: from elsewhere."""
    return None if given is None else asked_of(given).query


def with_queue(path: str, queued: str | None) -> str:
    """A path of ours that takes the filter along."""
    if queued is None:
        return path
    return own_path(f"{path}{'&' if '?' in path else '?'}{urlencode({'queue': queued})}")


def next_of(
    connection: Connection,
    visit: Visit,
    code: str,
    queued: str | None,
    history: Sequence[Mapping[str, Any]],
    done: int,
) -> str | None:
    """The path of the next dossier of the filter, after the entry numbered ``done`` was written of ``code``."""
    if queued is None:
        return None
    # How long it had waited before that act is its place in the queue: since its state last changed.
    moved = [entry["at"] for entry in history if entry["seq"] < done and entry["to"]]
    since = datetime.fromisoformat(moved[-1]) if moved else None
    try:
        found = next_in_queue(connection, visit.sight, visit.now, asked_of(queued).wanted, code, since)
    except Refused:
        return None
    return with_queue(f"/dossiers/{found}", queued) if found else None
