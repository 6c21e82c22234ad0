"""What an act left behind, and the same request again: written once for every act.

A request key stands in the entry that it caused, with a digest of the whole request beside it. The same key with the
same request tells what was done then; with another it is refused, since whoever asks meant something else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from casework.call import Call
from casework.history import ENTRY
from kit.database import Database
from rules.reasons import Reason, Refused

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an act on a dossier left behind. ``replayed`` is true when the same request had already done it."""

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


def once(
    database: Database,
    call: Call,
    event: str,
    act: Callable[[Connection], T],
    again: Callable[[Connection, Mapping[str, Any]], T],
) -> T:
    """Run ``act`` in one transaction; where the same request did it before, give what ``again`` makes of its entry.

    The earlier request is looked for only once the act failed: an act that was done is refused the second time, by a
    rule or at the latest by its key. ``call`` carries the digest of the request (`Call.asking`).

    Raises:
        Refused: with every reason; also when the key was used for another request.
        StorageTrouble: the database could not be written; nothing was.
    """
    try:
        with database.act() as connection:
            return act(connection)
    except Refused:
        done = _done_before(database, call, event, again)
        if done is None:
            raise
        return done
    except (IntegrityError, DataError, OverflowError) as error:
        done = _done_before(database, call, event, again)
        if done is None:
            raise Refused([told_by_database(error)]) from error
        return done


def _done_before(
    database: Database, call: Call, event: str, again: Callable[[Connection, Mapping[str, Any]], T]
) -> T | None:
    with database.read() as connection:
        entry = connection.execute(select(ENTRY).where(ENTRY.c.request_key == call.key)).mappings().first()
        if entry is None:
            return None
        same_request(entry, event, call)
        return again(connection, entry)


def same_request(entry: Mapping[str, Any], event: str, call: Call) -> None:
    """Nothing, where an entry under the call's key is of the same request.

    Raises:
        Refused: the key was used by somebody else, or for another request.
    """
    asked = (entry["event"], entry["actor_id"], entry["request_sha256"])
    if asked != (event, call.actor_id, call.request_sha256):
        raise Refused([Reason("request_key_reused", {"event": entry["event"]})])


def receipt_of(dossier: Mapping[str, Any], entry: Mapping[str, Any]) -> Receipt:
    """The receipt of what an entry of a dossier's chain has done, for a request that comes again."""
    state = json.loads(entry["payload"]).get("to", dossier["state"])
    return Receipt(dossier["code"], entry["event"], state, entry["seq"], entry["hash"], replayed=True)


def told_by_database(error: DBAPIError | OverflowError) -> Reason:
    """The reason for what only the database saw: somebody wrote the same thing in the same moment, or a value
    that it cannot hold. Any other error of the database is a fault of the program and is raised again."""
    if isinstance(error, OverflowError):
        # SQLite's driver says so of a whole number beyond 64 bits, before the database sees it.
        return Reason("value_unusable", {"detail": str(error)})
    detail = str(error.orig).splitlines()[0]
    if isinstance(error, DataError):
        return Reason("value_unusable", {"detail": detail})
    # SQLite's own words, also in the trigger that guards the history; PostgreSQL's code.
    if detail.startswith("UNIQUE constraint failed") or getattr(error.orig, "sqlstate", None) == "23505":
        return Reason("someone_was_faster_elsewhere", {"detail": detail})
    raise error
