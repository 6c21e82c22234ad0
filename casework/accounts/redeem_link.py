"""Using a one-time link: whoever has it sets the person's password, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from casework.accounts.make_link import against_first
from casework.accounts.passwords import against_password, hash_of
from casework.accounts.tables import (
    ACCOUNT,
    LINK,
    RESET_PAGE,
    end_all_sign_ins,
    end_links,
    token_digest,
)
from casework.act import Done, do_act
from casework.call import Call
from casework.duties import duties_subject, not_erased
from casework.outbox import enqueue, new_item
from casework.people import PERSON
from kit.database import Database
from rules.reasons import Reason, Refused, refuse_if


@dataclass(frozen=True, slots=True)
class SeenLink:
    """Whose link it is, and what for."""

    person_id: int
    code: str
    name: str
    purpose: str
    expires_at: datetime


def look_at_link(database: Database, token: str, *, real_now: datetime) -> SeenLink:
    """What a link is for, without using it.

    Raises:
        Refused: `link_unknown`, `link_used` or `link_over`.
    """
    with database.read() as connection:
        row = _link(connection, token)
        refuse_if(_against_link(connection, row, real_now))
    return SeenLink(row["person_id"], row["code"], row["name"], row["purpose"], row["expires_at"])


def redeem_link(
    database: Database, token: str, password: str, call: Call, *, real_now: datetime, **options: Any
) -> Done:
    """Set the password of the person whose link it is. The link is used then; other links and every sign-in of the
    person are ended. The history names the person as the one who did it.

    Raises:
        Refused: with every reason against the link and against the password.
    """
    with database.read() as connection:
        seen = _link(connection, token)
    # Made before the write lock is taken: it takes long. The same work is done for a link that is refused below.
    password_hash = hash_of(password)

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = _link(connection, token, lock=True)
        reasons = _against_link(connection, row, real_now)
        refuse_if([*reasons, *against_password(password, row)])
        person = row["person_id"]
        connection.execute(update(LINK).where(LINK.c.id == row["id"]).values(used_at=real_now))
        end_links(connection, person, real_now)
        set_password(connection, person, password_hash, call, real_now)
        return duties_subject(person), {"link": row["id"], "purpose": row["purpose"]}

    # The password is no part of what is asked for: its digest would stand in the history.
    asked = {"link": seen["id"]}
    call = replace(call, actor_id=seen["person_id"])
    return do_act(database, "set_password", call, work, asked=asked, **options)


def set_password(
    connection: Connection,
    person: int,
    password_hash: str,
    call: Call,
    now: datetime,
    keep: int | None = None,
) -> None:
    """Write a person's password; every sign-in but ``keep`` is ended. Where there was one, a letter says that it is
    another now: whoever did not do that can still do something. The caller commits."""
    query = select(PERSON.c.email, PERSON.c.code).join(ACCOUNT, ACCOUNT.c.person_id == PERSON.c.id)
    had = connection.execute(query.where(PERSON.c.id == person, ACCOUNT.c.ended_at.is_(None))).first()
    if had is not None and had.email:
        enqueue(connection, [_changed(person, had.code, call, now)])
    connection.execute(delete(ACCOUNT).where(ACCOUNT.c.person_id == person))
    connection.execute(insert(ACCOUNT), {"person_id": person, "password_hash": password_hash, "set_at": now})
    end_all_sign_ins(connection, person, now, keep)


def _changed(person: int, code: str, call: Call, now: datetime) -> dict[str, Any]:
    at = now.isoformat()
    facts = {"account": code, "at": at, "path": RESET_PAGE, "command": f"thidua account link {code}"}
    return new_item("password_changed", duties_subject(person), at, person, facts, call.now)


def _link(connection: Connection, token: str, *, lock: bool = False) -> Mapping[str, Any]:
    query = select(LINK, PERSON.c.code, PERSON.c.name, PERSON.c.email, PERSON.c.erased_at)
    query = query.join(PERSON, PERSON.c.id == LINK.c.person_id)
    query = query.where(LINK.c.token_sha256 == token_digest(token))
    if lock:
        query = query.with_for_update(of=LINK)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise Refused([Reason("link_unknown")])
    return row


def _against_link(connection: Connection, row: Mapping[str, Any], now: datetime) -> list[Reason]:
    reasons = not_erased(row)
    if row["used_at"] is not None:
        reasons.append(Reason("link_used"))
    elif row["ended_at"] is not None or row["expires_at"] <= now:
        reasons.append(Reason("link_over"))
    elif row["purpose"] == "first_administrator":
        reasons += against_first(connection)
    return reasons
