"""Holding the history against the seals: what was cut off or recomputed since, and what no seal protects yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from casework.audit.verdict import BadEntry, SealStanding
from casework.audit.verifier import Sealed
from models.seal import Seal

SEAL = Seal.__table__
#: what a row and its file both say
_SHARED = ("day", "at", "root", "prev_root", "heads", "file")


@dataclass(frozen=True, slots=True)
class KeptSeals:
    """The seals as their folder has them. Read it before the moment of the database that is held against it."""

    folder: Path
    sealed: Sealed


class HeldAgainstSeals:
    """The heads that the newest seal knew, ticked off by a walk over all chains in order."""

    def __init__(self, kept: KeptSeals, subjects: Collection[str] | None) -> None:
        self.kept = kept
        heads = kept.sealed.heads
        self.awaited = dict(heads) if subjects is None else {s: heads[s] for s in subjects if s in heads}
        self.unprotected = 0
        self.since: datetime | None = None

    def step(self, entry: Mapping[str, Any]) -> BadEntry | None:
        """Take in the next entry of the walk; gives what is wrong with it."""
        sealed = self.awaited.get(entry["subject"])
        if sealed is None or entry["seq"] > sealed[0]:
            self.unprotected += 1
            self.since = entry["at"] if self.since is None else min(self.since, entry["at"])
        elif entry["seq"] == sealed[0] and entry["hash"] != sealed[1]:
            return BadEntry(entry["subject"], entry["seq"], "sealed_differs")
        return None

    def end_chain(self, subject: str, last: int) -> BadEntry | None:
        """The walk has seen the whole of a chain; gives what a seal knows beyond its end."""
        sealed = self.awaited.get(subject)
        if sealed is None:
            return None
        # Number 0 marks it as met: what keeps its number until the end is gone as a whole.
        self.awaited[subject] = (0, "")
        return BadEntry(subject, last + 1, "sealed_missing", sealed[0]) if sealed[0] > last else None

    def end(self) -> Iterator[BadEntry]:
        """The chains that a seal knows and the walk never met."""
        for subject, (seq, _) in self.awaited.items():
            if seq:
                yield BadEntry(subject, 1, "sealed_missing", seq)

    def standing(self) -> SealStanding:
        """The newest seal, and what came after it."""
        last = self.kept.sealed.last
        return SealStanding(
            number=last["number"] if last else 0,
            day=last["day"] if last else None,
            heads=last["heads"] if last else 0,
            root=last["root"] if last else None,
            unprotected=self.unprotected,
            since=self.since,
        )


def broken_seals(connection: Connection, kept: KeptSeals) -> Iterator[BadEntry]:
    """The seals of which row and file do not agree, or one is gone."""
    bad = dict(reversed(kept.sealed.bad))
    rows = {row["number"]: row for row in connection.execute(select(SEAL)).mappings()}
    for number in sorted({*rows, *kept.sealed.seals} - set(bad)):
        row, file = rows.get(number), kept.sealed.seals.get(number)
        if row is None:
            bad[number] = "seal_row_missing"
        elif file is None:
            # A seal that was made after the folder was read has its file: it is written before the row.
            if not (kept.folder / row["file"]).is_file():
                bad[number] = "seal_file_missing"
        elif any(_plain(row[name]) != file[name] for name in _SHARED):
            bad[number] = "seal_row_differs"
    for number, what in sorted(bad.items()):
        yield BadEntry(f"seal:{number}", number, what)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if hasattr(value, "isoformat") else value
