"""Sign-ins and accounts, listed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from casework.access import administrators_only
from casework.accounts.numbers import IDLE
from casework.accounts.tables import ACCOUNT, LINK, SIGN_IN, link_is_open
from casework.call import Call
from casework.people import PERSON, person_by_code
from kit.database import Database
from rules.reasons import refuse_if


def _counts(now: datetime) -> ColumnElement[bool]:
    return and_(SIGN_IN.c.ended_at.is_(None), SIGN_IN.c.expires_at > now, SIGN_IN.c.last_seen_at > now - IDLE)


def list_sign_ins(database: Database, person: str, call: Call, *, real_now: datetime) -> list[dict[str, Any]]:
    """The sign-ins of a person that count now, the newest first; one's own, or anybody's for an administrator.

    Raises:
        Refused: no such person; it is somebody else, and the caller is no administrator.
    """
    with database.read() as connection:
        who = person_by_code(connection, person)
        if who["id"] != call.actor_id:
            refuse_if(administrators_only(connection, call))
        query = select(SIGN_IN).where(SIGN_IN.c.person_id == who["id"], _counts(real_now))
        rows = connection.execute(query.order_by(SIGN_IN.c.id.desc())).mappings().all()
    return [
        {
            "sign_in": row["id"],
            "way": row["way"],
            "created_at": row["created_at"].isoformat(),
            "last_seen_at": row["last_seen_at"].isoformat(),
            "expires_at": min(row["expires_at"], row["last_seen_at"] + IDLE).isoformat(),
            "client": row["client"],
            "address": row["address"],
        }
        for row in rows
    ]


def list_accounts(
    database: Database, call: Call, *, real_now: datetime, person: str | None = None
) -> list[dict[str, Any]]:
    """Everybody who has an account or an open link to one, by staff code; ``standing``: invited, open or ended.

    ``person`` (a code) leaves everybody else out.

    Raises:
        Refused: no administrator.
    """
    counted = select(SIGN_IN.c.person_id, func.count().label("sign_ins")).where(_counts(real_now))
    now = counted.group_by(SIGN_IN.c.person_id).subquery()
    invited = select(LINK.c.id).where(
        LINK.c.person_id == PERSON.c.id, LINK.c.purpose != "reset", link_is_open(real_now)
    )
    columns = (PERSON.c.code, PERSON.c.name, ACCOUNT.c.set_at, ACCOUNT.c.ended_at, now.c.sign_ins)
    query = (
        select(*columns, invited.exists().label("invited"))
        .outerjoin(ACCOUNT, ACCOUNT.c.person_id == PERSON.c.id)
        .outerjoin(now, now.c.person_id == PERSON.c.id)
        .where(ACCOUNT.c.person_id.is_not(None) | invited.exists())
        .order_by(PERSON.c.code)
    )
    if person is not None:
        query = query.where(PERSON.c.code == person)
    with database.read() as connection:
        refuse_if(administrators_only(connection, call))
        rows = connection.execute(query).mappings().all()
    return [
        {
            "person": row["code"],
            "name": row["name"],
            "standing": _standing(row),
            "set_at": row["set_at"].isoformat() if row["set_at"] else None,
            "sign_ins": row["sign_ins"] or 0,
        }
        for row in rows
    ]


def _standing(row: Any) -> str:
    if row["set_at"] is not None and row["ended_at"] is None:
        return "open"
    return "invited" if row["invited"] else "ended"
