"""The tables of accounts, and how a token is drawn and known again."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, update

from kit.canonical import sha256_hex
from models.account import Account, Attempt, OneTimeLink, SignIn

ACCOUNT, SIGN_IN = Account.__table__, SignIn.__table__
LINK, ATTEMPT = OneTimeLink.__table__, Attempt.__table__

#: the page on which anybody asks for a new password by letter
RESET_PAGE = "/reset"


def draw_token() -> str:
    """A new token: 256 bits by lot."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is kept of a token. It is drawn by lot and long, so one plain hash is enough and can be searched for."""
    return sha256_hex(token.encode("utf-8", "replace").decode())


def link_path(token: str) -> str:
    """The page that a one-time link opens."""
    return f"/link/{token}"


def link_is_open(now: datetime) -> ColumnElement[bool]:
    """Links that may still be used at ``now`` (real time)."""
    return and_(LINK.c.used_at.is_(None), LINK.c.ended_at.is_(None), LINK.c.expires_at > now)


def end_links(connection: Connection, person: int, now: datetime) -> int:
    """End every link of a person that was not used; gives how many."""
    mine = update(LINK).where(LINK.c.person_id == person, LINK.c.used_at.is_(None), LINK.c.ended_at.is_(None))
    return connection.execute(mine.values(ended_at=now)).rowcount


def end_all_sign_ins(connection: Connection, person: int, now: datetime, keep: int | None = None) -> int:
    """End every sign-in of a person but ``keep``; gives how many were ended."""
    mine = update(SIGN_IN).where(SIGN_IN.c.person_id == person, SIGN_IN.c.ended_at.is_(None))
    if keep is not None:
        mine = mine.where(SIGN_IN.c.id != keep)
    return connection.execute(mine.values(ended_at=now)).rowcount
