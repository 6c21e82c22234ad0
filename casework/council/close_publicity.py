"""Closing the window of a session: its list, or its outcome, lay open, and what was objected was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select

from casework.act import Done, do_act
from casework.call import Call
from casework.council.lying_open import PUBLICITY, calendar_name, window_of
from casework.council.tables import (
    CHAIR,
    SECRETARY,
    SessionSeen,
    council_subject,
    role_needed,
    session_seen,
    standing_needed,
)
from casework.history import make_note, write_notes
from casework.load import OBJECTION
from casework.regulations import days_off
from kit.database import Database, insert_or_ignore
from models.obligation import Fulfilment, Obligation
from rules.reasons import Reason, refuse_if

OBLIGATION, FULFILMENT = Obligation.__table__, Fulfilment.__table__


def close_publicity(database: Database, session: int, text: str, call: Call, **options: Any) -> Done:
    """Close the window of a session, once it is over, with what came of it in words.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen = session_seen(connection, session, lock=True)
        reasons = role_needed(connection, seen.council, call, (SECRETARY, CHAIR))
        reasons += standing_needed(seen, "called", "voting", "counted", "closed")
        reasons += _against_day(connection, seen, call)
        closed = closed_of(connection, session)
        if closed is not None:
            about = {"session": session, "day": closed["done_on"].isoformat()}
            reasons.append(Reason("publicity_closed_already", about))
        objections = open_objections(connection, seen)
        if objections:
            reasons.append(Reason("objection_open", {"count": objections}, "NĐ 152/2025, Điều 4(4)"))
        if not text.strip():
            reasons.append(Reason("input_missing", {"input": "publicity"}))
        refuse_if(reasons)
        note, told = make_note(text.strip())
        write_notes(connection, [note])
        row = {
            "unit_id": seen.council.unit["id"],
            "calendar": calendar_name(session),
            "milestone": PUBLICITY,
            "done_on": call.day,
            "paper_name": "",
            "note_id": note["id"],
            "fulfilled_by_id": call.actor_id,
            "fulfilled_at": call.now,
        }
        connection.execute(insert(FULFILMENT), row)
        return council_subject(seen.council.id), {"session": session, "reason": told}

    asked = {"session": session, "text": text}
    return do_act(database, "close_publicity", call, work, asked=asked, **options)


def _against_day(connection: Connection, seen: SessionSeen, call: Call) -> list[Reason]:
    about = {"session": seen.id}
    if seen.council.rules.publicity is None:
        return [Reason("no_publicity", about)]
    window = window_of(seen.council.rules, seen.row, days_off(connection))
    if window is None:
        return [Reason("publicity_not_begun", about)]
    if call.day <= window.ends:
        return [Reason("publicity_runs", {**about, "until": window.ends.isoformat()})]
    return []


def owe_publicity(connection: Connection, seen: SessionSeen, session: int, call: Call) -> None:
    """Note that the council's unit owes the closing of a session's window, where its rules have one that is known."""
    row = {"held_on": seen.row["held_on"], "counted_at": seen.row["counted_at"]}
    if window_of(seen.council.rules, row, days_off(connection)) is None:
        return
    owed = {
        "unit_id": seen.council.unit["id"],
        "calendar": calendar_name(session),
        "milestone": PUBLICITY,
        # An act sets it to its own day; the tick works out the next one.
        "look_on": call.day,
    }
    connection.execute(insert_or_ignore(connection, OBLIGATION), [owed])


def closed_of(connection: Connection, session: int) -> Mapping[str, Any] | None:
    """The row by which the window of a session was closed; None while it was not."""
    query = select(FULFILMENT).where(
        FULFILMENT.c.calendar == calendar_name(session), FULFILMENT.c.undone_at.is_(None)
    )
    return connection.execute(query).mappings().first()


def open_objections(connection: Connection, seen: SessionSeen) -> int:
    """How many objections wait for a conclusion that are about nominations on a session's list, or whole dossiers."""
    numbers = [item["nomination_id"] for item in seen.items]
    query = select(func.count()).where(
        OBJECTION.c.dossier_id.in_({item["dossier_id"] for item in seen.items}),
        or_(OBJECTION.c.nomination_id.is_(None), OBJECTION.c.nomination_id.in_(numbers)),
        OBJECTION.c.settled_at.is_(None),
    )
    return int(connection.execute(query).scalar_one())
