"""A chair excepts one person at one desk of one dossier from separation of duties: a commune may have one official."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from casework.access import choose_holding, holdings_at, not_holding
from casework.call import Call
from casework.change_dossier import Change, Desk, change_dossier
from casework.people import PERSON
from casework.receipts import Receipt
from kit.database import Database
from rules.reasons import Reason

CHAIRS = ("council_chair", "chairman")


def chair(desk: Desk, change: Change) -> None:
    """The caller is a chair of one of the dossier's desks; otherwise the change gets the reason."""
    route, call = desk.dossier["route"], desk.call
    chairs = [
        route[d.name]
        for d in desk.chart.procedure.desks.values()
        if set(d.duties) & set(CHAIRS) and d.name in route
    ]
    held = [
        choose_holding(holdings_at(desk.connection, call.actor_id, unit, call.day), CHAIRS)
        for unit in dict.fromkeys(chairs)
        if call.actor_id is not None
    ]
    holding = next((h for h in held if h is not None), None)
    if holding is None:
        change.reasons.append(not_holding(CHAIRS, chairs[0] if chairs else desk.dossier["desk_unit_id"]))
    else:
        change.on_behalf_of_id = holding.on_behalf_of


def except_from_separation(
    database: Database, code: str, person: str, desk_name: str, reason: str, call: Call, **options: Any
) -> Receipt:
    """Allow ``person`` to decide at ``desk_name`` although they decided at a desk declared apart from it.

    Shown in the history and on the papers. Only a chair of the local council, or of the deciding
    committee, may do it, with a reason, and never for themselves.

    Raises:
        Refused: with every reason.
    """

    def decide(desk: Desk) -> Change:
        change = Change()
        chair(desk, change)
        if desk_name not in desk.chart.procedure.desks:
            change.reasons.append(Reason("unknown_desk", {"name": desk_name}))
        excepted = desk.connection.execute(select(PERSON.c.id).where(PERSON.c.code == person)).scalar()
        if excepted is None:
            change.reasons.append(Reason("unknown_person", {"code": person}))
        elif excepted in (call.actor_id, change.on_behalf_of_id):
            change.reasons.append(Reason("not_for_oneself", {"person": excepted}))
        if not reason.strip():
            change.reasons.append(Reason("input_missing", {"input": "reason"}))
            return change
        change.note(reason)
        change.payload |= {"desk": desk_name, "person": excepted}
        change.columns["exceptions"] = [*desk.dossier["exceptions"], [desk_name, excepted]]
        return change

    return change_dossier(
        database,
        code,
        "except_from_separation",
        call,
        decide,
        asked={"person": person, "desk": desk_name, "reason": reason},
        **options,
    )
