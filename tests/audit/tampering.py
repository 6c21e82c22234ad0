"""The ways of tampering with one entry of a chain, each with what the walk must say of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, text, update

from casework.history import ENTRY, GENESIS, entry_hash

FAR = 900


class Place(NamedTuple):
    """One entry of one chain."""

    subject: str
    seq: int
    last: int

    @property
    def where(self) -> Any:
        return (ENTRY.c.subject == self.subject) & (ENTRY.c.seq == self.seq)


class Expected(NamedTuple):
    """What must be named: by default the entry itself."""

    what: str
    seq: int


Tamper = Callable[[Connection, Place], Expected]


def row_at(connection: Connection, subject: str, seq: int) -> dict[str, Any]:
    row = connection.execute(select(ENTRY).where(ENTRY.c.subject == subject, ENTRY.c.seq == seq)).one()
    return dict(row._mapping)


def shift(connection: Connection, place: Place, after: int, by: int) -> None:
    """Renumber what comes after an entry; over far numbers, so that no two ever share one."""
    later = (ENTRY.c.subject == place.subject) & (ENTRY.c.seq > after)
    connection.execute(update(ENTRY).where(later).values(seq=ENTRY.c.seq + FAR))
    connection.execute(update(ENTRY).where(later).values(seq=ENTRY.c.seq - FAR + by))


CHANGED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "at": lambda row: row["at"] + timedelta(microseconds=1),
    "actor_id": lambda row: (row["actor_id"] or 0) + 1,
    "on_behalf_of_id": lambda row: 1,
    "via": lambda row: row["via"] + ".",
    "event": lambda row: row["event"] + "x",
    "payload": lambda row: row["payload"].replace("{", '{"x":1,', 1),
    "request_key": lambda row: f"{row['request_key']}-x",
    "prev_hash": lambda row: "f" * 64,
    "hash": lambda row: "e" * 64,
}


def edit(column: str) -> Tamper:
    def tamper(connection: Connection, place: Place) -> Expected:
        row = row_at(connection, place.subject, place.seq)
        connection.execute(update(ENTRY).where(place.where).values({column: CHANGED[column](row)}))
        return Expected("edited", place.seq)

    return tamper


def renumber(connection: Connection, place: Place) -> Expected:
    connection.execute(update(ENTRY).where(place.where).values(seq=FAR))
    return Expected("reordered", place.seq)


def give_to_another(connection: Connection, place: Place) -> Expected:
    connection.execute(update(ENTRY).where(place.where).values(subject=f"x-{place.subject}"))
    return Expected("missing", place.seq)


def edit_and_rehash(connection: Connection, place: Place) -> Expected:
    row = row_at(connection, place.subject, place.seq)
    row["payload"] = row["payload"].replace("{", '{"x":1,', 1)
    row["hash"] = entry_hash(row)
    connection.execute(update(ENTRY).where(place.where).values(row))
    # Of the last entry, the dossier's row alone tells that it is another.
    return Expected("head_differs" if place.seq == place.last else "replaced", place.seq)


def remove(connection: Connection, place: Place) -> Expected:
    connection.execute(delete(ENTRY).where(place.where))
    return Expected("missing", place.seq)


def remove_and_close_up(connection: Connection, place: Place) -> Expected:
    connection.execute(delete(ENTRY).where(place.where))
    shift(connection, place, place.seq, -1)
    return Expected("missing", place.seq)


def swap_with_next(connection: Connection, place: Place) -> Expected:
    """With the one before it, where there is no next."""
    low, high = (place.seq, place.seq + 1) if place.seq < place.last else (place.seq - 1, place.seq)
    for old, new in ((low, FAR), (high, low), (FAR, high)):
        connection.execute(
            update(ENTRY).where(ENTRY.c.subject == place.subject, ENTRY.c.seq == old).values(seq=new)
        )
    return Expected("reordered", low)


def _put_in(connection: Connection, place: Place, row: dict[str, Any]) -> None:
    shift(connection, place, row["seq"] - 1, 1)
    connection.execute(insert(ENTRY), row)


def insert_clumsily(connection: Connection, place: Place) -> Expected:
    row = row_at(connection, place.subject, place.seq)
    row |= {"event": "forged", "request_key": None, "prev_hash": "a" * 64, "hash": "b" * 64}
    _put_in(connection, place, row)
    return Expected("inserted", place.seq)


def insert_with_fitting_hashes(connection: Connection, place: Place) -> Expected:
    row = row_at(connection, place.subject, place.seq)
    row |= {"event": "forged", "request_key": None}
    row["hash"] = entry_hash(row)
    _put_in(connection, place, row)
    return Expected("inserted", place.seq)


def append_with_fitting_hashes(connection: Connection, place: Place) -> Expected:
    row = row_at(connection, place.subject, place.last)
    row |= {"seq": place.last + 1, "event": "forged", "request_key": None, "prev_hash": row["hash"]}
    row["hash"] = entry_hash(row)
    connection.execute(insert(ENTRY), row)
    return Expected("inserted", place.last + 1)


def duplicate(connection: Connection, place: Place) -> Expected:
    # SQLite cannot be talked out of one entry per request, PostgreSQL can: there it is the same row for good.
    if connection.dialect.name == "sqlite":
        row = row_at(connection, place.subject, place.seq) | {"seq": place.seq + 1, "request_key": None}
    else:
        connection.execute(text("ALTER TABLE history_entry DROP CONSTRAINT uq_history_entry_request_key"))
        row = row_at(connection, place.subject, place.seq) | {"seq": place.seq + 1}
    _put_in(connection, place, row)
    return Expected("inserted", place.seq + 1)


def cut_off_from_here(connection: Connection, place: Place) -> Expected:
    connection.execute(delete(ENTRY).where(ENTRY.c.subject == place.subject, ENTRY.c.seq >= place.seq))
    return Expected("chain_missing" if place.seq == 1 else "missing", place.seq)


def start_anew(connection: Connection, place: Place) -> Expected:
    """An entry that fits by itself but follows nothing."""
    row = row_at(connection, place.subject, place.seq)
    row |= {"prev_hash": GENESIS if place.seq > 1 else "a" * 64}
    row["hash"] = entry_hash(row)
    connection.execute(update(ENTRY).where(place.where).values(row))
    return Expected("edited", place.seq)


KINDS: dict[str, Tamper] = {
    **{f"edit {column}": edit(column) for column in CHANGED},
    **{
        tamper.__name__.replace("_", " "): tamper
        for tamper in (
            renumber,
            give_to_another,
            edit_and_rehash,
            remove,
            remove_and_close_up,
            swap_with_next,
            insert_clumsily,
            insert_with_fitting_hashes,
            append_with_fitting_hashes,
            duplicate,
            cut_off_from_here,
            start_anew,
        )
    },
}
