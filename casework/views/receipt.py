"""The receipt of one act on a dossier, read from the history: what, by whom, when, and the papers of that moment."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from casework.load import PAPER, dossier_by_code
from casework.record_step import subject_of
from casework.views.dossier import STORED_FILE
from casework.views.history import dossier_history, entries_of


def show_receipt(connection: Connection, code: str, seq: int, lang: str) -> dict[str, Any] | None:
    """One entry of a dossier's history as a receipt; None where there is no entry of that number.

    ``papers`` are those that were in the dossier when the act was done; of a paper put in or taken out, that one.

    Raises:
        Refused: there is no such dossier.
    """
    dossier = dossier_by_code(connection, code)
    history = dossier_history(connection, code, lang)
    entry = next((entry for entry in history if entry["seq"] == seq), None)
    if entry is None:
        return None
    before = next((earlier["hash"] for earlier in history if earlier["seq"] == seq - 1), None)
    return {**entry, "before": before, "papers": _papers(connection, dossier["id"], entry)}


def _papers(connection: Connection, dossier: int, entry: dict[str, Any]) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(PAPER.c.id, PAPER.c.kind, PAPER.c.name, PAPER.c.sha256, STORED_FILE.c.size)
        .join(STORED_FILE, STORED_FILE.c.sha256 == PAPER.c.sha256)
        .where(PAPER.c.dossier_id == dossier)
        .order_by(PAPER.c.id)
    ).mappings()
    own = entry["payload"].get("paper")
    if own is not None:
        return [dict(row) for row in rows if row["id"] == own]
    # By the chain and not by the clock: a home's clock may stand, and several acts share an instant.
    later: set[int] = set()
    gone: set[int] = set()
    for other in entries_of(connection, subject_of(dossier)):
        paper = other["payload"].get("paper")
        if other["event"] == "add_paper" and other["seq"] > entry["seq"]:
            later.add(paper)
        elif other["event"] == "remove_paper" and other["seq"] <= entry["seq"]:
            gone.add(paper)
    return [dict(row) for row in rows if row["id"] not in later | gone]
