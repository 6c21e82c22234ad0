"""An act that changes what is in a dossier but not where it stands: one transaction, once per request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from casework.access import Holding
from casework.announcing import outbox_items
from casework.call import Call
from casework.career.touched import Touched
from casework.effects.effect import Write
from casework.history import make_note, write_notes
from casework.load import dossier_by_code
from casework.prepare_step import unique, who_may
from casework.reads import Reads
from casework.receipts import Receipt, once, receipt_of
from casework.record_step import Move, record_step, stale
from casework.regulations import chart_of
from kit.database import Database
from rules.reasons import Reason, Refused
from states.chart import Chart, Step


@dataclass(slots=True)
class Change:
    """What a change would write, and every reason against it."""

    payload: dict[str, Any] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    on_behalf_of_id: int | None = None
    #: what it tells whom beyond what its step does: rows of the outbox
    outbox: list[dict[str, Any]] = field(default_factory=list)
    #: a step that the law attaches to the change, taken with it
    step: Step | None = None
    #: facts under verdicts that change with it
    touched: Touched = field(default_factory=Touched)

    def note(self, text: str, word: str = "reason") -> str:
        """Keep a free text with the change, under ``word`` of its entry; gives the id under which it is written."""
        row, told = make_note(text.strip())
        self.notes.append(row)
        self.payload[word] = told
        return told["note"]


@dataclass(frozen=True, slots=True)
class Desk:
    """The dossier as a change sees it."""

    connection: Connection
    dossier: Mapping[str, Any]
    chart: Chart
    call: Call
    #: what was read already, where several changes are looked at for one page
    known: Reads | None = None

    @property
    def reads(self) -> Reads:
        """What is read of offices and people, on the day of the call."""
        return self.known or Reads(self.connection, self.call.day)

    def holding(self, change: Change, desk: str) -> Holding | None:
        """The holding under which the caller acts at ``desk``; without one the change gets the reason."""
        unit = self.dossier["route"].get(desk, self.dossier["desk_unit_id"])
        school = self.dossier["unit_id"]
        holding, reasons = who_may(self.reads, self.chart, desk, unit, self.call, school)
        change.reasons += reasons
        if holding is not None:
            change.on_behalf_of_id = holding.on_behalf_of
        return holding


def change_dossier(
    database: Database,
    code: str,
    event: str,
    call: Call,
    decide: Callable[[Desk], Change],
    *,
    asked: Mapping[str, Any],
    expected_version: int | None = None,
    dry_run: bool = False,
) -> Receipt:
    """Load a dossier, let ``decide`` say what changes, write it with its entry in the history.

    ``asked`` is all that came with the request: with the same key it is done once, and only this.
    ``decide`` reads, within the write transaction; it may return reasons, and then nothing is written.

    Raises:
        Refused: with every reason.
        StorageTrouble: the database could not be written.
    """
    call = call.asking(event, code, [asked, expected_version])

    def act(connection: Connection) -> Receipt:
        database.begin_write(connection)
        return change_within(
            connection, code, event, call, decide, expected_version=expected_version, dry_run=dry_run
        )

    return once(database, call, event, act, lambda c, entry: receipt_of(dossier_by_code(c, code), entry))


def change_within(
    connection: Connection,
    code: str,
    event: str,
    call: Call,
    decide: Callable[[Desk], Change],
    *,
    expected_version: int | None = None,
    dry_run: bool = False,
) -> Receipt:
    """The same within a write transaction that the caller holds and commits, as part of an act on something else.

    Raises:
        Refused: with every reason; nothing of this change was written.
    """
    dossier = dossier_by_code(connection, code)
    chart = chart_of(connection, dossier["procedure_sha256"])
    change = decide(Desk(connection, dossier, chart, call))
    if expected_version is not None and expected_version != dossier["version"]:
        change.reasons.append(stale(connection, dossier, expected_version))
    if change.reasons:
        raise Refused(unique(change.reasons))
    step = change.step
    state = step.target if step else dossier["state"]
    if dry_run:
        connection.rollback()
        return Receipt(code, event, state, dossier["version"] + 1, "", dry_run=True)
    reads = Reads(connection, call.day)
    write_notes(connection, change.notes)
    move = Move(
        dossier=dossier,
        event=event,
        call=call,
        step=step,
        on_behalf_of_id=change.on_behalf_of_id,
        columns=change.columns,
        payload=change.payload,
        outbox=[
            *change.outbox,
            *(outbox_items(reads, dossier, chart, event, call, step) if step else ()),
        ],
    )
    entry = record_step(connection, move)
    for statement, rows in change.writes:
        connection.execute(statement, list(rows))
    change.touched.tell(connection, call)
    return Receipt(code, event, state, entry["seq"], entry["hash"])
