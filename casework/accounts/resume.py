"""Who is there: a token that comes with a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from casework.accounts.numbers import IDLE, SEEN_EVERY
from casework.accounts.tables import SIGN_IN, token_digest
from kit.database import Database

# Made once, as every page asks it.
_BY_TOKEN = select(SIGN_IN).where(SIGN_IN.c.token_sha256 == bindparam("token"))


@dataclass(frozen=True, slots=True)
class Presence:
    """A sign-in that counts at this instant."""

    sign_in: int
    person_id: int
    way: str
    created_at: datetime
    expires_at: datetime


def resume(
    database: Database, token: str, *, real_now: datetime, on_loopback: bool = False
) -> Presence | None:
    """The sign-in of a token; None where there is none, it was ended, or it is over.

    One by a click into the sample counts only while the server listens on loopback. That it was used is written at
    most every five minutes.
    """
    with database.read() as connection:
        row = connection.execute(_BY_TOKEN, {"token": token_digest(token)}).mappings().first()
    if row is None or row["ended_at"] is not None or row["expires_at"] <= real_now:
        return None
    if row["last_seen_at"] + IDLE <= real_now or (row["way"] == "sample" and not on_loopback):
        return None
    if row["last_seen_at"] + SEEN_EVERY <= real_now:
        with database.write() as connection:
            # Of two requests at once one writes; nothing is set back.
            mine = SIGN_IN.c.id == row["id"], SIGN_IN.c.last_seen_at == row["last_seen_at"]
            connection.execute(update(SIGN_IN).where(*mine).values(last_seen_at=real_now))
    return Presence(row["id"], row["person_id"], row["way"], row["created_at"], row["expires_at"])
