"""Calling a council to a session, saying who is there, and standing aside."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert

from casework.act import Done, do_act
from casework.call import Call
from casework.council.agenda import MOST, awaiting
from casework.council.close_publicity import owe_publicity
from casework.council.tables import (
    CHAIR,
    ITEM,
    OPEN_VOTE,
    PRESENT,
    RECUSAL,
    SECRETARY,
    SESSION,
    SessionSeen,
    council_seen,
    council_subject,
    members_on,
    role_needed,
    session_seen,
    standing_needed,
)
from casework.council.telling import tell
from casework.history import make_note, write_notes
from casework.people import person_by_code
from kit.database import Database
from models.council import VOTE_CHOICES
from published.councils import WRITTEN
from rules.reasons import Reason, Refused, refuse_if

MOST_PLACE = 200
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def call_session(
    database: Database,
    council: int,
    held_on: date,
    begins: str,
    place: str,
    nominations: Sequence[int],
    call: Call,
    **options: Any,
) -> Done:
    """Call the members to a session: day, local time (``08:00``), place, and the nominations on its list.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen = council_seen(connection, council, lock=True)
        reasons = role_needed(connection, seen, call, (SECRETARY, CHAIR))
        if held_on < call.day:
            reasons.append(Reason("session_in_the_past", {"day": held_on.isoformat()}))
        if not seen.holds(held_on):
            reasons.append(Reason("council_not_on_day", {"day": held_on.isoformat()}))
        if not _CLOCK.fullmatch(begins):
            reasons.append(Reason("not_a_time_of_day", {"value": begins}))
        if not place.strip():
            reasons.append(Reason("session_needs_place"))
        if len(place.strip()) > MOST_PLACE:
            reasons.append(Reason("text_too_long", {"most": MOST_PLACE}))
        members = members_on(connection, council, held_on)
        if not members:
            reasons.append(Reason("council_without_members", {"day": held_on.isoformat()}))
        waiting = {row["id"]: row for row in awaiting(connection, seen)}
        reasons += _about_list(nominations, waiting)
        refuse_if(reasons)
        row = {
            "council_id": council,
            "held_on": held_on,
            "begins": begins,
            "place": place.strip(),
            "standing": "called",
        }
        made = int(connection.execute(insert(SESSION), row).inserted_primary_key[0])
        secret = {n: seen.rules.threshold_of(waiting[n]["title"]).secret for n in nominations}
        connection.execute(
            insert(ITEM),
            [{"session_id": made, "nomination_id": n, "secret": secret[n]} for n in nominations],
        )
        tell(connection, "council_called", seen, made, members, call)
        owe_publicity(connection, session_seen(connection, made), made, call)
        payload = {
            "session": made,
            "day": held_on.isoformat(),
            "begins": begins,
            "nominations": list(nominations),
        }
        return council_subject(council), payload

    asked = {
        "council": council,
        "held_on": held_on,
        "begins": begins,
        "place": place,
        "nominations": list(nominations),
    }
    return do_act(database, "call_session", call, work, asked=asked, **options)


def _about_list(nominations: Sequence[int], waiting: Mapping[int, Mapping[str, Any]]) -> list[Reason]:
    reasons = []
    if not nominations:
        reasons.append(Reason("session_needs_list"))
    if len(nominations) > MOST:
        reasons.append(Reason("too_many_on_list", {"most": MOST}))
    for number in dict.fromkeys(nominations):
        if number not in waiting:
            reasons.append(Reason("not_at_council", {"nomination": number}))
        elif waiting[number]["on_list"] is not None:
            about = {"nomination": number, "session": waiting[number]["on_list"]}
            reasons.append(Reason("on_another_list", about))
        if list(nominations).count(number) > 1:
            reasons.append(Reason("on_list_twice", {"nomination": number}))
    return reasons


