"""Ending an account: nobody signs in with it any more, until the person is invited again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from casework.access import administrators_only
from casework.accounts.tables import ACCOUNT, SIGN_IN, end_all_sign_ins, end_links
from casework.act import Done, do_act
from casework.call import Call
from casework.duties import duties_subject
from casework.people import person_by_code
from kit.database import Database
from rules.reasons import Reason, Refused, refuse_if


def end_account(database: Database, person: str, call: Call, *, real_now: datetime, **options: Any) -> Done:
    """End a person's account with its password, its links and its sign-ins.

    Raises:
        Refused: no administrator; no such person; there is no account, or it was ended.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        reasons = administrators_only(connection, call)
        try:
            who = person_by_code(connection, person)
        except Refused as refusal:
            raise Refused([*reasons, *refusal.reasons]) from refusal
        refuse_if(reasons)
        if not _end(connection, who["id"], real_now):
            raise Refused([Reason("no_account")])
        return duties_subject(who["id"]), {"person": who["id"]}

    return do_act(database, "end_account", call, work, asked={"person": person}, **options)


def erase_account(connection: Connection, person: int) -> None:
    """End the account of somebody who is erased, and forget from where and with what the person signed in.

    The instants are those at which the account was set and each sign-in last seen: whoever erases knows business
    time only.
    """
    set_at = connection.execute(select(ACCOUNT.c.set_at).where(ACCOUNT.c.person_id == person)).scalar()
    if set_at is not None:
        _end(connection, person, set_at)
    mine = update(SIGN_IN).where(SIGN_IN.c.person_id == person)
    connection.execute(mine.where(SIGN_IN.c.ended_at.is_(None)).values(ended_at=SIGN_IN.c.last_seen_at))
    connection.execute(mine.values(client="", address="", network=""))


def _end(connection: Connection, person: int, now: datetime) -> bool:
    """Whether there was an account, or a link to one, that was ended."""
    mine = update(ACCOUNT).where(ACCOUNT.c.person_id == person, ACCOUNT.c.ended_at.is_(None))
    ended = connection.execute(mine.values(password_hash="", ended_at=now)).rowcount
    ended += end_links(connection, person, now)
    end_all_sign_ins(connection, person, now)
    return ended > 0
