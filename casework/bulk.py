"""One event for many dossiers in one call: a result for each, and a refused one stops none of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Executable, select

from casework.call import Call
from casework.history import ENTRY, write_notes
from casework.inputs import Inputs
from casework.load import dossiers_by_code, load_groups
from casework.prepare_step import Prepared, prepare_step
from casework.reads import Reads
from casework.record_step import record_steps
from casework.take_step import Receipt
from kit.database import Database, storage_troubles
from rules.reasons import Reason, Refused

# Rows locked and written together: large enough that statements count little, small enough not to hold others up.
BATCH = 500
ALL_GROUPS = frozenset({"nominations", "opinions", "papers"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one dossier of a bulk act: a receipt, or every reason against it."""

    dossier: str
    receipt: Receipt | None = None
    reasons: tuple[Reason, ...] = ()


def take_steps(
    database: Database,
    codes: Sequence[str],
    event: str,
    call: Call,
    inputs: Inputs | None = None,
    *,
    dry_run: bool = False,
) -> list[Outcome]:
    """Take the same step of many dossiers, in the order given; each code counts once.

    Every dossier is decided for itself; those that may move are written together per batch. With the same
    request key again, what was done is reported and what was refused is tried anew.

    Raises:
        StorageTrouble: the database could not be written; batches that were reported done stay done.
    """
    given = inputs or Inputs()
    wanted = list(dict.fromkeys(codes))
    outcomes: dict[str, Outcome] = {}
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        with storage_troubles(), database.act() as connection:
            database.begin_write(connection)
            outcomes |= _take_batch(connection, batch, event, call, given, dry_run=dry_run)
            if dry_run:
                connection.rollback()
    return [outcomes[code] for code in wanted]


def _take_batch(
    connection: Connection, codes: Sequence[str], event: str, call: Call, inputs: Inputs, *, dry_run: bool
) -> dict[str, Outcome]:
    rows = dossiers_by_code(connection, codes, lock=True)
    done = _done_before(connection, call, codes)
    groups = load_groups(connection, [row["id"] for row in rows.values()], ALL_GROUPS)
    reads = Reads(connection, call.day)
    outcomes: dict[str, Outcome] = {}
    prepared: list[tuple[str, Prepared]] = []
    for code in codes:
        row = rows.get(code)
        if row is None:
            outcomes[code] = Outcome(code, None, (Reason("unknown_dossier", {"dossier": code}),))
        elif code in done:
            seq, digest = done[code]
            outcomes[code] = Outcome(code, Receipt(code, event, row["state"], seq, digest, replayed=True))
        else:
            try:
                step = prepare_step(reads, row, event, call.part(code), inputs, groups[row["id"]])
            except Refused as refusal:
                outcomes[code] = Outcome(code, None, refusal.reasons)
                continue
            prepared.append((code, step))
    if dry_run:
        entries = [{"seq": item.move.dossier["version"] + 1, "hash": ""} for _, item in prepared]
    else:
        entries = _write(connection, [item for _, item in prepared])
    for (code, item), entry in zip(prepared, entries, strict=True):
        state = item.move.step.target if item.move.step else item.move.dossier["state"]
        outcomes[code] = Outcome(
            code, Receipt(code, event, state, entry["seq"], entry["hash"], dry_run=dry_run)
        )
    return outcomes


def _done_before(connection: Connection, call: Call, codes: Sequence[str]) -> dict[str, tuple[int, str]]:
    keys = {call.part(code).key: code for code in codes}
    found = connection.execute(
        select(ENTRY.c.request_key, ENTRY.c.seq, ENTRY.c.hash).where(ENTRY.c.request_key.in_(list(keys)))
    )
    return {keys[row.request_key]: (row.seq, row.hash) for row in found}


def _write(connection: Connection, prepared: Sequence[Prepared]) -> list[dict[str, object]]:
    write_notes(connection, [note for item in prepared for note in item.notes])
    entries = record_steps(connection, [item.move for item in prepared])
    grouped: dict[int, tuple[Executable, list[object]]] = {}
    for item in prepared:
        for statement, rows in item.writes:
            grouped.setdefault(id(statement), (statement, []))[1].extend(rows)
    for statement, rows in grouped.values():
        connection.execute(statement, rows)  # type: ignore[call-overload]
    return entries
