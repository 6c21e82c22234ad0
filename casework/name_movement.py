"""Saying on which movement nominations rest, as long as their school may change the dossier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from casework.call import Call
from casework.career.keys import holder_of, movement_key
from casework.change_dossier import Change, Desk, change_dossier
from casework.load import NOMINATION
from casework.named_movements import KnownMovements
from casework.nominate import editable
from casework.people import PERSON
from casework.receipts import Receipt
from casework.regulations import titles_in_force
from kit.database import Database
from rules.reasons import Reason
from states.procedure import INITIATIVES

_RESTS = (
    update(NOMINATION).where(NOMINATION.c.id == bindparam("b_id")).values(movement_id=bindparam("b_movement"))
)


def name_movement(
    database: Database,
    code: str,
    nominations: Sequence[int],
    movement: str | None,
    call: Call,
    **options: Any,
) -> Receipt:
    """Nominations of a dossier rest on a movement (its code); with None on none.

    Raises:
        Refused: every reason for every nomination at once.
    """

    def decide(desk: Desk) -> Change:
        change = Change()
        editable(desk, change)
        if desk.chart.procedure.nominees == INITIATIVES:
            change.reasons.append(Reason("no_movement_here"))
        if not nominations:
            change.reasons.append(Reason("no_nomination"))
        there = _open_rows(desk)
        titles = titles_in_force(desk.connection)
        known = KnownMovements.of(
            desk.connection, desk.dossier["unit_id"], [movement] if movement is not None else []
        )
        row = known.rows.get(movement) if movement is not None else None
        rows = []
        for number in dict.fromkeys(nominations):
            if number not in there:
                change.reasons.append(Reason("nomination_not_open", {"nomination": number}))
                continue
            title, person, _ = there[number]
            about = {"title": title, "person": person}
            if title in titles:
                change.reasons += known.against(titles[title], movement, about)
            rows.append({"b_id": number, "b_movement": row["id"] if row is not None else None})
        if rows:
            change.writes.append((_RESTS, rows))
            unit, year = desk.dossier["unit_id"], desk.dossier["school_year"]
            holders = {holder_of(there[row["b_id"]][2], unit) for row in rows}
            change.touched.keys |= {movement_key(holder, year) for holder in holders}
        change.payload["rests_on_movement"] = [[row["b_id"], row["b_movement"]] for row in rows]
        return change

    asked = {"nominations": list(nominations), "movement": movement}
    return change_dossier(database, code, "name_movement", call, decide, asked=asked, **options)


def _open_rows(desk: Desk) -> dict[int, tuple[str, str | None, int | None]]:
    """Open nomination → its title, and the staff code and the id of its nominee."""
    query = (
        select(NOMINATION.c.id, NOMINATION.c.title, PERSON.c.code, PERSON.c.id.label("person"))
        .outerjoin(PERSON, PERSON.c.id == NOMINATION.c.person_id)
        .where(NOMINATION.c.dossier_id == desk.dossier["id"], NOMINATION.c.outcome == "open")
    )
    return {row.id: (row.title, row.code, row.person) for row in desk.connection.execute(query)}
