"""An act on something other than a dossier: one transaction, once per request, with its entry in the history."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from casework.call import Call
from casework.history import append_entry
from casework.receipts import once
from kit.database import Database


@dataclass(frozen=True, slots=True)
class Done:
    """What an act left behind: the chain it stands in, what it says there, and whether it was done before."""

    subject: str
    event: str
    payload: dict[str, Any]
    seq: int
    replayed: bool = False
    dry_run: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The result as plain data."""
        return {name: getattr(self, name) for name in self.__slots__}


def do_act(
    database: Database,
    event: str,
    call: Call,
    work: Callable[[Connection], tuple[str, dict[str, Any]]],
    *,
    asked: Mapping[str, Any],
    dry_run: bool = False,
) -> Done:
    """Run ``work`` in a write transaction; it writes its rows and gives the subject and the history's words.

    ``asked`` is all that came with the request: with the same key it is done once, and only this.

    Raises:
        Refused: ``work`` refused; nothing was written.
        StorageTrouble: the database could not be written.
    """
    call = call.asking(event, "", asked)

    def act(connection: Connection) -> Done:
        database.begin_write(connection)
        subject, payload = work(connection)
        if dry_run:
            connection.rollback()
            return Done(subject, event, payload, 0, dry_run=True)
        entry = append_entry(connection, subject, event, payload, call)
        return Done(subject, event, payload, entry["seq"])

    return once(database, call, event, act, _again)


def _again(_connection: Connection, entry: Mapping[str, Any]) -> Done:
    return Done(entry["subject"], entry["event"], json.loads(entry["payload"]), entry["seq"], replayed=True)
