"""Annulling a discipline: it does not count any more, and its row stays with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from casework.act import Done
from casework.call import Call
from casework.career.in_turn import act_in_turn
from casework.career.reach import keeper_reasons
from casework.career.record_discipline import discipline_facts, discipline_subject
from casework.career.tables import DISCIPLINE
from casework.history import make_note, write_notes
from casework.law.reopen import facts_changed
from kit.database import Database
from rules.reasons import Reason, Refused, refuse_if


def annul_discipline(database: Database, number: int, reason: str, call: Call, **options: Any) -> Done:
    """Annul a discipline by the number of its row.

    Raises:
        Refused: there is none of that number for the caller, it is annulled, no reason is given.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = discipline_kept(connection, number, call)
        reasons = []
        if row["annulled_at"] is not None:
            reasons.append(Reason("discipline_annulled", {"number": row["number"]}))
        if not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        refuse_if(reasons)
        note, told = make_note(reason.strip())
        write_notes(connection, [note])
        connection.execute(
            update(DISCIPLINE)
            .where(DISCIPLINE.c.id == number)
            .values(annulled_at=call.now, note_id=note["id"])
        )
        facts_changed(connection, discipline_facts(connection, row["person_id"], row["decided_on"]), call)
        return discipline_subject(number), {"discipline": number, "reason": told}

    asked = {"discipline": number, "reason": reason}
    return act_in_turn(database, "annul_discipline", call, work, asked=asked, **options)


def discipline_kept(connection: Connection, number: int, call: Call) -> Mapping[str, Any]:
    """The row of a discipline that the caller may keep.

    Raises:
        Refused: there is none of that number, or none for the caller: the two look alike.
    """
    row = connection.execute(select(DISCIPLINE).where(DISCIPLINE.c.id == number)).mappings().first()
    if row is None or keeper_reasons(connection, call, person=row["person_id"]):
        raise Refused([Reason("discipline_unknown", {"number": number})])
    return row
