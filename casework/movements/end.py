"""Ending a movement: nobody owes it anything more, and who had not answered stays visible as such."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, update

from casework.act import Done, do_act
from casework.call import Call
from casework.career.keys import movement_keys
from casework.history import make_note, write_notes
from casework.law.reopen import facts_changed
from casework.movements.calendar_of import MOVEMENT
from casework.movements.rows import against_planning, movement_by_code, subject_of
from casework.people import UNIT
from kit.database import Database
from rules.reasons import Reason, refuse_if


def end_movement(database: Database, code: str, reason: str, call: Call, *, dry_run: bool = False) -> Done:
    """End a movement, by the unit that launched it (or its successor), with a reason. Plans that answer it go on.

    Raises:
        Refused: with every reason; nothing was written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        movement = movement_by_code(connection, code, lock=True)
        unit = connection.execute(UNIT.select().where(UNIT.c.id == movement["unit_id"])).mappings().one()
        reasons = against_planning(connection, unit, call, ended_too=True)
        if movement["ended_at"] is not None:
            reasons.append(Reason("movement_has_ended", {"code": code}))
        if not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        refuse_if(reasons)
        note, told = make_note(reason.strip())
        write_notes(connection, [note])
        connection.execute(
            update(MOVEMENT)
            .where(MOVEMENT.c.id == movement["id"])
            .values(ended_by_id=call.actor_id, ended_at=call.now, ended_note_id=note["id"])
        )
        facts_changed(connection, movement_keys(connection, movement["unit_id"]), call)
        return subject_of(movement["id"]), {"reason": told}

    asked = {"movement": code, "reason": reason}
    return do_act(database, "end_movement", call, work, asked=asked, dry_run=dry_run)
