"""Files of earlier years as they were understood: each row taken, already there, doubtful, left out or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from casework.career.columns import FileRow
from casework.career.reach import Known
from kit.canonical import canonical_json, sha256_hex
from rules.reasons import Reason

TAKEN, THERE, DOUBTFUL, LEFT, REFUSED = "taken", "there", "doubtful", "left_out", "refused"
STANDINGS = (TAKEN, THERE, DOUBTFUL, LEFT, REFUSED)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person said of rows, by their lines: who is meant (a staff code), and which rows are left out."""

    people: Mapping[int, str] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row as it was understood. ``values`` are the columns to be written but for the holder and the decision's id."""

    row: FileRow
    standing: str
    person: Known | None = None
    unit: int | None = None
    candidates: tuple[Known, ...] = ()
    doubt: str = ""
    reasons: tuple[Reason, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    #: of a title: issuing body, number, day, signatory
    decision: tuple[int, str, date, str] | None = None

    @property
    def line(self) -> int:
        """The line of the file."""
        return self.row.line

    @property
    def holder(self) -> tuple[int | None, int | None]:
        """The person, or the unit."""
        return (self.person.id if self.person else None), self.unit

    def against(self, *reasons: Reason) -> SeenRow:
        """The row as it is with more reasons against it: refused, and nobody has to choose any more."""
        return replace(self, standing=REFUSED, reasons=(*self.reasons, *reasons), candidates=())


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it was understood; ``reasons`` stand against the file as a whole."""

    kind: str
    rows: tuple[SeenRow, ...]
    reasons: tuple[Reason, ...] = ()

    def of(self, *standings: str) -> tuple[SeenRow, ...]:
        """Its rows of some standings."""
        return tuple(row for row in self.rows if row.standing in standings)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each standing: together all of them."""
        return {standing: len(self.of(standing)) for standing in STANDINGS}

    @property
    def ready(self) -> bool:
        """Whether it could be written as it stands."""
        return not self.reasons and not self.of(DOUBTFUL, REFUSED)

    @property
    def mark(self) -> str:
        """What was understood: the same mark again is the same meaning of the same file."""
        told = [[row.line, row.standing, row.holder, row.values, row.decision] for row in self.rows]
        return sha256_hex(canonical_json([self.kind, told]))[:32]
