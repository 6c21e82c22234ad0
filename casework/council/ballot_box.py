"""The ballot box. Everything that keeps a vote from being traced to a person is in this file.

All ballots are made before the first vote, in the order of their random codes, and empty. A vote fills any empty one in
its place, in as many letters as it had: neither the table nor its pages tell who came when. At the count they are
read, written once into the table of counted ballots in the order of their codes, and deleted. What else could tell is
the database's log of what it wrote: SQLite's is cut to nothing after the count (`Database.cut_log`), and on PostgreSQL
the box stands in no log at all (it is an unlogged table) and its file is thrown away (TRUNCATE).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text, update

from casework.council.tables import BALLOT, SLOT
from kit.canonical import canonical_json, sha256_hex

EMPTY = "."
LETTERS = {"yes": "y", "no": "n", "abstain": "a"}
CHOICES = {letter: choice for choice, letter in LETTERS.items()}
# Without what is read for something else: 0 O, 1 I L, 5 S, 2 Z, 8 B, U V.
_ALPHABET = "ACDEFGHJKMNPQRTWXY3467"
_LENGTH = 10


def new_code() -> str:
    """A code that nobody guesses and everybody can read aloud: 22 letters to the power of 10."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def make_box(connection: Connection, session: int, papers: Mapping[int, tuple[int, int]]) -> None:
    """Put empty ballots into the box: paper → (how many, of how many nominations)."""
    rows = [
        {"code": new_code(), "session_id": session, "paper": paper, "choices": EMPTY * length}
        for paper, (count, length) in papers.items()
        for _ in range(count)
    ]
    if rows:
        connection.execute(insert(SLOT), sorted(rows, key=lambda row: str(row["code"])))


def fill_one(connection: Connection, session: int, paper: int, letters: str) -> str | None:
    """Fill any of a paper's empty ballots; gives its code, or None where none is left."""
    empty = (
        connection.execute(
            select(SLOT.c.code).where(
                SLOT.c.session_id == session, SLOT.c.paper == paper, SLOT.c.choices == EMPTY * len(letters)
            )
        )
        .scalars()
        .all()
    )
    if not empty:
        return None
    code = secrets.choice(empty)
    connection.execute(update(SLOT).where(SLOT.c.code == code).values(choices=letters))
    return str(code)


def filled(connection: Connection, session: int) -> list[tuple[int, str, str]]:
    """(paper, code, letters) of every ballot that was cast, in the order of the codes."""
    rows = connection.execute(
        select(SLOT.c.paper, SLOT.c.code, SLOT.c.choices)
        .where(SLOT.c.session_id == session)
        .order_by(SLOT.c.code)
    )
    return sorted(
        ((row.paper, row.code, row.choices) for row in rows if EMPTY not in row.choices),
        key=lambda ballot: ballot[1],
    )


def hold_box(connection: Connection) -> None:
    """Keep others from all boxes until the transaction ends (PostgreSQL; SQLite has one writer anyway).

    Asked for before the box is read: two counts that had read already would each wait for the other.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE ballot_slot IN ACCESS EXCLUSIVE MODE"))


def empty_box(connection: Connection, session: int, keep: Sequence[tuple[int, str, str]] = ()) -> None:
    """Throw away the box of a session so that nothing of it is left, and keep the ballots that were counted."""
    if keep:
        rows: list[dict[str, Any]] = [
            {"code": code, "session_id": session, "paper": paper, "choices": choices}
            for paper, code, choices in keep
        ]
        connection.execute(insert(BALLOT), rows)
    if connection.dialect.name == "sqlite":
        # Deleted content is overwritten with zeros, in the table and in its indexes.
        connection.execute(text("PRAGMA secure_delete = ON"))
        connection.execute(delete(SLOT).where(SLOT.c.session_id == session))
        return
    # A deleted row stays in its file until some later day. TRUNCATE begins a new file; other boxes that are open move
    # into it, in the order of their codes.
    others = connection.execute(select(SLOT).where(SLOT.c.session_id != session)).mappings()
    kept = sorted((dict(row) for row in others), key=lambda row: str(row["code"]))
    connection.execute(text("TRUNCATE TABLE ballot_slot"))
    if kept:
        connection.execute(insert(SLOT), kept)


def list_hash(ballots: Sequence[tuple[int, str, str]]) -> str:
    """SHA-256 of the list of ballots, as anybody can work it out: canonical JSON of [paper, code, letters], by code."""
    ordered = sorted(ballots, key=lambda ballot: ballot[1])
    return sha256_hex(canonical_json([list(ballot) for ballot in ordered]))
