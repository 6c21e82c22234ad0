"""Taking one step of one dossier: one durable transaction, once per request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from casework.call import Call
from casework.history import ENTRY, write_notes
from casework.inputs import Inputs
from casework.load import dossier_by_code
from casework.prepare_step import Prepared, prepare_step
from casework.reads import Reads
from casework.record_step import record_step, subject_of
from casework.regulations import chart_of
from kit.database import Database, storage_troubles
from rules.reasons import Reason, Refused
from states.vocabulary import CALENDAR


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an act left behind. ``replayed`` is true when the same request had already done it."""

    dossier: str
    event: str
    state: str
    version: int
    hash: str
    replayed: bool = False
    dry_run: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The receipt as plain data."""
        return {name: getattr(self, name) for name in self.__slots__}


def take_step(
    database: Database,
    code: str,
    event: str,
    call: Call,
    inputs: Inputs | None = None,
    *,
    dry_run: bool = False,
) -> Receipt:
    """Take a step, or say with ``dry_run`` what it would lead to.

    Raises:
        Refused: with every reason; nothing was written.
        StorageTrouble: the database could not be written; nothing was.
    """
    given = inputs or Inputs()
    try:
        with storage_troubles(), database.act() as connection:
            dossier = dossier_by_code(connection, code)
            # A decision's row is written while effects are worked out, so acts that bring one lock first. So do the
            # calendar's own: what they rest on is not in the dossier's row, whose version would not tell of a change.
            early = given.decision is not None or _is_the_calendars(connection, dossier, event)
            if early:
                database.begin_write(connection)
                # Dossiers first, decisions after: the order in which a bulk act takes its locks too.
                dossier = dossier_by_code(connection, code, lock=True)
            prepared = prepare_step(Reads(connection, call.day), dossier, event, call, given)
            if dry_run:
                connection.rollback()
                return _receipt(dossier, prepared, dry_run=True)
            if not early:
                database.begin_write(connection)
            return write_prepared(connection, prepared)
    except Refused:
        earlier = replay(database, call, event, code)
        if earlier is None:
            raise
        return earlier
    except (IntegrityError, DataError) as error:
        earlier = replay(database, call, event, code)
        if earlier is None:
            raise Refused([told_by_database(error)]) from error
        return earlier


def _is_the_calendars(connection: Connection, dossier: Mapping[str, Any], event: str) -> bool:
    procedure = chart_of(connection, dossier["procedure_sha256"]).procedure
    step = procedure.step_of(dossier["state"], event, dossier["level"])
    return step is not None and step.desk == CALENDAR


def write_prepared(connection: Connection, prepared: Prepared) -> Receipt:
    """Write a prepared step in the caller's write transaction."""
    write_notes(connection, prepared.notes)
    entry = record_step(connection, prepared.move)
    for statement, rows in prepared.writes:
        connection.execute(statement, list(rows))
    return _receipt(prepared.move.dossier, prepared, entry)


def _receipt(
    dossier: Mapping[str, Any],
    prepared: Prepared,
    entry: Mapping[str, Any] | None = None,
    *,
    dry_run: bool = False,
) -> Receipt:
    step = prepared.move.step
    return Receipt(
        dossier=dossier["code"],
        event=prepared.move.event,
        state=step.target if step else dossier["state"],
        version=dossier["version"] + 1,
        hash=str(entry["hash"]) if entry else "",
        dry_run=dry_run,
    )


def replay(database: Database, call: Call, event: str, code: str) -> Receipt | None:
    """The receipt of an earlier request with the same key; None when there was none.

    Raises:
        Refused: the key was used by somebody else, or for another act.
    """
    with database.read() as connection:
        entry = connection.execute(select(ENTRY).where(ENTRY.c.request_key == call.key)).mappings().first()
        if entry is None:
            return None
        dossier = dossier_by_code(connection, code)
    return receipt_again(dossier, entry, event, call)


def receipt_again(dossier: Mapping[str, Any], entry: Mapping[str, Any], event: str, call: Call) -> Receipt:
    """The receipt of what an entry under the same request key has done.

    Raises:
        Refused: the key was used by somebody else, for another dossier or for another act.
    """
    if (entry["subject"], entry["event"], entry["actor_id"]) != (
        subject_of(dossier["id"]),
        event,
        call.actor_id,
    ):
        raise Refused([Reason("request_key_reused", {"event": entry["event"]})])
    state = json.loads(entry["payload"]).get("to", dossier["state"])
    return Receipt(dossier["code"], event, state, entry["seq"], entry["hash"], replayed=True)


def told_by_database(error: DBAPIError) -> Reason:
    """The reason for what only the database saw: somebody wrote the same thing in the same moment, or a value
    that it cannot hold. Any other error of the database is a fault of the program and is raised again."""
    detail = str(error.orig).splitlines()[0]
    if isinstance(error, DataError):
        return Reason("value_unusable", {"detail": detail})
    # SQLite's own words, also in the trigger that guards the history; PostgreSQL's code.
    if detail.startswith("UNIQUE constraint failed") or getattr(error.orig, "sqlstate", None) == "23505":
        return Reason("someone_was_faster_elsewhere", {"detail": detail})
    raise error
