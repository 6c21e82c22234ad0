"""Who sent the objections that came from the public pages: for the desk that settles them, and for nobody else."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from casework.history import ENTRY, NOTE
from casework.load import OBJECTION, dossier_by_code
from casework.record_step import subject_of
from casework.regulations import chart_of
from casework.sight import Sight
from states.vocabulary import PUBLIC_OPINION


def senders_of(connection: Connection, code: str, sight: Sight) -> dict[int, str | None]:
    """The senders of a dossier's objections, by the objection's id; None where it was erased.

    Empty for everybody who does not hold a duty of the desk of public opinion: neither the school nor another desk, nor
    an administrator, is to know who speaks against somebody.

    Raises:
        Refused: there is no such dossier.
    """
    dossier = dossier_by_code(connection, code)
    unit = dossier["route"].get(PUBLIC_OPINION)
    if unit is None:
        return {}
    desk = chart_of(connection, dossier["procedure_sha256"]).procedure.desks[PUBLIC_OPINION]
    if sight.at(unit).isdisjoint(desk.duties):
        return {}
    told = connection.execute(
        select(ENTRY.c.payload).where(
            ENTRY.c.subject == subject_of(dossier["id"]), ENTRY.c.event == "receive_public_objection"
        )
    ).scalars()
    # The objection's own note → the note of its sender, as the entry has them side by side.
    sent = {payload["reason"]["note"]: payload["sender"]["note"] for payload in map(json.loads, told)}
    texts = {
        row.id: None if row.erased_at else row.text
        for row in connection.execute(select(NOTE).where(NOTE.c.id.in_(list(sent.values()))))
    }
    objections = connection.execute(
        select(OBJECTION.c.id, OBJECTION.c.note_id).where(OBJECTION.c.dossier_id == dossier["id"])
    )
    return {row.id: texts[sent[row.note_id]] for row in objections if row.note_id in sent}
