"""Signing in with a name and a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, update

from casework.accounts.guard import count_sign_in, forget, known_networks
from casework.accounts.names import account_named
from casework.accounts.network import network_of, shown
from casework.accounts.numbers import KNOWN_FOR, LONGEST
from casework.accounts.passwords import fits, hash_of, is_outdated
from casework.accounts.tables import ACCOUNT, SIGN_IN, draw_token, token_digest
from kit.database import Database
from rules.reasons import Reason, Refused


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new sign-in. ``token`` is told here and never again; ``sign_in`` is its number."""

    token: str
    sign_in: int
    person_id: int
    expires_at: datetime


def sign_in(
    database: Database, name: str, password: str, *, client: str, address: str, real_now: datetime
) -> SignedIn:
    """Sign somebody in. ``name`` is a staff code, or the e-mail address on file.

    The same statements and one Argon2 are done, and the same words said, whether nobody has the name or the password
    is wrong. The attempt is counted before the password is looked at, and forgotten when it fits.

    Raises:
        Refused: `sign_in_refused`; or `sign_in_wait` with ``until``.
    """
    network = network_of(address)
    with database.write() as connection:
        person = account_named(connection, name)
        known = known_networks(connection, person["id"] if person else None, real_now)
        count_sign_in(connection, name, network, known, real_now)
    # Outside of any transaction: this is meant to take long.
    if not fits(person["password_hash"] if person else None, password) or person is None:
        raise Refused([Reason("sign_in_refused")])
    newer = hash_of(password) if is_outdated(person["password_hash"]) else person["password_hash"]
    with database.write() as connection:
        _still_the_password(connection, person, newer)
        forget(connection, name, network)
        return open_sign_in(
            connection, person["id"], "password", client=client, address=address, real_now=real_now
        )


def _still_the_password(connection: Connection, person: dict[str, Any], newer: str) -> None:
    """Nothing, unless the password was changed or the account ended while it was looked at."""
    seen = ACCOUNT.c.password_hash == person["password_hash"]
    mine = update(ACCOUNT).where(ACCOUNT.c.person_id == person["id"], seen)
    if connection.execute(mine.values(password_hash=newer)).rowcount != 1:
        raise Refused([Reason("sign_in_refused")])


def open_sign_in(
    connection: Connection, person: int, way: str, *, client: str, address: str, real_now: datetime
) -> SignedIn:
    """Write a new sign-in of a person; the caller commits. What is too old to be a known place is deleted."""
    old = SIGN_IN.c.created_at < real_now - KNOWN_FOR
    connection.execute(delete(SIGN_IN).where(SIGN_IN.c.person_id == person, old))
    token, expires_at = draw_token(), real_now + LONGEST
    row = {
        "person_id": person,
        "token_sha256": token_digest(token),
        "way": way,
        "created_at": real_now,
        "last_seen_at": real_now,
        "expires_at": expires_at,
        "client": shown(client, 120),
        "address": shown(address, 45),
        "network": network_of(address),
    }
    made = int(connection.execute(insert(SIGN_IN), row).inserted_primary_key[0])
    return SignedIn(token, made, person, expires_at)
