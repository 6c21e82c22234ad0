"""Passwords: which may be set, and whether one fits."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.accounts.numbers import ARGON2, HASHES_AT_ONCE, PASSWORD_LEAST, PASSWORD_MOST
from rules.reasons import Reason

_ROOM = threading.BoundedSemaphore(HASHES_AT_ONCE)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(**ARGON2)


@cache
def _nobodys() -> str:
    """A hash that no password fits: work for a name that nobody has."""
    return _hasher().hash("")


def _bytes(password: str) -> bytes:
    # One letter may be written in several ways; the keyboards of a phone and of an office differ in that.
    return unicodedata.normalize("NFC", password[: PASSWORD_MOST + 1]).encode("utf-8", "surrogatepass")


def hash_of(password: str) -> str:
    """The Argon2id hash of a password, with a salt of its own."""
    with _ROOM:
        return _hasher().hash(_bytes(password))


def fits(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one of a hash. Without a hash the answer is no, after the same work."""
    # Made once a process, and before it is asked whose: the first unknown name must not take twice as long.
    nobodys = _nobodys()
    try:
        with _ROOM:
            _hasher().verify(password_hash or nobodys, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made at another cost than today's."""
    return _hasher().check_needs_rehash(password_hash)


def against_password(password: str, person: Mapping[str, Any]) -> list[Reason]:
    """Every reason against a password of a person (a row). No rule asks for kinds of signs: length is what helps."""
    reasons = []
    plain = unicodedata.normalize("NFC", password)
    if len(plain) < PASSWORD_LEAST:
        reasons.append(Reason("password_too_short", {"least": PASSWORD_LEAST}))
    if len(plain) > PASSWORD_MOST:
        reasons.append(Reason("password_too_long", {"most": PASSWORD_MOST}))
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in plain):
        reasons.append(Reason("password_unreadable"))
    known = {_folded(person[column]) for column in ("code", "name", "email")} - {""}
    if _folded(plain) in known:
        reasons.append(Reason("password_is_name"))
    return reasons


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).casefold().split())
