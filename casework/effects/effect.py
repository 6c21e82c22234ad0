"""What an effect is given and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Executable

from casework.call import Call
from casework.career.touched import Touched
from casework.inputs import Inputs
from casework.load import Loaded
from casework.reads import Reads
from rules.reasons import Reason
from states.chart import Chart

Write = tuple[Executable, Sequence[Mapping[str, Any]]]


@dataclass(slots=True)
class Case:
    """One dossier, one event, one request: what an effect may look at. Reading only."""

    reads: Reads
    dossier: Mapping[str, Any]
    chart: Chart
    event: str
    desk: str
    desk_unit_id: int
    call: Call
    on_behalf_of_id: int | None
    inputs: Inputs
    loaded: Loaded

    @property
    def connection(self) -> Connection:
        """The connection of the act's transaction."""
        return self.reads.connection

    @property
    def version_after(self) -> int:
        """The version of the dossier once this act is recorded."""
        return int(self.dossier["version"]) + 1

    @property
    def open_nominations(self) -> list[Mapping[str, Any]]:
        """The rows of the nominations that still stand."""
        return [row for row in self.loaded.nominations if row["outcome"] == "open"]


@dataclass(slots=True)
class Effect:
    """What is to be written with the step: columns of the dossier, other rows, notes, and words for the history.

    ``later`` is worked out once no reason stands against the step, because it writes by itself: a refused
    dossier of a bulk act must leave nothing behind.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    payload: dict[str, Any] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    later: list[Callable[[], Effect]] = field(default_factory=list)
    #: facts under verdicts that change with it
    touched: Touched = field(default_factory=Touched)

    def add(self, other: Effect) -> None:
        """Take in what another effect gives."""
        self.columns |= other.columns
        self.writes += other.writes
        self.notes += other.notes
        self.payload |= other.payload
        self.reasons += other.reasons
        self.later += other.later
        self.touched.add(other.touched)
