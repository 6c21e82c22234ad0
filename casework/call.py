"""Who asks for an act, when, and by which request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from kit.canonical import canonical_json, sha256_hex
from rules.windows import local_day


@dataclass(frozen=True, slots=True)
class Call:
    """One request to act.

    ``actor_id`` is None only for the calendar and for the operator who prepares a home. ``now`` is the
    home's business time, aware. ``key`` names the request: the same key twice changes once. ``via`` is the
    door, for example ``terminal:an`` or ``web``. ``request_sha256`` is the digest of what is asked for.
    """

    actor_id: int | None
    now: datetime
    key: str
    via: str
    request_sha256: str | None = None

    @property
    def day(self) -> date:
        """The local day of the request, by which duties and delegations count."""
        return local_day(self.now)

    def part(self, name: object) -> Call:
        """The same request for one part of a bulk act."""
        return replace(self, key=f"{self.key}/{name}")

    def asking(self, event: str, about: str, inputs: Any) -> Call:
        """The same request with the digest of all that it asks for: the event, its subject, what comes with it."""
        return replace(self, request_sha256=sha256_hex(canonical_json([event, about, inputs])))
