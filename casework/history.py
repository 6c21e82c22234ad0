"""Writing the history: one chain per subject, each entry's hash covering the one before it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from casework.call import Call
from kit.canonical import canonical_json, sha256_hex
from models.history import HistoryEntry, Note

ENTRY = HistoryEntry.__table__
NOTE = Note.__table__
GENESIS = "0" * 64

_INSERT_ENTRY = insert(ENTRY)
_HEAD = (
    select(ENTRY.c.seq, ENTRY.c.hash)
    .where(ENTRY.c.subject == bindparam("of"))
    .order_by(ENTRY.c.seq.desc())
    .limit(1)
)
_INSERT_NOTE = insert(NOTE)


def entry_hash(entry: Mapping[str, Any]) -> str:
    """The hash of an entry over all of its columns but the request's digest and the hash itself.

    ``at`` enters in UTC with microseconds, whatever zone the database gives it back in; ``payload`` enters as
    the text that is stored.
    """
    at: datetime = entry["at"]
    return sha256_hex(
        canonical_json(
            [
                entry["subject"],
                entry["seq"],
                at.astimezone(UTC).isoformat(timespec="microseconds"),
                entry["actor_id"],
                entry["on_behalf_of_id"],
                entry["via"],
                entry["event"],
                entry["payload"],
                entry["request_key"],
                entry["prev_hash"],
            ]
        )
    )


def make_entry(
    subject: str,
    seq: int,
    prev_hash: str,
    event: str,
    payload: Mapping[str, Any],
    call: Call,
    on_behalf_of_id: int | None = None,
) -> dict[str, Any]:
    """The row of an entry, hash included, not yet written."""
    entry = {
        "subject": subject,
        "seq": seq,
        "at": call.now,
        "actor_id": call.actor_id,
        "on_behalf_of_id": on_behalf_of_id,
        "via": call.via,
        "event": event,
        "payload": canonical_json(payload),
        "request_key": call.key,
        "request_sha256": call.request_sha256,
        "prev_hash": prev_hash,
    }
    entry["hash"] = entry_hash(entry)
    return entry


def append_entry(
    connection: Connection, subject: str, event: str, payload: Mapping[str, Any], call: Call
) -> dict[str, Any]:
    """Write the next entry of a subject that keeps no head of its own (anything but a dossier).

    The caller holds the write transaction. Two writers at once: the primary key lets one through.
    """
    head = connection.execute(_HEAD, {"of": subject}).first()
    seq, prev_hash = (head.seq + 1, head.hash) if head else (1, GENESIS)
    entry = make_entry(subject, seq, prev_hash, event, payload, call)
    connection.execute(_INSERT_ENTRY, entry)
    return entry


def write_entries(connection: Connection, entries: list[dict[str, Any]]) -> None:
    """Write entries that were made with `make_entry`."""
    connection.execute(_INSERT_ENTRY, entries)


def note_hash(text: str, salt: str) -> str:
    """What the chain holds of a free text."""
    return sha256_hex(f"{salt}\n{text}")


def make_note(text: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The row of a note and what the chain says of it: {"note": id, "sha256": salted hash}."""
    note_id, salt = str(uuid.uuid4()), secrets.token_hex(8)
    row = {"id": note_id, "text": text, "salt": salt, "erased_at": None}
    return row, {"note": note_id, "sha256": note_hash(text, salt)}


def write_notes(connection: Connection, notes: list[dict[str, Any]]) -> None:
    """Write notes that were made with `make_note`."""
    if notes:
        connection.execute(_INSERT_NOTE, notes)
