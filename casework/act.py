"""An act on something other than a dossier: one transaction, once per request, with its entry in the history."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DataError, IntegrityError

from casework.call import Call
from casework.history import ENTRY, append_entry
from casework.take_step import told_by_database
from kit.database import Database, storage_troubles
from rules.reasons import Reason, Refused


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
    dry_run: bool = False,
) -> Done:
    """Run ``work`` in a write transaction; it writes its rows and gives the subject and the history's words.

    Raises:
        Refused: ``work`` refused; nothing was written.
        StorageTrouble: the database could not be written.
    """
    try:
        with storage_troubles(), database.act() as connection:
            database.begin_write(connection)
            done = _earlier(connection, event, call)
            if done is not None:
                return done
            subject, payload = work(connection)
            if dry_run:
                connection.rollback()
                return Done(subject, event, payload, 0, dry_run=True)
            entry = append_entry(connection, subject, event, payload, call)
            return Done(subject, event, payload, entry["seq"])
    except (IntegrityError, DataError) as error:
        with database.read() as connection:
            done = _earlier(connection, event, call)
        if done is None:
            raise Refused([told_by_database(error)]) from error
        return done


def _earlier(connection: Connection, event: str, call: Call) -> Done | None:
    entry = connection.execute(select(ENTRY).where(ENTRY.c.request_key == call.key)).mappings().first()
    if entry is None:
        return None
    if (entry["event"], entry["actor_id"]) != (event, call.actor_id):
        raise Refused([Reason("request_key_reused", {"event": entry["event"]})])
    return Done(entry["subject"], event, json.loads(entry["payload"]), entry["seq"], replayed=True)
