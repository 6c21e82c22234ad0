"""Asking for a new password by letter. Whoever asks learns nothing about who has an account.

The link has no token yet: that is drawn when the letter is handed over (`casework/letters/deliver.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from casework.accounts.guard import count_reset
from casework.accounts.names import account_named
from casework.accounts.network import network_of
from casework.accounts.numbers import LINK_LASTS, RESET_AGAIN
from casework.accounts.tables import LINK, link_is_open
from casework.call import Call
from casework.duties import duties_subject
from casework.history import ENTRY, append_entry
from casework.outbox import enqueue, new_item
from kit.database import Database


def ask_for_reset(database: Database, name: str, call: Call, *, address: str, real_now: datetime) -> None:
    """Let a letter with a one-time link go to the person whom ``name`` (as in `sign_in`) means, if there is an account.

    The answer is the same whoever is meant, also for the same request again. Nothing that was sent before is ended
    by it: otherwise anybody could make another's link useless. One transaction either way.

    Raises:
        Refused: `sign_in_wait`: too many were asked for from that network.
    """
    with database.write() as connection:
        count_reset(connection, name, network_of(address), real_now)
        person = account_named(connection, name)
        again = connection.execute(select(ENTRY.c.seq).where(ENTRY.c.request_key == call.key)).first()
        if person is not None and again is None and not _asked_lately(connection, person["id"], real_now):
            _ask(connection, person["id"], call, real_now)


def _asked_lately(connection: Connection, person: int, now: datetime) -> bool:
    query = select(LINK.c.id).where(LINK.c.person_id == person, LINK.c.purpose == "reset")
    query = query.where(LINK.c.made_at > now - RESET_AGAIN)
    return connection.execute(query.where(link_is_open(now))).first() is not None


def _ask(connection: Connection, person: int, call: Call, now: datetime) -> None:
    row: dict[str, Any] = {"purpose": "reset", "person_id": person, "made_at": now}
    row["expires_at"] = now + LINK_LASTS["reset"]
    link = int(connection.execute(insert(LINK), row).inserted_primary_key[0])
    subject = duties_subject(person)
    enqueue(connection, [new_item("reset", subject, link, person, {"link": str(link)}, call.now)])
    append_entry(
        connection, subject, "ask_reset", {"link": link}, call.asking("ask_reset", "", {"link": link})
    )
