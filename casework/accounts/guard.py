"""What slows a guesser down, and nobody else: attempts counted by name and network, with a wait that grows.

Nothing is ever locked. Whoever guesses elsewhere makes strangers wait, not the owner at a place from which the
owner has signed in (`docs/sign-in.md`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from casework.accounts.names import plain_name
from casework.accounts.numbers import ATTEMPT_LASTS, KNOWN_FOR, NETWORK, PAIR, RESETS, STRANGERS, Limit
from casework.accounts.tables import ATTEMPT, SIGN_IN
from kit.canonical import sha256_hex
from rules.reasons import Reason, Refused


def about_name(name: str) -> str:
    """What is counted of a name. By what was typed, not by whom it means: nothing is told about who is on file."""
    return sha256_hex(plain_name(name).casefold())


def known_networks(connection: Connection, person: int | None, now: datetime) -> frozenset[str]:
    """The networks from which a person has signed in lately; asked for nobody too, to be the same work."""
    query = select(SIGN_IN.c.network).where(
        SIGN_IN.c.person_id == (person or 0),
        SIGN_IN.c.way == "password",
        SIGN_IN.c.created_at > now - KNOWN_FOR,
    )
    return frozenset(connection.execute(query).scalars())


def count_sign_in(
    connection: Connection, name: str, network: str, known: Collection[str], now: datetime
) -> None:
    """Count an attempt to sign in, unless there is still a wait. The caller holds the write transaction.

    Raises:
        Refused: `sign_in_wait` with the instant until which to wait; then it is not counted.
    """
    about = about_name(name)
    _one_at_a_time(connection, about, network)
    waits = [
        _until(connection, PAIR, now, _of("sign_in", about), ATTEMPT.c.network == network),
        _until(connection, NETWORK, now, ATTEMPT.c.kind == "sign_in", ATTEMPT.c.network == network),
    ]
    if network not in known:
        strange = ATTEMPT.c.network.not_in(sorted(known))
        waits.append(_until(connection, STRANGERS, now, _of("sign_in", about), strange))
    _count(connection, "sign_in", about, network, waits, now)


def count_reset(connection: Connection, name: str, network: str, now: datetime) -> None:
    """Count that a reset was asked for, unless there is still a wait, which depends on the network alone.

    Raises:
        Refused: `sign_in_wait` with the instant until which to wait.
    """
    _one_at_a_time(connection, network)
    wait = _until(connection, RESETS, now, ATTEMPT.c.kind == "reset", ATTEMPT.c.network == network)
    _count(connection, "reset", about_name(name), network, [wait], now)


def forget(connection: Connection, name: str, network: str) -> None:
    """Whoever signed in was no guesser: what failed for this name from this network counts no more."""
    mine = ATTEMPT.c.network == network
    connection.execute(delete(ATTEMPT).where(_of("sign_in", about_name(name)), mine))


def _of(kind: str, about: str) -> ColumnElement[bool]:
    return (ATTEMPT.c.kind == kind) & (ATTEMPT.c.about == about)


def _until(
    connection: Connection, limit: Limit, now: datetime, *which: ColumnElement[bool]
) -> datetime | None:
    query = select(func.count(), func.max(ATTEMPT.c.at)).where(ATTEMPT.c.at > now - limit.within, *which)
    failures, last = connection.execute(query).one()
    wait = limit.wait(failures)
    return last + wait if wait else None


def _count(
    connection: Connection,
    kind: str,
    about: str,
    network: str,
    waits: Collection[datetime | None],
    now: datetime,
) -> None:
    until = max((at for at in waits if at is not None), default=now)
    if until > now:
        # To the next full second, which is how it is said.
        until = until.replace(microsecond=0) + timedelta(seconds=1)
        raise Refused([Reason("sign_in_wait", {"until": until.isoformat()})])
    connection.execute(delete(ATTEMPT).where(ATTEMPT.c.at < now - ATTEMPT_LASTS))
    connection.execute(insert(ATTEMPT), {"kind": kind, "about": about, "network": network, "at": now})


def _one_at_a_time(connection: Connection, *names: str) -> None:
    """On PostgreSQL two who count the same wait for each other; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        for number in sorted(_lock_number(name) for name in names):
            connection.execute(select(func.pg_advisory_xact_lock(number)))


def _lock_number(name: str) -> int:
    return int(sha256_hex(f"attempt {name}")[:15], 16)
