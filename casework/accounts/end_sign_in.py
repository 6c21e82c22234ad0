"""Ending sign-ins: one's own, which are rows only, and anybody's by an administrator, which is an act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from casework.access import administrators_only
from casework.accounts.tables import SIGN_IN, end_all_sign_ins, token_digest
from casework.act import Done, do_act
from casework.call import Call
from casework.duties import duties_subject
from casework.people import person_by_code
from kit.database import Database
from rules.reasons import Reason, Refused, refuse_if


def sign_out(database: Database, token: str, *, real_now: datetime) -> bool:
    """End the sign-in of a token; whether there was one."""
    mine = SIGN_IN.c.token_sha256 == token_digest(token)
    with database.write() as connection:
        ended = update(SIGN_IN).where(mine, SIGN_IN.c.ended_at.is_(None)).values(ended_at=real_now)
        return connection.execute(ended).rowcount == 1


def end_own_sign_in(database: Database, person_id: int, sign_in: int, *, real_now: datetime) -> bool:
    """End one of a person's own sign-ins; whether there was one. Of others nothing is ended or told."""
    with database.write() as connection:
        return _end_one(connection, person_id, sign_in, real_now)


def end_other_sign_ins(database: Database, person_id: int, keep: int, *, real_now: datetime) -> int:
    """End all of a person's sign-ins but the one numbered ``keep``; how many were ended."""
    with database.write() as connection:
        return end_all_sign_ins(connection, person_id, real_now, keep)


def end_sign_ins(
    database: Database,
    person: str,
    call: Call,
    *,
    real_now: datetime,
    sign_in: int | None = None,
    **options: Any,
) -> Done:
    """End one sign-in of a person, or all of them.

    Raises:
        Refused: no administrator; no such person; no such sign-in, or it was ended.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        reasons = administrators_only(connection, call)
        try:
            who = person_by_code(connection, person)
        except Refused as refusal:
            raise Refused([*reasons, *refusal.reasons]) from refusal
        refuse_if(reasons)
        if sign_in is None:
            ended = end_all_sign_ins(connection, who["id"], real_now)
        elif not _end_one(connection, who["id"], sign_in, real_now):
            raise Refused([Reason("sign_in_not_found", {"number": sign_in})])
        else:
            ended = 1
        return duties_subject(who["id"]), {"sign_in": sign_in, "ended": ended}

    asked = {"person": person, "sign_in": sign_in}
    return do_act(database, "end_sign_in", call, work, asked=asked, **options)


def _end_one(connection: Connection, person: int, sign_in: int, now: datetime) -> bool:
    mine = SIGN_IN.c.id == sign_in, SIGN_IN.c.person_id == person, SIGN_IN.c.ended_at.is_(None)
    return connection.execute(update(SIGN_IN).where(*mine).values(ended_at=now)).rowcount == 1
