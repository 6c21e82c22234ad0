"""Holding what stands outside of the chain, notes and regulations, against the hashes that the chain keeps of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from casework.audit.chains import dossier_of
from casework.audit.verdict import BadEntry
from casework.history import NOTE, note_hash
from casework.load import OPINION
from casework.regulations import REGULATION
from kit.canonical import sha256_hex


class Promise(NamedTuple):
    """That a text of this hash is kept, given in one entry. An opinion's note is found by what was judged."""

    subject: str
    seq: int
    sha256: str
    note: str | None = None
    judged: tuple[Any, ...] | None = None


def promises_of(entry: Mapping[str, Any]) -> list[Promise]:
    """What one entry says of notes.

    Raises:
        ValueError: its payload is no JSON object.
    """
    text = entry["payload"]
    # Most entries speak of none: do not read their payload.
    if '"note":' not in text and '"opinions":' not in text:
        return []
    payload = _object(text)
    subject, seq = entry["subject"], entry["seq"]
    found = [
        Promise(subject, seq, told["sha256"], told["note"])
        for told in payload.values()
        if isinstance(told, dict) and {"note", "sha256"} <= set(told)
    ]
    for nomination, verdict, _lower, sha256, *_votes in payload.get("opinions", ()):
        if sha256 is not None:
            key = (nomination, payload.get("desk"), verdict, entry["at"])
            found.append(Promise(subject, seq, sha256, judged=key))
    return found


def _object(text: str) -> dict[str, Any]:
    payload = json.loads(text)
    if not isinstance(payload, dict):
        raise ValueError("a payload that is no object")
    return payload


def broken_promises(connection: Connection, promises: list[Promise]) -> Iterator[BadEntry]:
    """The entries whose note is gone, or is not what it was."""
    by_id = {p.note: p for p in promises if p.note is not None}
    notes = {row.id: row for row in connection.execute(select(NOTE).where(NOTE.c.id.in_(list(by_id))))}
    judged = [p for p in promises if p.judged is not None]
    opinions = _notes_of_opinions(connection, {dossier_of(p.subject) for p in judged}) if judged else {}
    for promise in promises:
        if promise.judged is None:
            kept = [notes[promise.note]] if promise.note in notes else []
        else:
            kept = opinions.get(promise.judged, [])
        what = _broken(promise, kept)
        if what is not None:
            yield BadEntry(promise.subject, promise.seq, what)


def _notes_of_opinions(connection: Connection, dossiers: set[int | None]) -> dict[tuple[Any, ...], list[Any]]:
    found: dict[tuple[Any, ...], list[Any]] = {}
    query = (
        select(OPINION.c.nomination_id, OPINION.c.desk, OPINION.c.verdict, OPINION.c.given_at, NOTE)
        .join(NOTE, NOTE.c.id == OPINION.c.note_id)
        .where(OPINION.c.dossier_id.in_([d for d in dossiers if d is not None]))
    )
    for row in connection.execute(query):
        found.setdefault((row.nomination_id, row.desk, row.verdict, row.given_at), []).append(row)
    return found


def _broken(promise: Promise, kept: list[Any]) -> str | None:
    if not kept:
        return "note_missing"
    if any(row.erased_at is None and note_hash(row.text, row.salt) == promise.sha256 for row in kept):
        return None
    erased = [row for row in kept if row.erased_at is not None]
    if any(not row.text for row in erased):
        return None
    return "erased_note_has_text" if erased else "note_edited"


class PublishedTexts:
    """The published regulations and what the history says of them."""

    def __init__(self, connection: Connection) -> None:
        # Few and small: a home publishes some dozens in its life.
        self.rows = {row.sha256: row for row in connection.execute(select(REGULATION))}
        self.told: set[str] = set()

    def fault_of(self, entry: Mapping[str, Any]) -> BadEntry | None:
        """What is wrong with the regulation that an entry says was published.

        Raises:
            ValueError: its payload is no JSON object.
        """
        told = _object(entry["payload"])
        sha256 = str(told.get("sha256"))
        self.told.add(sha256)
        row = self.rows.get(sha256)
        what = None
        if row is None:
            what = "regulation_missing"
        elif sha256_hex(row.text) != sha256:
            what = "regulation_edited"
        elif (f"regulation:{row.kind}:{row.name}", row.version, row.published_at) != (
            entry["subject"],
            told.get("version"),
            entry["at"],
        ):
            what = "regulation_relabelled"
        return BadEntry(entry["subject"], entry["seq"], what) if what else None

    def unpublished(self) -> Iterator[BadEntry]:
        """Regulations that the history never heard of; only after a whole walk."""
        for sha256, row in self.rows.items():
            if sha256 not in self.told:
                yield BadEntry(f"regulation:{row.kind}:{row.name}", row.version, "regulation_never_published")