def attend(database: Database, session: int, present: Collection[str], call: Call, **options: Any) -> Done:
    """Record who of the members is there, by their codes; all others are absent. Said again, the last word counts.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen = session_seen(connection, session, lock=True)
        reasons = role_needed(connection, seen.council, call, (SECRETARY, CHAIR))
        reasons += standing_needed(seen, "called")
        members = members_on(connection, seen.council.id, seen.row["held_on"])
        there: set[int] = set()
        for code in present:
            try:
                who = person_by_code(connection, code)["id"]
            except Refused as refusal:
                reasons += refusal.reasons
                continue
            if who not in members:
                reasons.append(Reason("unknown_council_member", {"person": who}))
            there.add(who)
        refuse_if(reasons)
        # Who was written down as absent has not asked in vain: a written opinion goes where its writer came after all.
        gone = [row["id"] for row in seen.items]
        connection.execute(
            delete(OPEN_VOTE).where(
                OPEN_VOTE.c.item_id.in_(gone),
                OPEN_VOTE.c.person_id.not_in([p for p in members if p not in there] or [0]),
            )
        )
        connection.execute(delete(PRESENT).where(PRESENT.c.session_id == session))
        rows = [
            {
                "session_id": session,
                "person_id": person,
                "role": role,
                "presence": "present" if person in there else "absent",
            }
            for person, role in members.items()
        ]
        if rows:
            connection.execute(insert(PRESENT), rows)
        absent = {person: role for person, role in members.items() if person not in there}
        if seen.council.rules.absent == WRITTEN:
            tell(connection, "council_written", seen.council, session, absent, call)
        payload = {"session": session, "present": sorted(there), "absent": sorted(absent)}
        return council_subject(seen.council.id), payload

    asked = {"session": session, "present": sorted(present)}
    return do_act(database, "attend_session", call, work, asked=asked, **options)


def write_opinion(
    database: Database,
    session: int,
    person: str,
    choices: Mapping[int, str],
    call: Call,
    **options: Any,
) -> Done:
    """Keep the written opinion of an absent member on every nomination of the list: ``choices`` maps a nomination to
    yes, no or abstain. The member gives it, or the secretary who has it on paper. Until the count the last one counts.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen = session_seen(connection, session, lock=True)
        who = person_by_code(connection, person)["id"]
        reasons = (
            [] if who == call.actor_id else role_needed(connection, seen.council, call, (SECRETARY, CHAIR))
        )
        reasons += standing_needed(seen, "called", "voting")
        if seen.council.rules.absent != WRITTEN:
            reasons.append(Reason("no_written_opinions"))
        member = seen.members.get(who)
        if member is None:
            reasons.append(Reason("not_in_session", {"person": who}))
        elif member["presence"] != "absent":
            reasons.append(Reason("present_votes_in_person", {"person": who}))
        reasons += choice_reasons(seen, who, choices)
        refuse_if(reasons)
        mine = [row for row in seen.items if row["nomination_id"] in choices]
        connection.execute(
            delete(OPEN_VOTE).where(
                OPEN_VOTE.c.person_id == who, OPEN_VOTE.c.item_id.in_([row["id"] for row in seen.items])
            )
        )
        rows = [
            {
                "item_id": row["id"],
                "person_id": who,
                "choice": choices[row["nomination_id"]],
                "written": True,
            }
            for row in mine
        ]
        if rows:
            connection.execute(insert(OPEN_VOTE), rows)
        payload = {
            "session": session,
            "person": who,
            "choices": [[row["nomination_id"], choices[row["nomination_id"]]] for row in mine],
        }
        return council_subject(seen.council.id), payload

    asked = {"session": session, "person": person, "choices": sorted(choices.items())}
    return do_act(database, "write_council_opinion", call, work, asked=asked, **options)


def choice_reasons(session: SessionSeen, person: int, choices: Mapping[int, str]) -> list[Reason]:
    """Why these are not one choice for each nomination on which a member votes."""
    listed = {row["nomination_id"]: row for row in session.items}
    reasons = []
    for number, choice in choices.items():
        if number not in listed:
            reasons.append(Reason("not_on_list", {"nomination": number}))
        elif person in session.aside(listed[number]):
            reasons.append(Reason("stands_aside", {"nomination": number}))
        if choice not in VOTE_CHOICES:
            reasons.append(Reason("unknown_choice", {"choice": choice}))
    reasons += [
        Reason("choice_missing", {"nomination": number})
        for number, row in listed.items()
        if number not in choices and person not in session.aside(row)
    ]
    return reasons


def recuse(
    database: Database,
    session: int,
    person: str,
    nomination: int,
    reason: str,
    call: Call,
    **options: Any,
) -> Done:
    """A member stands aside for one nomination, with the reason; the secretary writes it down for a member who says so.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen = session_seen(connection, session, lock=True)
        who = person_by_code(connection, person)["id"]
        reasons = (
            [] if who == call.actor_id else role_needed(connection, seen.council, call, (SECRETARY, CHAIR))
        )
        reasons += standing_needed(seen, "called")
        if who not in members_on(connection, seen.council.id, seen.row["held_on"]):
            reasons.append(Reason("unknown_council_member", {"person": who}))
        item = next((row for row in seen.items if row["nomination_id"] == nomination), None)
        if item is None:
            reasons.append(Reason("not_on_list", {"nomination": nomination}))
        elif who in seen.recusals.get(item["id"], ()):
            reasons.append(Reason("stands_aside_already", {"nomination": nomination}))
        if not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        if item is None or reasons:
            raise Refused(reasons)
        note, told = make_note(reason.strip())
        write_notes(connection, [note])
        row = {"item_id": item["id"], "person_id": who, "kind": "own", "note_id": told["note"]}
        connection.execute(insert(RECUSAL), row)
        # A written opinion that came before speaks for this nomination no more.
        connection.execute(
            delete(OPEN_VOTE).where(OPEN_VOTE.c.item_id == item["id"], OPEN_VOTE.c.person_id == who)
        )
        payload = {"session": session, "person": who, "nomination": nomination, "reason": told}
        return council_subject(seen.council.id), payload

    asked = {"session": session, "person": person, "nomination": nomination, "reason": reason}
    return do_act(database, "recuse_member", call, work, asked=asked, **options)
