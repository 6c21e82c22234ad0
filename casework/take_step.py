"""Taking one step of one dossier: one durable transaction, once per request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from casework.call import Call
from casework.history import write_notes
from casework.inputs import Inputs
from casework.law.taking import TAKING, hold_for
from casework.load import dossier_by_code
from casework.prepare_step import Prepared, prepare_step
from casework.reads import Reads
from casework.receipts import Receipt, once, receipt_of
from casework.record_step import record_step
from casework.regulations import chart_of
from kit.database import Database
from states.vocabulary import CALENDAR


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
    call = call.asking(event, code, given)

    def act(connection: Connection) -> Receipt:
        dossier = dossier_by_code(connection, code)
        # Rows of decisions and scores are written while effects are worked out, so acts that bring one lock first. So
        # do the calendar's own, and what is judged by the rules: what they rest on is not in the dossier's row, whose
        # version tells of no change there.
        brings_rows = given.decision is not None or given.score is not None
        judged = event in TAKING and not dry_run
        early = brings_rows or judged or _is_the_calendars(connection, dossier, event)
        if early:
            database.begin_write(connection)
            # Dossiers first, decisions after: the order in which a bulk act takes its locks too.
            dossier = dossier_by_code(connection, code, lock=True)
        if judged:
            hold_for(connection, event, [dossier["desk_unit_id"]])
        prepared = prepare_step(Reads(connection, call.day, judging=not dry_run), dossier, event, call, given)
        if dry_run:
            connection.rollback()
            return _receipt(dossier, prepared, dry_run=True)
        if not early:
            database.begin_write(connection)
        return write_prepared(connection, prepared)

    return once(database, call, event, act, lambda c, entry: receipt_of(dossier_by_code(c, code), entry))


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
    prepared.touched.tell(connection, prepared.move.call)
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
