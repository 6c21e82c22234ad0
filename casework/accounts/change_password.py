"""Changing one's own password."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.accounts.guard import count_sign_in, forget, known_networks
from casework.accounts.network import network_of
from casework.accounts.passwords import against_password, fits, hash_of
from casework.accounts.redeem_link import set_password
from casework.accounts.tables import ACCOUNT, end_links
from casework.act import Done, do_act
from casework.call import Call
from casework.duties import duties_subject
from casework.people import PERSON
from kit.database import Database
from rules.reasons import Reason, Refused, refuse_if


def has_password(connection: Connection, person: int) -> bool:
    """Whether a person has a password that could be changed: the sample's people sign in without one."""
    mine = select(ACCOUNT.c.person_id).where(ACCOUNT.c.person_id == person, ACCOUNT.c.ended_at.is_(None))
    return connection.execute(mine).first() is not None


def change_password(
    database: Database,
    old: str,
    new: str,
    call: Call,
    *,
    keep: int | None,
    address: str,
    real_now: datetime,
    **options: Any,
) -> Done:
    """Change the password of the one who calls. Every other sign-in than the one numbered ``keep``, and every link,
    is ended. Whoever found an open browser guesses the old password no faster than at the door.

    Raises:
        Refused: there is no account; `sign_in_wait`; the old password is wrong; every reason against the new one.
    """
    network = network_of(address)
    with database.write() as connection:
        query = select(PERSON, ACCOUNT.c.password_hash).join(ACCOUNT, ACCOUNT.c.person_id == PERSON.c.id)
        person = connection.execute(query.where(PERSON.c.id == call.actor_id)).mappings().first()
        if person is None or not person["password_hash"]:
            raise Refused([Reason("no_account")])
        known = known_networks(connection, person["id"], real_now)
        count_sign_in(connection, person["code"], network, known, real_now)
    reasons = against_password(new, person)
    if not fits(person["password_hash"], old):
        refuse_if([Reason("old_password_wrong"), *reasons])
    with database.write() as connection:
        forget(connection, person["code"], network)
    refuse_if(reasons)
    password_hash = hash_of(new)

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        mine = select(ACCOUNT.c.password_hash).where(ACCOUNT.c.person_id == person["id"])
        if connection.execute(mine.with_for_update()).scalar() != person["password_hash"]:
            # Changed by another request in this moment.
            raise Refused([Reason("old_password_wrong")])
        end_links(connection, person["id"], real_now)
        set_password(connection, person["id"], password_hash, call, real_now, keep)
        return duties_subject(person["id"]), {"person": person["id"]}

    # Neither password is a part of what is asked for: its digest would stand in the history.
    return do_act(database, "change_password", call, work, asked={"keep": keep}, **options)
