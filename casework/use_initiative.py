"""Saying which initiative a nomination uses up, as long as its school may change the dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from casework.call import Call
from casework.change_dossier import Change, Desk, change_dossier
from casework.load import NOMINATION
from casework.named_initiatives import Holder, KnownInitiatives
from casework.nominate import editable
from casework.people import PERSON
from casework.receipts import Receipt
from kit.database import Database
from rules.reasons import Reason
from states.procedure import INITIATIVES

_USES = (
    update(NOMINATION)
    .where(NOMINATION.c.id == bindparam("b_id"))
    .values(uses_initiative_id=bindparam("b_used"))
)


def use_initiative(
    database: Database,
    code: str,
    nominations: Sequence[int],
    initiative: str | None,
    call: Call,
    **options: Any,
) -> Receipt:
    """Nominations of a dossier use up an initiative; with None they use none.

    Raises:
        Refused: every reason for every nomination at once.
    """

    def decide(desk: Desk) -> Change:
        change = Change()
        editable(desk, change)
        if desk.chart.procedure.nominees == INITIATIVES:
            change.reasons.append(Reason("no_use_here"))
        there = _open_rows(desk.connection, desk.dossier["id"])
        if not nominations:
            change.reasons.append(Reason("no_nomination"))
        known = KnownInitiatives.of(desk.connection, [initiative] if initiative else [])
        rows = []
        for number in dict.fromkeys(nominations):
            row = there.get(number)
            if row is None:
                change.reasons.append(Reason("nomination_not_open", {"nomination": number}))
                continue
            holder = Holder(row["person_id"], row["unit_id"], row["initiative_id"], row["person"])
            used = known.used(change.reasons, initiative, holder) if initiative else None
            rows.append({"b_id": number, "b_used": used})
            change.touched.initiatives |= {row["uses_initiative_id"], used} - {None}
        if rows:
            change.writes.append((_USES, rows))
        change.payload["uses"] = [[row["b_id"], row["b_used"]] for row in rows]
        return change

    asked = {"nominations": list(nominations), "initiative": initiative}
    return change_dossier(database, code, "use_initiative", call, decide, asked=asked, **options)


def _open_rows(connection: Connection, dossier: int) -> dict[int, Mapping[str, Any]]:
    query = (
        select(
            NOMINATION.c.id,
            NOMINATION.c.person_id,
            NOMINATION.c.unit_id,
            NOMINATION.c.initiative_id,
            NOMINATION.c.uses_initiative_id,
            PERSON.c.code.label("person"),
        )
        .outerjoin(PERSON, PERSON.c.id == NOMINATION.c.person_id)
        .where(NOMINATION.c.dossier_id == dossier, NOMINATION.c.outcome == "open")
    )
    return {row["id"]: row for row in connection.execute(query).mappings()}
