"""An objection to a dossier: received it stops the dossier from being decided, settled it frees it again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update

from casework.call import Call
from casework.change_dossier import Change, Desk, change_dossier
from casework.load import NOMINATION, OBJECTION
from casework.take_step import Receipt
from kit.database import Database
from rules.reasons import Reason

# Who takes in an objection: the desk that holds the dossier. A citizen's own door comes with the public pages.


def receive_objection(
    database: Database, code: str, text: str, call: Call, *, nomination: int | None = None, **options: Any
) -> Receipt:
    """Take in an objection. Until it is settled no step that checks for objections can be taken.

    Raises:
        Refused: the caller does not hold the dossier's desk, the text is empty, the nomination is not in it.
    """

    def decide(desk: Desk) -> Change:
        change = Change(payload={"nomination": nomination})
        desk.holding(change, desk.dossier["desk"])
        if not text.strip():
            change.reasons.append(Reason("input_missing", {"input": "reason"}))
            return change
        if nomination is not None:
            known = desk.connection.execute(
                select(NOMINATION.c.id).where(
                    NOMINATION.c.id == nomination, NOMINATION.c.dossier_id == desk.dossier["id"]
                )
            ).first()
            if known is None:
                change.reasons.append(Reason("nomination_not_open", {"nomination": nomination}))
        note = change.note(text)
        row = {
            "dossier_id": desk.dossier["id"],
            "nomination_id": nomination,
            "note_id": note,
            "received_at": desk.call.now,
        }
        change.writes.append((insert(OBJECTION), [row]))
        return change

    return change_dossier(database, code, "receive_objection", call, decide, **options)


def settle_objections(database: Database, code: str, text: str, call: Call, **options: Any) -> Receipt:
    """Settle every open objection of a dossier, with the conclusion in words.

    Raises:
        Refused: there is none, the caller does not hold the desk, the conclusion is empty.
    """

    def decide(desk: Desk) -> Change:
        change = Change()
        desk.holding(change, desk.dossier["desk"])
        still_open = (
            desk.connection.execute(
                select(OBJECTION.c.id).where(
                    OBJECTION.c.dossier_id == desk.dossier["id"], OBJECTION.c.settled_at.is_(None)
                )
            )
            .scalars()
            .all()
        )
        if not still_open:
            change.reasons.append(Reason("no_open_objection"))
        if not text.strip():
            change.reasons.append(Reason("input_missing", {"input": "reason"}))
            return change
        note = change.note(text)
        change.payload["settled"] = list(still_open)
        change.writes.append(
            (
                update(OBJECTION)
                .where(OBJECTION.c.dossier_id == desk.dossier["id"], OBJECTION.c.settled_at.is_(None))
                .values(settled_at=desk.call.now, settlement_note_id=note),
                [{}],
            )
        )
        return change

    return change_dossier(database, code, "settle_objections", call, decide, **options)
