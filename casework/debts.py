"""Debts: what somebody must still do under a milestone, computed from facts (`docs/calendar.md`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rules.reminders import Term


@dataclass(frozen=True, slots=True)
class Debt:
    """What one subject owes now.

    ``subject`` is dossier:<id> or obligation:<id>; ``unit_id`` with any of ``duties`` is who must act. ``due`` is the
    day that is shown, ``planned`` the milestone's own; ``closes_at`` (UTC) is when the window is over, grace included.
    """

    subject: str
    calendar: str
    milestone: str
    unit_id: int
    duties: tuple[str, ...]
    term: Term
    planned: date
    closes_at: datetime

    @property
    def due(self) -> date:
        """The day until which it is owed."""
        return self.term.due
