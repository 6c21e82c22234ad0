"""Noting that what a revocation demanded back has come back: money and items, all of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update

from casework.call import Call
from casework.change_dossier import Change, Desk, change_dossier
from casework.decided import RECOVERY
from casework.receipts import Receipt
from kit.database import Database
from rules.reasons import Reason
from rules.windows import local_day

_SETTLED = (
    update(RECOVERY)
    .where(RECOVERY.c.id == bindparam("b_id"))
    .values(
        settled_on=bindparam("b_on"), settled_at=bindparam("b_at"), settlement_note_id=bindparam("b_note")
    )
)


def settle_recovery(
    database: Database, code: str, settled_on: date, text: str, call: Call, **options: Any
) -> Receipt:
    """Settle the recovery of a revoked dossier, at the desk that revoked it, with the day and a note of how.

    Raises:
        Refused: nothing is to be recovered any more, the day lies before the demand or ahead, the caller does not hold
            the desk, the note is empty.
    """

    def decide(desk: Desk) -> Change:
        change = Change(payload={"settled_on": settled_on.isoformat()})
        desk.holding(change, revoking_desk(desk))
        owed = owed_back(desk)
        if not owed:
            change.reasons.append(Reason("no_open_recovery", {"dossier": code}))
        demanded = max((local_day(row.demanded_at) for row in owed), default=settled_on)
        if not demanded <= settled_on <= call.day:
            days = {"settled_on": settled_on.isoformat(), "demanded": demanded.isoformat()}
            change.reasons.append(Reason("settled_on_out_of_range", days))
        if not text.strip():
            change.reasons.append(Reason("input_missing", {"input": "reason"}))
            return change
        note = change.note(text)
        change.payload["recovered"] = [row.id for row in owed]
        settled = [
            {"b_id": row.id, "b_on": settled_on, "b_at": desk.call.now, "b_note": note} for row in owed
        ]
        change.writes.append((_SETTLED, settled))
        return change

    asked = {"settled_on": settled_on, "text": text}
    return change_dossier(database, code, "settle_recovery", call, decide, asked=asked, **options)


def owed_back(desk: Desk) -> list[Any]:
    """The recoveries of a dossier that are not settled: ``id`` and ``demanded_at`` of each."""
    query = (
        select(RECOVERY.c.id, RECOVERY.c.demanded_at)
        .where(RECOVERY.c.dossier_id == desk.dossier["id"], RECOVERY.c.settled_at.is_(None))
        .order_by(RECOVERY.c.id)
    )
    return list(desk.connection.execute(query).all())


def revoking_desk(desk: Desk) -> str:
    """The desk of the office that decides, and so revokes, at the dossier's level; else the one that holds it."""
    procedure, level = desk.chart.procedure, desk.dossier["level"]
    steps = ((state, procedure.step_of(state, "revoke", level)) for state in procedure.states)
    acting = (procedure.acting_desk(state, step) for state, step in steps if step is not None)
    return next(acting, str(desk.dossier["desk"]))
