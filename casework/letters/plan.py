"""What composing intends: for each letter, what is to become of it; and the counts of what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from casework.letters.holding import Item

#: the columns of a letter that composing writes
COMPOSED = (
    "standing",
    "digest",
    "address",
    "subject",
    "message_id",
    "mime",
    "trouble",
    "queued_at",
    "not_before",
    "attempts",
)
Key = tuple[int, date, str]


@dataclass
class Composed:
    """What composing did: numbers of letters, and of items struck; ``faults`` of templates, as kind: detail."""

    new: int = 0
    changed: int = 0
    retracted: int = 0
    unsendable: int = 0
    struck: int = 0
    #: items whose letter of the day went already: they wait for the next day's
    postponed: int = 0
    faults: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The counts as plain data."""
        return asdict(self)


@dataclass
class Plan:
    """What is to become of one letter. ``letter``, ``new`` and ``attached`` must not have changed until it is written.

    ``letter`` is its row as it was read, None where there is none yet; ``new`` are the items it would take up,
    ``attached`` those it has. Of these ``kept`` still hold and ``struck`` (keys) do not. ``values`` are the columns to
    be written; empty: it stays as it is.
    """

    person: int
    kind: str
    day: date
    letter: Mapping[str, Any] | None
    new: list[Item]
    attached: list[Item]
    values: dict[str, Any] = field(default_factory=dict)
    struck: list[str] = field(default_factory=list)
    kept: list[Item] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """What there is one letter of: the person, the day and the kind."""
        return self.person, self.day, self.kind

    @property
    def items(self) -> tuple[Item, ...]:
        """All items that concern it, those it has before those it would take up."""
        return (*self.attached, *self.new)

    def before(self, wall: datetime) -> dict[str, Any]:
        """The columns as they stand; of a letter that is not there yet, empty ones."""
        if self.letter is not None:
            return {name: self.letter[name] for name in COMPOSED}
        empty: dict[str, Any] = dict.fromkeys(COMPOSED)
        texts = {"standing": "new", "address": "", "subject": "", "trouble": ""}
        return empty | texts | {"queued_at": wall, "not_before": wall, "attempts": 0}

    def retract(self, trouble: str, wall: datetime) -> None:
        """Let it say nothing any more. Of a letter that was never made, only that its person is erased is kept."""
        if self.letter is not None or trouble == "person_erased":
            self.values = {**self.before(wall), "standing": "retracted", "trouble": trouble}

    def fail(self, trouble: str) -> None:
        """Keep it unsent, with the reason; without a digest, so that `retry` composes it anew whatever was mended."""
        empty = {"digest": None, "address": "", "subject": "", "mime": None}
        self.values |= {"standing": "failed", "trouble": trouble, **empty}

    def count(self, done: Composed) -> None:
        """Add what was done with it to the counts."""
        standing = self.values.get("standing")
        if standing == "retracted":
            done.retracted += 1
        elif standing == "failed":
            done.unsendable += 1
        elif standing == "queued" and (self.letter is None or self.letter["standing"] != "queued"):
            done.new += 1
        elif standing == "queued":
            done.changed += 1
