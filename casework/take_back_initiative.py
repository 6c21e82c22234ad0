"""Taking back an initiative that was listed by mistake, as long as no desk has seen it and nothing rests on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select, update

from casework.access import require_duty
from casework.act import Done, do_act
from casework.call import Call
from casework.career.taken_over import against_taken_over
from casework.history import make_note, write_notes
from casework.initiatives import (
    DUTIES,
    WITH_SCHOOL,
    against_taken_back,
    initiative_by_code,
    initiative_subject,
)
from casework.load import DOSSIER, INITIATIVE, NOMINATION
from kit.database import Database
from rules.reasons import Reason, refuse_if


def take_back_initiative(database: Database, code: str, reason: str, call: Call, **options: Any) -> Done:
    """Take an initiative off its school's list, with the reason. It stays on file, and its code is given to no other.

    Raises:
        Refused: every reason at once; also where it was handed in, stands in a dossier, or is used.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = initiative_by_code(connection, code, lock=True)
        reasons = _against(connection, row, call)
        if not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        refuse_if(reasons)
        note, told = make_note(reason.strip())
        write_notes(connection, [note])
        connection.execute(
            update(INITIATIVE)
            .where(INITIATIVE.c.id == row["id"])
            .values(taken_back_at=call.now, taken_back_by_id=call.actor_id, taken_back_note_id=note["id"])
        )
        return initiative_subject(row["id"]), {"code": code, "reason": told}

    asked = {"initiative": code, "reason": reason}
    return do_act(database, "take_back_initiative", call, work, asked=asked, **options)


def against_taking_back(connection: Connection, code: str, call: Call) -> list[Reason]:
    """Why the caller may not take an initiative back; nothing is written.

    Raises:
        Refused: there is no such initiative.
    """
    return _against(connection, initiative_by_code(connection, code), call)


def _against(connection: Connection, row: Mapping[str, Any], call: Call) -> list[Reason]:
    reasons = list(require_duty(connection, call.actor_id or 0, [row["unit_id"]], DUTIES, call.day))
    if reasons:
        # Who may take back nothing here is not told in which dossiers it lies.
        return reasons
    return [
        *against_taken_back(row),
        *against_taken_over(connection, row),
        *_in_dossiers(connection, row),
        *_used(connection, row),
    ]


def _in_dossiers(connection: Connection, row: Mapping[str, Any]) -> list[Reason]:
    """The reasons against taking back what a desk has seen, or what stands in a dossier still with its school."""
    query = (
        select(DOSSIER.c.code, DOSSIER.c.state_kind, NOMINATION.c.proposed, NOMINATION.c.outcome)
        .join(NOMINATION, NOMINATION.c.dossier_id == DOSSIER.c.id)
        .where(NOMINATION.c.initiative_id == row["id"])
        .order_by(DOSSIER.c.id)
    )
    seen, standing = [], []
    for one in connection.execute(query):
        struck = one.outcome == "struck"
        if one.proposed or (not struck and one.state_kind not in WITH_SCHOOL):
            seen.append(one.code)
        elif not struck:
            standing.append(one.code)
    reasons = []
    if seen:
        told = {"initiative": row["code"], "dossiers": list(dict.fromkeys(seen))}
        reasons.append(Reason("initiative_was_handed_in", told))
    if standing:
        told = {"initiative": row["code"], "dossiers": list(dict.fromkeys(standing))}
        reasons.append(Reason("initiative_in_dossier", told))
    return reasons


def _used(connection: Connection, row: Mapping[str, Any]) -> list[Reason]:
    query = select(func.count()).where(
        NOMINATION.c.uses_initiative_id == row["id"], NOMINATION.c.outcome != "struck"
    )
    count = connection.execute(query).scalar_one()
    return [Reason("initiative_is_used", {"initiative": row["code"], "count": count})] if count else []
