"""Whom a name means that was typed to sign in: a staff code, or an e-mail address as it is on file."""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import Connection, func, or_, select

from casework.accounts.tables import ACCOUNT
from casework.people import PERSON
from notifications.address import same_address


def plain_name(name: str) -> str:
    """A name as it is compared and counted."""
    return unicodedata.normalize("NFC", "".join(sign for sign in name[:200] if sign.isprintable())).strip()


def account_named(connection: Connection, name: str) -> dict[str, Any] | None:
    """The person (a row, with ``password_hash``) who has an account and whom a name means; None where nobody is.

    An address that several people share means none of them: each has a code. One statement, whoever is meant.
    """
    plain = plain_name(name)
    address = same_address(plain)
    # Many people have no address on file: an empty name must not mean them.
    named = or_(PERSON.c.code == plain, func.lower(PERSON.c.email) == (address or "-"))
    query = select(PERSON, ACCOUNT.c.password_hash, ACCOUNT.c.ended_at).outerjoin(
        ACCOUNT, ACCOUNT.c.person_id == PERSON.c.id
    )
    rows = [dict(row) for row in connection.execute(query.where(named).limit(3)).mappings()]
    meant = [row for row in rows if row["code"] == plain] or rows
    if len(meant) != 1 or not meant[0]["password_hash"] or meant[0]["erased_at"] is not None:
        return None
    return meant[0]
