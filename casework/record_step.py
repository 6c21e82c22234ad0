"""The one door to a state: writes state, history and outbox in one transaction, guarded by the row's version.

Nothing else assigns `dossier.state` (a test reads every file for it). The caller has decided beforehand and holds
the write transaction; two people at once: the compare-and-set lets one through, the other is told what changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from casework.call import Call
from casework.history import ENTRY, make_entry, write_entries
from kit.database import insert_or_ignore
from models.dossier import ORIGIN_COLUMNS, Dossier, DossierReach
from models.outbox import OutboxItem
from rules.reasons import Reason, Refused
from rules.windows import local_day
from states.chart import Step
from states.vocabulary import RESTING_KINDS

DOSSIER, OUTBOX, REACH = Dossier.__table__, OutboxItem.__table__, DossierReach.__table__

# Columns that a move may set; each is bound in one prepared statement, so that a thousand moves are one call.
_FREE_COLUMNS = (
    "receipt_number",
    "submission_number",
    "submitted_on",
    "decision_id",
    "revocation_id",
    "exceptions",
)
_MOVED = (
    "state",
    "state_kind",
    "desk",
    "desk_unit_id",
    "acted",
    *ORIGIN_COLUMNS.values(),
    *_FREE_COLUMNS,
    "changed_at",
    "look_on",
    "head_hash",
)
_MOVE = (
    update(DOSSIER)
    .where(DOSSIER.c.id == bindparam("b_id"), DOSSIER.c.version == bindparam("b_version"))
    .values({column: bindparam(f"b_{column}") for column in _MOVED} | {"version": bindparam("b_next")})
)
_ENQUEUE = insert(OUTBOX)


@dataclass(frozen=True, slots=True)
class Move:
    """One act on a dossier, decided and ready to be written.

    ``dossier`` is the row as it was read (its version guards the write); ``step`` is None for an act that leaves the
    state alone (an edit, an opinion). ``columns`` are further columns of the row, ``payload`` what the
    history says beyond the step, ``outbox`` the rows to enqueue.
    """

    dossier: Mapping[str, Any]
    event: str
    call: Call
    step: Step | None = None
    on_behalf_of_id: int | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    payload: Mapping[str, Any] = field(default_factory=dict)
    outbox: Sequence[Mapping[str, Any]] = ()


def subject_of(dossier_id: int) -> str:
    """The name of a dossier's chain in the history."""
    return f"dossier:{dossier_id}"


def acted_after(move: Move) -> dict[str, list[int]]:
    """Who decided at which desk once the move is made; both the actor and the one acted for count."""
    acted = {desk: list(people) for desk, people in move.dossier["acted"].items()}
    if move.step is not None and move.step.separated:
        here = acted.setdefault(move.step.acted_at, [])
        for person in (move.call.actor_id, move.on_behalf_of_id):
            if person is not None and person not in here:
                here.append(person)
    return acted


def _entry(move: Move) -> dict[str, Any]:
    step = move.step
    told = {"from": step.source, "to": step.target, "kind": step.kind, "desk": step.acted_at} if step else {}
    # Where an act brings a step with it (an objection the hold), it names the desk that acted.
    payload = told | dict(move.payload)
    row = move.dossier
    return make_entry(
        subject_of(row["id"]),
        row["version"] + 1,
        row["head_hash"],
        move.event,
        payload,
        move.call,
        move.on_behalf_of_id,
    )


def _bound(move: Move, entry: Mapping[str, Any]) -> dict[str, Any]:
    row, step = move.dossier, move.step
    kind = step.kind if step is not None else row["state_kind"]
    after = {column: row[column] for column in _MOVED}
    after["acted"] = acted_after(move)
    after["head_hash"] = entry["hash"]
    # The tick looks again at what was touched today, and works out itself when next (docs/calendar.md).
    after["look_on"] = None if kind in RESTING_KINDS else local_day(move.call.now)
    if step is not None:
        after |= {column: step.origins.get(kind) for kind, column in ORIGIN_COLUMNS.items()}
        after |= {
            "state": step.target,
            "state_kind": step.kind,
            "desk": step.desk,
            "desk_unit_id": row["route"][step.desk],
            "changed_at": move.call.now,
        }
    after |= move.columns
    bound = {f"b_{column}": value for column, value in after.items()}
    return bound | {"b_id": row["id"], "b_version": row["version"], "b_next": row["version"] + 1}


def record_step(connection: Connection, move: Move) -> dict[str, Any]:
    """Write one move; gives the history entry.

    Raises:
        Refused: somebody else changed the dossier first (`someone_was_faster`, with who did what).
    """
    entry = _entry(move)
    bound = _bound(move, entry)
    if connection.execute(_MOVE, bound).rowcount != 1:
        raise Refused([overtaken(connection, move.dossier)])
    write_entries(connection, [entry])
    note_reach(connection, [(move.dossier["desk_unit_id"], bound)])
    if move.outbox:
        connection.execute(_ENQUEUE, list(move.outbox))
    return entry


def record_steps(connection: Connection, moves: Sequence[Move]) -> list[dict[str, Any]]:
    """Write many moves of different dossiers in the caller's transaction, in a handful of statements.

    The caller has locked the rows (or holds SQLite's write lock) since it read them, so none can have been overtaken.
    """
    if not moves:
        return []
    entries = [_entry(move) for move in moves]
    bound = [_bound(move, entry) for move, entry in zip(moves, entries, strict=True)]
    changed = connection.execute(_MOVE, bound).rowcount
    if changed not in (-1, len(moves)):
        raise RuntimeError(f"{changed} of {len(moves)} locked dossiers were written")
    write_entries(connection, entries)
    note_reach(
        connection, [(move.dossier["desk_unit_id"], after) for move, after in zip(moves, bound, strict=True)]
    )
    outbox = [dict(item) for move in moves for item in move.outbox]
    if outbox:
        connection.execute(_ENQUEUE, outbox)
    return entries


def note_reach(connection: Connection, moved: Iterable[tuple[int | None, Mapping[str, Any]]]) -> None:
    """Note the units that dossiers came to: (unit before, ``b_id`` and ``b_desk_unit_id`` after) of each."""
    rows = [
        {"unit_id": after["b_desk_unit_id"], "dossier_id": after["b_id"]}
        for before, after in moved
        if after["b_desk_unit_id"] != before
    ]
    if rows:
        # A dossier may come back to where it was before.
        connection.execute(insert_or_ignore(connection, REACH), rows)


def overtaken(connection: Connection, dossier: Mapping[str, Any]) -> Reason:
    """The reason for the slower of two: who changed the dossier since it was read, how and when."""
    return Reason("someone_was_faster", _latest(connection, dossier))


def stale(connection: Connection, dossier: Mapping[str, Any], seen: int) -> Reason:
    """The reason for one who decided on an older version than the present one: who changed it last, how and when."""
    latest = _latest(connection, dossier)
    return Reason("stale_version", {**latest, "seen": seen, "now": dossier["version"]})


def _latest(connection: Connection, dossier: Mapping[str, Any]) -> dict[str, Any]:
    latest = connection.execute(
        select(ENTRY.c.seq, ENTRY.c.actor_id, ENTRY.c.event, ENTRY.c.at)
        .where(ENTRY.c.subject == subject_of(dossier["id"]))
        .order_by(ENTRY.c.seq.desc())
        .limit(1)
    ).one()
    return {
        "dossier": dossier["code"],
        "person": latest.actor_id,
        "event": latest.event,
        "at": latest.at.isoformat(),
        "version": latest.seq,
    }
