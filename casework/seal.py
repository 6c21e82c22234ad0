"""Sealing the history: once a day one Merkle root over the last entries of all chains, kept in two places.

The file is written before the row is committed: a row without its file would be a promise that nobody outside of the
database holds. So a crash in between leaves a file without its row, which the next sealing puts into the database
(what the file tells of was committed before it was written). Nothing is sealed that an earlier seal contradicts:
a chain that was cut off must not become the truth by the next night.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select, tuple_

from casework.audit.chains import BATCH, in_code_order
from casework.audit.seals import SEAL, KeptSeals
from casework.audit.snapshot import snapshot
from casework.audit.verifier import SEAL_FORMAT, Sealed, leaf_of, read_seals
from casework.history import ENTRY, GENESIS
from kit.canonical import canonical_json
from kit.database import Database
from kit.merkle import merkle_root
from kit.whole_file import write_whole_file
from rules.reasons import Reason, Refused
from rules.windows import local_day

#: of more entries that are gone than these only the number is told
_LISTED = 20
#: others may seal meanwhile; then it is tried anew on top of theirs
_TRIES = 5

Head = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class SealDone:
    """The newest seal. ``new`` is False when nothing had changed since it was made on the same day.

    ``changed`` counts the chains that grew since the seal before, ``mended`` the rows that were put in from files.
    """

    number: int
    day: date
    root: str
    heads: int
    changed: int
    file: str
    new: bool
    mended: int

    def as_dict(self) -> dict[str, Any]:
        """The result as plain data."""
        return {name: getattr(self, name) for name in self.__slots__} | {"day": self.day.isoformat()}


def kept_seals(folder: Path) -> KeptSeals:
    """The seals of a folder."""
    return KeptSeals(folder, read_seals(folder))


def seal_history(database: Database, folder: Path, now: datetime) -> SealDone:
    """Seal the history as it stands; the second time on a day only if it went on.

    Raises:
        Refused: an earlier seal knows entries that the history has not, or has otherwise; all are named.
        StorageTrouble, OSError: the database or the folder cannot be read or written.
    """
    for _ in range(_TRIES):
        done = _try(database, folder, now)
        if done is not None:
            return done
    raise Refused([Reason("sealed_by_others", {"tries": _TRIES})])


def _try(database: Database, folder: Path, now: datetime) -> SealDone | None:
    kept = read_seals(folder)
    with snapshot(database) as connection:
        rows = {row["number"]: dict(row) for row in connection.execute(select(SEAL)).mappings()}
        # Of a folder that is not whole a delta would hang in the air.
        sound = not kept.bad and rows.keys() <= kept.seals.keys()
        heads, changed = _heads_since(connection, kept)
    lacking = [_row_of(kept.seals[number]) for number in sorted(kept.seals.keys() - rows.keys())]
    last = kept.last
    if (
        last is not None
        and sound
        and not lacking
        and not changed
        and last["day"] == local_day(now).isoformat()
    ):
        return _done(_row_of(last), 0, new=False, mended=0)
    number = max([0, *rows, *kept.seals]) + 1
    before = last or rows.get(number - 1) or {"root": GENESIS}
    row = {
        "number": number,
        "day": local_day(now),
        "at": now,
        "root": merkle_root(leaf_of(*head) for head in heads),
        "prev_root": before["root"],
        "heads": len(heads),
        "file": f"{number:06d}-{local_day(now).isoformat()}.json",
    }
    whole = last is None or not sound
    content = canonical_json(
        {
            "format": SEAL_FORMAT,
            **{name: row[name] for name in ("number", "day", "root", "prev_root", "heads")},
            "at": now.astimezone(UTC).isoformat(timespec="microseconds"),
            "prev_file": kept.last_file,
            "whole": whole,
            "changed": heads if whole else changed,
        }
    )
    with database.write() as connection:
        if not database.is_sqlite:
            # Two who seal at once would write one file each under the same number.
            connection.exec_driver_sql("LOCK TABLE seal IN SHARE ROW EXCLUSIVE MODE")
        newest = connection.execute(select(func.max(SEAL.c.number))).scalar()
        if newest != max(rows, default=None) or (folder / row["file"]).exists():
            connection.rollback()
            return None
        write_whole_file(folder / row["file"], (content + "\n").encode())
        connection.execute(insert(SEAL), [*lacking, row])
    return _done(row, len(heads if whole else changed), new=True, mended=len(lacking))


def _done(row: dict[str, Any], changed: int, *, new: bool, mended: int) -> SealDone:
    return SealDone(
        row["number"], row["day"], row["root"], row["heads"], changed, row["file"], new=new, mended=mended
    )


def _row_of(seal: dict[str, Any]) -> dict[str, Any]:
    """The row of a seal as its file tells it."""
    shared = {name: seal[name] for name in ("number", "root", "prev_root", "heads", "file")}
    return shared | {"day": date.fromisoformat(seal["day"]), "at": datetime.fromisoformat(seal["at"])}


def _heads_since(connection: Connection, kept: Sealed) -> tuple[list[Head], list[Head]]:
    """The last entries of all chains, and those of them that the newest seal does not know.

    Raises:
        Refused: the newest seal knows what the history has not.
    """
    heads = list(_heads(connection))
    changed = [head for head in heads if kept.heads.get(head[0]) != head[1:]]
    known = [(subject, *kept.heads[subject]) for subject, _, _ in changed if subject in kept.heads]
    there = {subject for subject, _, _ in heads}
    gone = [(subject, *head) for subject, head in kept.heads.items() if subject not in there]
    gone += set(known) - set(_found(connection, known))
    if gone:
        reasons = [
            Reason("sealed_entry_gone", {"subject": subject, "seq": seq})
            for subject, seq, _ in sorted(gone)[:_LISTED]
        ]
        if len(gone) > _LISTED:
            reasons.append(Reason("sealed_entries_gone_more", {"count": len(gone) - _LISTED}))
        raise Refused(reasons)
    return heads, changed


def _heads(connection: Connection) -> Iterator[Head]:
    last = select(ENTRY.c.subject, func.max(ENTRY.c.seq).label("seq")).group_by(ENTRY.c.subject).subquery()
    query = (
        select(ENTRY.c.subject, ENTRY.c.seq, ENTRY.c.hash)
        .join(last, and_(last.c.subject == ENTRY.c.subject, last.c.seq == ENTRY.c.seq))
        .order_by(in_code_order(connection))
    )
    for row in connection.execute(query.execution_options(yield_per=BATCH)):
        yield row.subject, row.seq, row.hash


def _found(connection: Connection, heads: list[Head]) -> Iterator[Head]:
    """Those of some entries that are in the history."""
    for start in range(0, len(heads), BATCH):
        batch = heads[start : start + BATCH]
        query = select(ENTRY.c.subject, ENTRY.c.seq, ENTRY.c.hash).where(
            tuple_(ENTRY.c.subject, ENTRY.c.seq).in_([head[:2] for head in batch])
        )
        for row in connection.execute(query):
            yield row.subject, row.seq, row.hash
