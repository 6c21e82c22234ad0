"""One event for many dossiers in one call: a result for each, and a refused one stops none of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Executable, select
from sqlalchemy.exc import DataError, IntegrityError

from casework.call import Call
from casework.career.touched import Touched
from casework.history import ENTRY, write_notes
from casework.inputs import Inputs
from casework.law.taking import fetch_verdicts, hold_for
from casework.load import ALL_GROUPS, DOSSIER, NOMINATION, dossiers_by_code, load_groups
from casework.prepare_step import Prepared, prepare_step
from casework.reads import Reads
from casework.receipts import Receipt, receipt_of, same_request
from casework.record_step import record_steps
from casework.take_step import take_step
from kit.database import Database, StorageTrouble
from rules.reasons import Reason, Refused

# Rows locked and written together: large enough that statements count little, small enough not to hold others up.
BATCH = 500


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
    versions: Mapping[str, int] | None = None,
    dry_run: bool = False,
) -> list[Outcome]:
    """Take the same step of many dossiers, in the order given; each code counts once.

    ``versions`` are those that were looked at, by code: where somebody went further meanwhile, it is told and not done.

    Every dossier is decided for itself; those that may move are written together per batch. With the same
    request key again, what was done is reported and what was refused is tried anew.

    Raises:
        StorageTrouble: the database could not be written, and nothing was. Once a batch was written, its outcomes are
            given, and each dossier that is left has the reason `not_tried`.
    """
    wanted = list(dict.fromkeys(codes))
    outcomes: dict[str, Outcome] = {}
    with database.read() as connection:
        given = _shared_out(connection, wanted, inputs or Inputs())
    for code, version in (versions or {}).items():
        if code in given:
            given[code] = replace(given[code], expected_version=version)
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        try:
            with database.act() as connection:
                database.begin_write(connection)
                outcomes |= _take_batch(connection, batch, event, call, given, dry_run=dry_run)
                if dry_run:
                    connection.rollback()
        except (IntegrityError, DataError):
            # Something of the batch was written by somebody else in this very moment, or cannot be kept. Nothing of
            # the batch was written; one by one the others go on.
            for code in batch:
                outcomes.pop(code, None)
            try:
                for code in batch:
                    outcomes[code] = _take_one(database, code, event, call, given[code], dry_run=dry_run)
            except StorageTrouble as trouble:
                return _broken_off(wanted, outcomes, trouble)
        except StorageTrouble as trouble:
            for code in batch:
                outcomes.pop(code, None)
            return _broken_off(wanted, outcomes, trouble)
    return [outcomes[code] for code in wanted]


def _broken_off(
    wanted: Sequence[str], outcomes: Mapping[str, Outcome], trouble: StorageTrouble
) -> list[Outcome]:
    """What was committed stays done and is told; the rest waits for the same request again."""
    if not any(outcome.receipt for outcome in outcomes.values()):
        raise trouble
    reason = Reason("not_tried", {"trouble": trouble.code, "detail": trouble.detail})
    return [outcomes.get(code) or Outcome(code, None, (reason,)) for code in wanted]


def _take_one(
    database: Database, code: str, event: str, call: Call, inputs: Inputs, *, dry_run: bool
) -> Outcome:
    try:
        return Outcome(code, take_step(database, code, event, call.part(code), inputs, dry_run=dry_run))
    except Refused as refusal:
        return Outcome(code, None, refusal.reasons)


def _shared_out(connection: Connection, codes: Sequence[str], inputs: Inputs) -> dict[str, Inputs]:
    """What comes with the act, for each dossier; of what names nominations, its own and those of no dossier here."""
    refused = inputs.decision.refused if inputs.decision else frozenset()
    named = refused | {opinion.nomination_id for opinion in inputs.opinions}
    if not named:
        return dict.fromkeys(codes, inputs)
    query = select(NOMINATION.c.id, DOSSIER.c.code).join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
    owners = {row.id: row.code for row in connection.execute(query.where(NOMINATION.c.id.in_(named)))}
    here = set(codes)
    shared: dict[str, Inputs] = {}
    for code in codes:
        mine = {n for n in named if owners.get(n) == code or owners.get(n) not in here}
        opinions = tuple(opinion for opinion in inputs.opinions if opinion.nomination_id in mine)
        decision = inputs.decision and replace(inputs.decision, refused=refused & mine)
        shared[code] = replace(inputs, opinions=opinions, decision=decision)
    return shared


def _take_batch(
    connection: Connection,
    codes: Sequence[str],
    event: str,
    call: Call,
    inputs: Mapping[str, Inputs],
    *,
    dry_run: bool,
) -> dict[str, Outcome]:
    rows = dossiers_by_code(connection, codes, lock=True)
    if not dry_run:
        hold_for(connection, event, {row["desk_unit_id"] for row in rows.values()})
    done = _done_before(connection, [call.part(code).key for code in codes])
    groups = load_groups(connection, [row["id"] for row in rows.values()], ALL_GROUPS)
    reads = Reads(connection, call.day, judging=not dry_run)
    on_way = [{row["unit_id"], row["desk_unit_id"], *row["route"].values()} for row in rows.values()]
    reads.fetch_posts(unit for units in on_way for unit in units)
    if rows:
        reads.dates.fetch(unit for units in on_way for unit in units)
    reads.fetch_scores(
        {row["unit_id"] for row in rows.values()}, {row["school_year"] for row in rows.values()}
    )
    fetch_verdicts(
        reads,
        event,
        [(row, groups[row["id"]].nominations, inputs[code].decision) for code, row in rows.items()],
    )
    outcomes: dict[str, Outcome] = {}
    prepared: list[tuple[str, Prepared]] = []
    for code in codes:
        row = rows.get(code)
        mine = call.part(code).asking(event, code, inputs[code])
        if row is None:
            outcomes[code] = Outcome(code, None, (Reason("unknown_dossier", {"dossier": code}),))
        elif mine.key in done:
            outcomes[code] = _replayed(row, done[mine.key], event, mine)
        else:
            try:
                step = prepare_step(reads, row, event, mine, inputs[code], groups[row["id"]])
            except Refused as refusal:
                outcomes[code] = Outcome(code, None, refusal.reasons)
                continue
            prepared.append((code, step))
    # Written in the order in which the rows are locked: two bulk acts at once wait, and never for each other.
    prepared.sort(key=lambda item: item[1].move.dossier["id"])
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


def _done_before(connection: Connection, keys: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    found = connection.execute(select(ENTRY).where(ENTRY.c.request_key.in_(keys))).mappings()
    return {entry["request_key"]: entry for entry in found}


def _replayed(row: Mapping[str, Any], entry: Mapping[str, Any], event: str, call: Call) -> Outcome:
    try:
        same_request(entry, event, call)
    except Refused as refusal:
        return Outcome(row["code"], None, refusal.reasons)
    return Outcome(row["code"], receipt_of(row, entry))


def _write(connection: Connection, prepared: Sequence[Prepared]) -> list[dict[str, object]]:
    write_notes(connection, [note for item in prepared for note in item.notes])
    entries = record_steps(connection, [item.move for item in prepared])
    grouped: dict[int, tuple[Executable, list[object]]] = {}
    for item in prepared:
        for statement, rows in item.writes:
            grouped.setdefault(id(statement), (statement, []))[1].extend(rows)
    for statement, rows in grouped.values():
        connection.execute(statement, rows)  # type: ignore[call-overload]
    touched = Touched()
    for item in prepared:
        touched.add(item.touched)
    if prepared:
        touched.tell(connection, prepared[0].move.call)
    return entries
