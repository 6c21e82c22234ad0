"""The history of a subject, read: who did what, when, for whom, through which door, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from casework.decided import DECISION
from casework.history import ENTRY, NOTE
from casework.load import dossier_by_code
from casework.people import PERSON
from casework.record_step import subject_of
from casework.regulations import chart_of
from casework.views.told import door_of, tell
from states.procedure import Procedure


def entries_of(connection: Connection, subject: str) -> list[dict[str, Any]]:
    """The entries of one chain, first to last, their payloads read."""
    rows = connection.execute(
        select(ENTRY).where(ENTRY.c.subject == subject).order_by(ENTRY.c.seq)
    ).mappings()
    return [{**row, "payload": json.loads(row["payload"])} for row in rows]


def entry_of(connection: Connection, subject: str, seq: int) -> dict[str, Any] | None:
    """One entry of a chain, its payload read; None where there is none."""
    row = (
        connection.execute(select(ENTRY).where(ENTRY.c.subject == subject, ENTRY.c.seq == seq))
        .mappings()
        .first()
    )
    return {**row, "payload": json.loads(row["payload"])} if row is not None else None


def dossier_history(connection: Connection, code: str, lang: str) -> list[dict[str, Any]]:
    """The history of a dossier as plain data, with names and reasons.

    Raises:
        Refused: there is no such dossier.
    """
    dossier = dossier_by_code(connection, code)
    entries = entries_of(connection, subject_of(dossier["id"]))
    procedure = None
    people = _people(connection, entries)
    notes = _notes(connection, entries)
    decisions = decisions_shown(connection, filter(None, map(_decision, entries)))
    told_of = tell(
        connection, code, entries, chart_of(connection, dossier["procedure_sha256"]).procedure, lang
    )
    shown = []
    for entry in entries:
        payload = entry["payload"]
        if entry["event"] == "open":
            procedure = chart_of(connection, payload["procedure"]).procedure
        elif entry["event"] == "procedure_moved":
            # What follows is told in the words of the version to which it was moved.
            procedure = chart_of(connection, payload["procedure"]["to"]["sha256"]).procedure
        target = payload.get("to")
        told = payload.get("reason") or {}
        shown.append(
            {
                "seq": entry["seq"],
                "at": entry["at"].isoformat(),
                "event": entry["event"],
                "person": people.get(entry["actor_id"]),
                "on_behalf_of": people.get(entry["on_behalf_of_id"]),
                "via": entry["via"],
                "door": door_of(entry["via"]),
                "told": told_of[entry["seq"]],
                "to": target,
                "to_label": state_label(procedure, target, lang),
                "reason": notes.get(told.get("note")) if isinstance(told, dict) else None,
                "decision": decisions.get(_decision(entry)),
                "payload": payload,
                "hash": entry["hash"],
            }
        )
    return shown


def state_label(procedure: Procedure | None, state: str | None, lang: str) -> str | None:
    """What a version of a procedure calls a state; None where it has none of that name."""
    known = procedure.states.get(state) if procedure is not None and state is not None else None
    return known.label[lang] if known else None


def moves_of(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The moves of a dossier from one version of its procedure to another, first to last."""
    return [
        {
            "at": entry["at"].isoformat(),
            "from": entry["payload"]["procedure"]["from"],
            "to": entry["payload"]["procedure"]["to"],
        }
        for entry in entries
        if entry["event"] == "procedure_moved"
    ]


def _decision(entry: Mapping[str, Any]) -> int | None:
    """The id of the decision that came with an act."""
    payload = entry["payload"]
    found = payload.get("revocation", payload.get("decision"))
    return found if isinstance(found, int) else None


def decisions_shown(connection: Connection, ids: Iterable[int]) -> dict[int | None, dict[str, Any]]:
    """Decisions as plain data, by id."""
    rows = connection.execute(select(DECISION).where(DECISION.c.id.in_(list(ids)))).mappings()
    return {
        row["id"]: {
            "number": row["number"],
            "decided_on": row["decided_on"].isoformat(),
            "signatory": row["signatory"],
            "issued_by": row["issued_by"],
        }
        for row in rows
    }


def _people(connection: Connection, entries: list[dict[str, Any]]) -> dict[int | None, dict[str, str]]:
    ids = {i for entry in entries for i in (entry["actor_id"], entry["on_behalf_of_id"]) if i is not None}
    rows = connection.execute(
        select(PERSON.c.id, PERSON.c.code, PERSON.c.name).where(PERSON.c.id.in_(list(ids)))
    )
    return {row.id: {"code": row.code, "name": row.name} for row in rows}


def _notes(connection: Connection, entries: list[dict[str, Any]]) -> dict[str | None, str | None]:
    """Texts of notes by id; an erased one is None."""
    ids = [
        told["note"]
        for entry in entries
        if isinstance(told := entry["payload"].get("reason"), dict) and "note" in told
    ]
    if not ids:
        return {}
    rows = connection.execute(select(NOTE.c.id, NOTE.c.text, NOTE.c.erased_at).where(NOTE.c.id.in_(ids)))
    return {row.id: None if row.erased_at else row.text for row in rows}
