"""Whose record is asked for, when the rules are asked about somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from casework.career.keys import holder_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose record is asked for: a person, or a unit where ``person`` is None; which title of which school year.

    ``nomination`` is the one that is looked at: what it asks for itself is no evidence for it. ``on`` is the legal day.
    """

    unit: int
    title: str
    year: int
    on: date
    person: int | None = None
    nomination: int | None = None

    @property
    def holder(self) -> str:
        """The holder's name in keys of facts."""
        return holder_of(self.person, self.unit)
