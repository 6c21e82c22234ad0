"""What walking the history found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# Bad chains that are listed one by one; beyond these only their number is kept.
LISTED = 1_000

# What `verify` cannot see, said with every verdict: the daily seal is what catches these.
BLIND_SPOTS = (
    "end_of_chain_cut_off_together_with_the_dossier_row",
    "end_of_a_chain_without_head_cut_off",
    "chain_recomputed_to_its_end_with_its_head",
)


@dataclass(frozen=True, slots=True, order=True)
class BadEntry:
    """The first bad entry of one chain. ``other`` is where that entry was written, or what a head says."""

    subject: str
    seq: int
    what: str
    other: int | None = field(default=None, compare=False)


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
    unseen: tuple[str, ...] = BLIND_SPOTS

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
            "unseen": list(self.unseen),
        }
