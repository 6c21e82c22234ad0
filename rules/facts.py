"""What an act must know of a dossier to be decided, as plain values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rules.windows import Window


@dataclass(frozen=True, slots=True)
class NominationFacts:
    """One nomination: whose, and what it still waits for.

    ``person`` is None for a collective, and for an initiative, whose authors ``authors`` are. ``waiting_for`` is the
    code of the dossier that must first decide the title on which this nomination rests; None when nothing is awaited.
    ``foundation_failed`` is true when that dossier ended without the title.
    """

    id: int
    person: int | None
    unit: int
    title: str
    live: bool = True
    waiting_for: str | None = None
    foundation_failed: bool = False
    authors: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class StepFacts:
    """Everything a step's checks may look at. A field that no check of the step reads may stay empty.

    ``opinions`` maps a desk to the nominations it has judged; ``opinions_by_others`` are those that somebody
    other than the actor, and not on the actor's behalf, judged at the acting desk: who is concerned may then pass the
    dossier on. ``left_out`` are those that the decision leaves out or the desks do not support: they bring no title.
    """

    actor: int | None
    now: datetime
    level: str
    people: tuple[int, ...] = ()
    given: Collection[str] = frozenset()
    papers: Collection[str] = frozenset()
    nominations: tuple[NominationFacts, ...] = ()
    opinions: Mapping[str, Collection[int]] = field(default_factory=dict)
    opinions_by_others: Collection[int] = frozenset()
    acted: Mapping[str, Collection[int]] = field(default_factory=dict)
    exceptions: Collection[tuple[str, int]] = frozenset()
    actor_units: Collection[int] = frozenset()
    unit: int = 0
    window: Window | None = None
    score_recorded: bool = False
    open_objections: int = 0
    deadline_missed: bool = False
    left_out: Collection[int] = frozenset()

    @property
    def live(self) -> tuple[NominationFacts, ...]:
        """The nominations that still stand."""
        return tuple(n for n in self.nominations if n.live)
