"""The sample's people sign in by one click: where the sample is loaded, on the machine itself, and nowhere else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from casework.accounts.sign_in import SignedIn, open_sign_in
from casework.people import person_by_code
from kit.database import Database
from models.home import SAMPLE, HomeMark
from rules.reasons import Reason, refuse_if

MARK = HomeMark.__table__


def sample_may_sign_in(database: Database, *, on_loopback: bool) -> bool:
    """Whether the sign-in page may show the sample's people."""
    with database.read() as connection:
        return not _against(connection, on_loopback)


def sign_in_as_sample(
    database: Database, person: str, *, on_loopback: bool, client: str, address: str, real_now: datetime
) -> SignedIn:
    """Sign in as one of the sample's people, without a password. ``on_loopback``: the server listens there alone.

    Raises:
        Refused: the home does not hold the sample; the server can be reached from elsewhere; no such person.
    """
    with database.write() as connection:
        refuse_if(_against(connection, on_loopback))
        who = person_by_code(connection, person)
        return open_sign_in(
            connection, who["id"], "sample", client=client, address=address, real_now=real_now
        )


def _against(connection: Connection, on_loopback: bool) -> list[Reason]:
    reasons = []
    if connection.execute(select(MARK.c.name).where(MARK.c.name == SAMPLE)).first() is None:
        reasons.append(Reason("sample_not_loaded"))
    if not on_loopback:
        reasons.append(Reason("not_on_loopback"))
    return reasons
