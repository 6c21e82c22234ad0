"""Closing a session, whose outcomes become the council's opinions; or annulling it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, update

from casework.act import Done, do_act
from casework.call import Call
from casework.change_dossier import change_within
from casework.council.agenda import awaiting
from casework.council.ballot_box import empty_box, hold_box
from casework.council.count import passed
from casework.council.places import cut_due
from casework.council.tables import (
    CHAIR,
    SECRETARY,
    SESSION,
    SessionSeen,
    council_subject,
    role_needed,
    session_seen,
    standing_needed,
)
from casework.council.telling import tell
from casework.council.vote import presiding
from casework.give_opinion import giving
from casework.history import make_note, write_notes
from casework.inputs import OpinionInput
from casework.prepare_step import unique
from kit.database import Database
from notifications.words import say
from rules.reasons import Reason, Refused, refuse_if


def close_session(database: Database, session: int, call: Call, **options: Any) -> Done:
    """Close a counted session: its outcomes are written as the council's opinions, with votes and members, to each
    dossier that still lies at its desk. What was taken away meanwhile is left, and told.

    Raises:
        Refused: with every reason, of every dossier at once; nothing is written then.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen = session_seen(connection, session, lock=True)
        reasons = role_needed(connection, seen.council, call, (SECRETARY, CHAIR))
        reasons += standing_needed(seen, "counted")
        refuse_if(reasons)
        if cut_due(seen):
            reasons.append(Reason("cut_is_due"))
        here = {row["id"] for row in awaiting(connection, seen.council)}
        by_dossier: dict[str, list[OpinionInput]] = {}
        for item in seen.items:
            if item["nomination_id"] in here:
                by_dossier.setdefault(item["dossier"], []).append(opinion_of(seen, item))
        told = {"session": session, "council": seen.council.id}
        for code, opinions in sorted(by_dossier.items()):
            try:
                change_within(
                    connection, code, "give_opinion", call.part(code), giving(opinions, {"council": told})
                )
            except Refused as refusal:
                reasons += refusal.reasons
        refuse_if(unique(reasons))
        connection.execute(update(SESSION).where(SESSION.c.id == session).values(standing="closed"))
        tell(connection, "council_result", seen.council, session, seen.members, call)
        left = [item["nomination_id"] for item in seen.items if item["nomination_id"] not in here]
        payload = {"session": session, "dossiers": sorted(by_dossier), "left": left}
        return council_subject(seen.council.id), payload

    done = do_act(database, "close_session", call, work, asked={"session": session}, **options)
    if not done.dry_run:
        # Once more: at the count somebody may have been reading.
        database.cut_log()
    return done


def opinion_of(session: SessionSeen, item: Mapping[str, Any]) -> OpinionInput:
    """What the council says of a nomination: supported where it passed and has a place, with votes and base."""
    about = {"agree": item["agree"], "base": item["base"], "needed": item["needed"]}
    supported = passed(item) and item["place"] != "outside"
    reason = None
    if not supported:
        # The office's own language: it goes into the dossier as a text, once for all readers.
        reason = say("councils.no_place" if passed(item) else "councils.not_passed", about, "vi")
    return OpinionInput(
        item["nomination_id"],
        "supported" if supported else "not_supported",
        reason=reason,
        # Of nobody there is no vote to tell.
        votes_for=item["agree"] if item["base"] else None,
        members=item["base"] or None,
    )


def annul(database: Database, session: int, reason: str, call: Call, **options: Any) -> Done:
    """Annul a session that is not closed, with the reason. What was cast is thrown away.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen = session_seen(connection, session, lock=True)
        reasons = role_needed(connection, seen.council, call, presiding(seen))
        reasons += standing_needed(seen, "called", "voting", "counted")
        if not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        refuse_if(reasons)
        note, told = make_note(reason.strip())
        write_notes(connection, [note])
        hold_box(connection)
        empty_box(connection, session)
        connection.execute(
            update(SESSION).where(SESSION.c.id == session).values(standing="annulled", note_id=told["note"])
        )
        payload = {"session": session, "was": seen.row["standing"], "reason": told}
        return council_subject(seen.council.id), payload

    asked = {"session": session, "reason": reason}
    done = do_act(database, "annul_session", call, work, asked=asked, **options)
    if not done.dry_run:
        database.cut_log()
    return done
