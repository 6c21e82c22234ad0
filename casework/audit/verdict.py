"""What walking the history found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# Bad chains that are listed one by one; beyond these only their number is kept.
LISTED = 1_000

# What `verify` cannot see without a seal, said with every verdict; of what came after the newest seal it stays so.
BLIND_SPOTS = (
    "end_of_chain_cut_off_together_with_the_dossier_row",
    "end_of_a_chain_without_head_cut_off",
    "chain_recomputed_to_its_end_with_its_head",
)
# What no seal catches: who can write both places can make both anew. A copy kept elsewhere does.
BEYOND_SEALS = ("seals_and_database_made_anew_together",)


@dataclass(frozen=True, slots=True, order=True)
class BadEntry:
    """The first bad entry of one chain. ``other`` is where that entry was written, or what a head says."""

    subject: str
    seq: int
    what: str
    other: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SealStanding:
    """The newest seal against which the history was held (number 0: there is none), and what it does not protect."""

    number: int
    day: str | None
    heads: int
    root: str | None
    #: how many entries came after it, and when the first of them was made
    unprotected: int
    since: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """The standing as plain data."""
        plain = {name: getattr(self, name) for name in SealStanding.__slots__}
        return plain | {"since": self.since.isoformat() if self.since else None}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a walk: sound if ``first`` is None; ``bad`` has one line per bad chain."""

    entries: int
    chains: int
    first: BadEntry | None
    bad: tuple[BadEntry, ...]
    #: how many chains are bad, also beyond those listed
    bad_chains: int
    seconds: float
    #: None when the history was not held against seals
    seal: SealStanding | None = None

    @property
    def unseen(self) -> tuple[str, ...]:
        """What this walk could not see."""
        if self.seal is None or not self.seal.number:
            return BLIND_SPOTS
        return (*(BLIND_SPOTS if self.seal.unprotected else ()), *BEYOND_SEALS)

    @property
    def sound(self) -> bool:
        """Whether nothing bad was found."""
        return self.first is None

    @property
    def entries_per_second(self) -> float:
        """How fast the walk went."""
        return self.entries / self.seconds if self.seconds else 0.0

    def as_dict(self) -> dict[str, Any]:
        """The verdict as plain data."""

        def plain(bad: BadEntry) -> dict[str, Any]:
            return {name: getattr(bad, name) for name in BadEntry.__slots__}

        return {
            "sound": self.sound,
            "entries": self.entries,
            "chains": self.chains,
            "first": plain(self.first) if self.first else None,
            "bad": [plain(bad) for bad in self.bad],
            "bad_chains": self.bad_chains,
            "seconds": round(self.seconds, 3),
            "entries_per_second": round(self.entries_per_second),
            "seal": self.seal.as_dict() if self.seal else None,
            "unseen": list(self.unseen),
        }
