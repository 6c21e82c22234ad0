"""Reviewing a movement: the unit that answered says what came of it, with the day and a paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, update

from casework.act import Done, do_act
from casework.attached import Attached, receiving
from casework.call import Call
from casework.career.keys import movement_keys
from casework.debts import FULFILMENT
from casework.history import make_note, write_notes
from casework.law.reopen import facts_changed
from casework.movements.calendar_of import REVIEW
from casework.movements.launch import met
from casework.movements.rows import CALL, against_planning, asked_call, movement_by_code, subject_of
from casework.routing import unit_by_code
from documents.store import PaperStore, Source
from kit.database import Database
from rules.reasons import Reason, refuse_if


@dataclass(frozen=True, slots=True)
class Review:
    """Which unit reviews which movement (its code), on which local day it was done, and what came of it in words."""

    movement: str
    unit: str
    reviewed_on: date
    text: str


def review(
    database: Database,
    store: PaperStore | None,
    said: Review,
    call: Call,
    *,
    paper: Source | None = None,
    name: str = "",
    dry_run: bool = False,
) -> Done:
    """Record a unit's review of a movement that it answered; once.

    Raises:
        Refused: with every reason; nothing was written.
        StorageTrouble: the store or the database could not be written.
    """
    with receiving(store, paper, name) as attached:

        def work(connection: Connection) -> tuple[str, dict[str, Any]]:
            return _review(connection, said, attached, call, dry_run=dry_run)

        asked = {"review": said, "paper": attached.sha256}
        return do_act(database, "review_movement", call, work, asked=asked, dry_run=dry_run)


def _review(
    connection: Connection, said: Review, attached: Attached, call: Call, *, dry_run: bool
) -> tuple[str, dict[str, Any]]:
    movement = movement_by_code(connection, said.movement, lock=True)
    unit = unit_by_code(connection, said.unit)
    unit_id = int(str(unit["id"]))
    reasons = against_planning(connection, unit, call, ended_too=True)
    about = {"code": said.movement, "unit": unit_id}
    asked = asked_call(connection, movement["id"], unit_id)
    if movement["ended_at"] is not None:
        reasons.append(Reason("movement_has_ended", {"code": said.movement}))
    if asked is None:
        reasons.append(Reason("not_asked", about))
    elif asked["answer_id"] is None:
        reasons.append(Reason("not_answered", about))
    elif asked["reviewed_on"] is not None:
        reasons.append(Reason("reviewed_already", {**about, "day": asked["reviewed_on"].isoformat()}))
    if said.reviewed_on > call.day:
        reasons.append(Reason("done_in_the_future", {"day": said.reviewed_on.isoformat()}))
    elif said.reviewed_on < movement["since"]:
        reasons.append(Reason("before_the_movement", {"day": movement["since"].isoformat()}))
    if not said.text.strip():
        reasons.append(Reason("input_missing", {"input": "review"}))
    refuse_if([*reasons, *attached.reasons])
    note, told = make_note(said.text.strip())
    write_notes(connection, [note])
    attached.keep(connection, call, dry_run=dry_run)
    connection.execute(
        update(CALL)
        .where(CALL.c.movement_id == movement["id"], CALL.c.unit_id == unit_id)
        .values(
            reviewed_on=said.reviewed_on,
            review_note_id=note["id"],
            review_sha256=attached.sha256,
            review_name=attached.name,
            reviewed_by_id=call.actor_id,
            reviewed_at=call.now,
        )
    )
    facts_changed(connection, movement_keys(connection, unit_id), call)
    kind = str(unit["kind"])
    connection.execute(
        insert(FULFILMENT), met(said.movement, REVIEW, unit_id, kind, said.reviewed_on, attached, call)
    )
    payload = {
        "unit": unit_id,
        "reviewed_on": said.reviewed_on.isoformat(),
        "reason": told,
        "sha256": attached.sha256,
    }
    return subject_of(movement["id"]), payload
