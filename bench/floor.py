"""The floor: the same rows written by hand-made SQL on the bare driver, with the same durability.

One SELECT (the dossier and the actor's duty in one join), then in one transaction the guarded UPDATE, the
history row and the letter row. What the program does besides (checks, hashing, the next desk's holders)
is its own cost, so the floor leaves it out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from bench.stage import APPROVALS, Stage

NEXT = dict(zip(APPROVALS, (*APPROVALS[1:], "school"), strict=True))
STATE = {
    "first": "at_first",
    "second": "at_second",
    "third": "at_third",
    "fourth": "at_fourth",
    "fifth": "at_fifth",
}
_AFTER = {**STATE, "school": "approved"}
_COLUMNS = (
    "id, code, unit_id, level, procedure_sha256, state, state_kind, desk, desk_unit_id, route, acted, exceptions, "
    "version, head_hash"
)
_SELECT = (
    f"SELECT {', '.join('d.' + c for c in _COLUMNS.split(', '))}, u.duty FROM dossier d "
    "JOIN duty u ON u.unit_id = d.desk_unit_id AND u.person_id = ? WHERE d.code = ?"
)
_UPDATE = (
    "UPDATE dossier SET state = ?, state_kind = 'at_desk', desk = ?, desk_unit_id = ?, acted = ?, changed_at = ?, "
    "head_hash = ?, version = version + 1 WHERE id = ? AND version = ?"
)
_HISTORY = (
    "INSERT INTO history_entry (subject, seq, at, actor_id, on_behalf_of_id, via, event, payload, "
    "request_key, prev_hash, hash) VALUES (?, ?, ?, ?, NULL, 'floor', 'endorse', ?, ?, ?, ?)"
)
_OUTBOX = (
    "INSERT INTO outbox_item (key, kind, person_id, subject, facts, standing, queued_at, ready_at) "
    "VALUES (?, 'ready', ?, ?, ?, 'queued', ?, ?)"
)
_HASH = "f" * 64


class Floor:
    """Approvals by raw SQL on one kept connection."""

    def __init__(self, stage: Stage, synchronous: str) -> None:
        self.stage = stage
        url = make_url(stage.url)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.connection: Any = sqlite3.connect(str(url.database), isolation_level=None)
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute(f"PRAGMA synchronous = {synchronous}")
            self.connection.execute("PRAGMA foreign_keys = ON")
            self.begin = "BEGIN IMMEDIATE"
            self.sql = dict(_TEXTS)
        else:
            plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
            self.connection = psycopg.connect(plain, autocommit=True)
            self.begin = "BEGIN"
            self.sql = {name: text.replace("?", "%s") for name, text in _TEXTS.items()}

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()

    def single(self, codes: Sequence[str], desk: str) -> None:
        """One durable transaction for each dossier."""
        cursor = self.connection.cursor()
        person = self.stage.people[desk]
        for code in codes:
            row = cursor.execute(self.sql["select"], (person, code)).fetchone()
            cursor.execute(self.begin)
            self._write(cursor, row, desk)
            cursor.execute("COMMIT")

    def bulk(self, codes: Sequence[str], desk: str) -> None:
        """One transaction, one savepoint for each dossier."""
        cursor = self.connection.cursor()
        person = self.stage.people[desk]
        cursor.execute(self.begin)
        for code in codes:
            cursor.execute("SAVEPOINT one")
            row = cursor.execute(self.sql["select"], (person, code)).fetchone()
            self._write(cursor, row, desk)
            cursor.execute("RELEASE SAVEPOINT one")
        cursor.execute("COMMIT")

    def _write(self, cursor: Any, row: Sequence[Any], desk: str) -> None:
        stage = self.stage
        dossier_id, version, following = row[0], row[12], NEXT[desk]
        at: Any = datetime.now(UTC)  # noqa: TID251  (a floor has no home and no clock of its own)
        if self.is_sqlite:
            at = at.replace(tzinfo=None).isoformat(" ")
        subject, acted = f"dossier:{dossier_id}", json.dumps({desk: [stage.people[desk]]})
        cursor.execute(
            self.sql["update"],
            (_AFTER[following], following, stage.route[following], acted, at, _HASH, dossier_id, version),
        )
        key = f"floor/{dossier_id}/{version}"
        payload = '{"desk":"first","from":"at_first","kind":"at_desk","to":"at_second"}'
        cursor.execute(
            self.sql["history"],
            (subject, version + 1, at, stage.people[desk], payload, key, _HASH, _HASH),
        )
        facts = f'{{"dossier":"{row[1]}","state":"{_AFTER[following]}"}}'
        cursor.execute(self.sql["outbox"], (key, stage.people[following], subject, facts, at, at))


_TEXTS = {"select": _SELECT, "update": _UPDATE, "history": _HISTORY, "outbox": _OUTBOX}
