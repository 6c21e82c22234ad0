"""Whoever guesses waits: from where a browser asks, and how long it is to wait, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notifications.words import say_reason
from rules.reasons import Reason
from web.visit import Visit
from web.words import Words

_A_MINUTE = 60
#: up to here seconds are told: half a minute is no "about one minute"
_IN_SECONDS = 90


def browser_of(visit: Visit) -> dict[str, str]:
    """What is kept of a browser that signs in: its name and its address."""
    return {"client": visit.request.headers.get("user-agent", ""), "address": address_of(visit)}


def address_of(visit: Visit) -> str:
    """The address from which the request came."""
    client = visit.request.client
    return client.host if client else ""


def without_waits(reasons: Sequence[Reason], words: Words, real_now: datetime) -> list[str]:
    """The reasons in words; a wait is told as what is left of it.

    It goes by real time, while every other moment on a page is the home's: an instant would be read wrongly.
    """
    return [
        waiting(reason.params["until"], words, real_now)
        if reason.code == "sign_in_wait"
        else say_reason(reason, words.lang)
        for reason in reasons
    ]


def waiting(until: datetime | str, words: Words, real_now: datetime) -> str:
    """How long is left until an instant, as a sentence."""
    end = datetime.fromisoformat(until) if isinstance(until, str) else until
    seconds = max(int((end - real_now).total_seconds()) + 1, 1)
    if seconds <= _IN_SECONDS:
        return words("sign_in.wait_seconds", count=seconds)
    return words("sign_in.wait_minutes", count=-(-seconds // _A_MINUTE))
