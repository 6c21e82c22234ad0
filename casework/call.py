"""Who asks for an act, when, and by which request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rules.windows import local_day


@dataclass(frozen=True, slots=True)
class Call:
    """One request to act.

    ``actor_id`` is None only for the calendar and for the operator who prepares a home. ``now`` is the
    home's business time, aware. ``key`` names the request: the same key twice changes once. ``via`` is the
    door, for example ``terminal:an`` or ``web``.
    """

    actor_id: int | None
    now: datetime
    key: str
    via: str

    @property
    def day(self) -> date:
        """The local day of the request, by which duties and delegations count."""
        return local_day(self.now)

    def part(self, name: object) -> Call:
        """The same request for one part of a bulk act."""
        return Call(self.actor_id, self.now, f"{self.key}/{name}", self.via)
