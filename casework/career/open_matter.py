"""Opening a matter that holds an award while somebody looks into it (NĐ 152/2025 Điều 4(4))."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert

from casework.act import Done
from casework.call import Call
from casework.career.in_turn import act_in_turn
from casework.career.keys import holder_of, matter_key
from casework.career.reach import keeper_reasons
from casework.career.tables import MATTER
from casework.history import make_note, write_notes
from casework.law.reopen import facts_changed
from casework.people import person_by_code
from casework.routing import unit_by_code
from kit.database import Database
from rules.reasons import Reason, refuse_if


def matter_subject(number: int) -> str:
    """The name of the chain of a matter, which does not say about whom it is."""
    return f"matter:{number}"


def open_matter(
    database: Database,
    about: str,
    kind: str,
    since: date,
    text: str,
    call: Call,
    *,
    of_unit: bool = False,
    **options: Any,
) -> Done:
    """Open a matter about a person (or ``of_unit`` a unit); what it is about is kept as a note that can be erased.

    Raises:
        Refused: the caller does not keep what is known of them, the day lies ahead, nothing is said.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = unit_by_code(connection, about) if of_unit else person_by_code(connection, about)
        number = int(str(row["id"]))
        person, unit = (None, number) if of_unit else (number, None)
        reasons = keeper_reasons(connection, call, person=person, unit=unit)
        if since > call.day:
            reasons.append(Reason("matter_ahead", {"since": since.isoformat()}))
        if not text.strip():
            reasons.append(Reason("input_missing", {"input": "matter"}))
        refuse_if(reasons)
        note, told = make_note(text.strip())
        write_notes(connection, [note])
        values = {
            "person_id": person,
            "unit_id": unit,
            "kind": kind,
            "since": since,
            "note_id": note["id"],
            "conclusion": "",
            "recorded_by_id": call.actor_id,
            "recorded_at": call.now,
        }
        made = int(connection.execute(insert(MATTER), values).inserted_primary_key[0])
        facts_changed(connection, {matter_key(holder_of(person, unit))}, call)
        return matter_subject(made), {"matter": made, "about": told}

    asked = {"about": about, "kind": kind, "since": since, "text": text, "unit": of_unit}
    return act_in_turn(database, "open_matter", call, work, asked=asked, **options)
