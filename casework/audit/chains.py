"""Reading the chains: all entries in order as a stream, or one chain with its dossier's head in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, cast, collate, func, literal, select, true

from casework.history import ENTRY
from casework.record_step import DOSSIER
from models.base import values_of

BATCH = 500
DOSSIER_PREFIX = "dossier:"
# A chain with more entries than this is not read as a whole to say what was done to it.
LONGEST = 20_000


def in_code_order(connection: Connection) -> ColumnElement[str]:
    """The subject, to be ordered by its code points on either database, whatever language the server speaks."""
    return collate(ENTRY.c.subject, "C") if connection.dialect.name == "postgresql" else ENTRY.c.subject


def among(subjects: Collection[str] | None) -> ColumnElement[bool]:
    """The condition that an entry's subject is one of these; None is any."""
    return true() if subjects is None else ENTRY.c.subject.in_(list(subjects))


def entries_in_order(connection: Connection, subjects: Collection[str] | None) -> Select[Any]:
    """Every entry, by subject and number, to be streamed: memory does not grow with the history."""
    query = select(ENTRY).where(among(subjects)).order_by(in_code_order(connection), ENTRY.c.seq)
    return query.execution_options(yield_per=BATCH)


def count_of(connection: Connection, subjects: Collection[str] | None) -> int:
    """How many entries there are."""
    return int(
        connection.execute(select(func.count()).select_from(ENTRY).where(among(subjects))).scalar_one()
    )


def as_exported(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as plain values, as far as its hash covers them; ``at`` as the text over which it was taken."""
    plain = {name: value for name, value in entry.items() if name != "request_sha256"}
    plain["at"] = plain["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return plain


def dossier_subject() -> ColumnElement[str]:
    """The name of a dossier's chain, as an expression on the dossier's row."""
    return literal(DOSSIER_PREFIX, String) + cast(DOSSIER.c.id, String)


def dossier_of(subject: str) -> int | None:
    """The id in the name of a dossier's chain."""
    number = subject.removeprefix(DOSSIER_PREFIX)
    return (
        int(number) if subject.startswith(DOSSIER_PREFIX) and number.isascii() and number.isdigit() else None
    )


def heads_of(connection: Connection, dossiers: Collection[int]) -> dict[int, tuple[int, str]]:
    """What the rows of some dossiers say of their chains: number and hash of the last entry."""
    query = select(DOSSIER.c.id, DOSSIER.c.version, DOSSIER.c.head_hash).where(
        DOSSIER.c.id.in_(list(dossiers))
    )
    return {row.id: (row.version, row.head_hash) for row in connection.execute(query)}


def chain_and_head(
    connection: Connection, subject: str
) -> tuple[list[dict[str, Any]], tuple[int, str] | None]:
    """One chain, and its dossier's head, as they were at one moment."""
    dossier = dossier_of(subject)
    if dossier is not None:
        joined = DOSSIER.outerjoin(ENTRY, ENTRY.c.subject == subject)
        query = (
            select(ENTRY, DOSSIER.c.version, DOSSIER.c.head_hash)
            .select_from(joined)
            .where(DOSSIER.c.id == dossier)
            .order_by(ENTRY.c.seq)
            .limit(LONGEST)
        )
        rows = [values_of(row) for row in connection.execute(query)]
        if rows:
            head = (rows[0]["version"], rows[0]["head_hash"])
            return [_entry(row) for row in rows if row["seq"] is not None], head
    alone = select(ENTRY).where(ENTRY.c.subject == subject).order_by(ENTRY.c.seq).limit(LONGEST)
    return [_entry(values_of(row)) for row in connection.execute(alone)], None


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    return as_exported({column.name: row[column.name] for column in ENTRY.c})


def dossiers_without_chain(connection: Connection, subjects: Collection[str] | None) -> Iterator[int]:
    """Ids of dossiers of which the history knows nothing."""
    known = select(ENTRY.c.seq).where(ENTRY.c.subject == dossier_subject())
    query = select(DOSSIER.c.id).where(~known.exists()).order_by(DOSSIER.c.id)
    if subjects is not None:
        query = query.where(DOSSIER.c.id.in_([dossier_of(subject) for subject in subjects]))
    yield from connection.execute(query).scalars()
