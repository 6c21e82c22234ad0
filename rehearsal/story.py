"""Telling the story of one dossier: each call adds an act to the script, by the person who holds the desk that day."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from rehearsal.plan import AFTERNOON, EVENING, FORENOON, MORNING, Draft, Verdict
from rehearsal.roster import Roster
from rehearsal.sample_files import REGULATIONS
from states.procedure import Procedure, read_procedure

if TYPE_CHECKING:
    from rehearsal.council_years import Sitting
    from rehearsal.edition import Edition

THREE_TIER, TWO_TIER = "three-tier-2024", "two-tier-2025"
SUDDEN, CERTIFICATE = "sudden-2024", "school-certificate"

# (title, who or None for the school itself, label of the dossier on which it rests or None)
Nominee = tuple[str, str | None, str | None]


def procedure_named(name: str) -> Procedure:
    """A procedure as the office publishes it."""
    procedure, _ = read_procedure((REGULATIONS / "procedures" / f"{name}.yaml").read_bytes())
    if procedure is None:
        raise LookupError(name)
    return procedure


@dataclass(frozen=True, slots=True)
class Lent:
    """A duty that its holder lends to a colleague for some days, who then acts on behalf of her."""

    person: str
    unit: str
    duty: str
    since: date
    until: date
    to: str


@dataclass(slots=True)
class Script:
    """The acts drafted so far, and the dice of this seed."""

    edition: Edition
    roster: Roster
    seed: int
    dice: random.Random
    drafts: list[Draft] = field(default_factory=list)
    procedures: dict[str, Procedure] = field(default_factory=dict)
    lent: list[Lent] = field(default_factory=list)
    receipts: int = 0
    #: whether blocs settle what schools gave each other; else they type points
    blocs_settle: bool = False
    #: the sessions of councils that vote in the program, by the council's unit
    sittings: dict[str, Sitting] = field(default_factory=dict)

    def add(
        self,
        day: date,
        hour: int,
        act: str,
        actor: str | None,
        story: str | None = None,
        *,
        refused_for: str | None = None,
        together: bool = False,
        **words: Any,
    ) -> None:
        """Draft one act."""
        self.drafts.append(
            Draft(day, hour, len(self.drafts), act, actor, story, words, refused_for, together)
        )

    def procedure(self, name: str) -> Procedure:
        """A procedure as the office publishes it, read once."""
        if name not in self.procedures:
            self.procedures[name] = procedure_named(name)
        return self.procedures[name]

    def next_receipt(self, day: date) -> str:
        """The next receipt number of the portal."""
        self.receipts += 1
        return f"H30.{day:%y%m%d}.{self.receipts:04d}"

    def decision_number(self, unit: str, day: date) -> str:
        """The number of the decision that a body issues on a day: rising through the year, one for a day."""
        first = 11 + sum(map(ord, unit)) % 40
        body = {"ministry": "BGDĐT", "state": "TTg", "school": "THT"}.get(self.kind_of(unit), "UBND")
        return f"{first + 7 * (day - date(day.year, 1, 1)).days}/QĐ-{body}"

    def kind_of(self, unit: str) -> str:
        """The kind of a unit as procedures name it."""
        return self.roster.kind_of(unit)


class Story:
    """One dossier on its way. Days and hours only go on; what a bulk act joins stands in an hour of its own."""

    def __init__(self, script: Script, label: str, school: str, procedure: str, level: str) -> None:
        self.script = script
        self.label = label
        self.school = school
        self.procedure = script.procedure(procedure)
        self.level = level
        self.unpleasant = school in script.roster.invented
        self._day = script.edition.first_day
        self._hour = 0
        self._together = False

    # --- Who and when ---

    def unit(self, desk: str, day: date) -> str:
        """The unit that stands behind a desk on a day."""
        return self.script.roster.place(self.school, self.procedure.desks[desk].unit, day)

    def holder(self, desk: str, day: date, turn: int = 0) -> str:
        """Who acts at a desk on a day."""
        unit = self.unit(desk, day)
        for duty in self.procedure.desks[desk].duties:
            people = self.script.roster.holders(unit, duty, day)
            if people:
                return self._stand_in(people[turn % len(people)], unit, duty, day)
        raise LookupError(f"nobody at {desk} of {self.school} on {day}")

    def desk_of(self, event: str) -> str:
        """The desk that takes a step of the procedure, where one desk takes it from everywhere."""
        return next(step.desk for step in self.procedure.steps if step.event == event)

    def _stand_in(self, person: str, unit: str, duty: str, day: date) -> str:
        for lent in self.script.lent:
            if (lent.person, lent.unit, lent.duty) == (
                person,
                unit,
                duty,
            ) and lent.since <= day <= lent.until:
                return lent.to
        return person

    def _moment(self, day: date, hour: int, *, together: bool) -> tuple[date, int]:
        if day < self._day:
            raise ValueError(f"{self.label} goes back from {self._day} to {day}")
        if day == self._day:
            hour = max(hour, self._hour)
            if (together or self._together) and hour == self._hour:
                hour += 1
        if hour > EVENING:
            day, hour = day + timedelta(days=1), MORNING
        self._day, self._hour, self._together = day, hour, together
        return day, hour

    @property
    def day(self) -> date:
        """The day of the latest act."""
        return self._day

    def after(self, days: int) -> date:
        """The day that many days after the latest act."""
        return self._day + timedelta(days=days)

    # --- Acts ---

    def act(
        self,
        day: date,
        act: str,
        actor: str | None,
        *,
        hour: int = MORNING,
        together: bool = False,
        **words: Any,
    ) -> None:
        """Any act on this dossier."""
        when, at = self._moment(day, hour, together=together)
        self.script.add(when, at, act, actor, self.label, together=together, **words)

    def open(self, day: date, **words: Any) -> None:
        """Open the dossier."""
        self.act(
            day,
            "open",
            self.holder("school", day),
            unit=self.school,
            school_year=self.script.edition.school_year,
            procedure=self.procedure.name,
            level=self.level,
            **words,
        )

    def nominate(self, day: date, nominees: Iterable[Nominee], **words: Any) -> None:
        """Put people and the school forward."""
        self.act(day, "nominate", self.holder("school", day), nominees=tuple(nominees), **words)

    def strike(self, day: date, nominees: Iterable[tuple[str, str | None]], **words: Any) -> None:
        """Take some of them back."""
        self.act(day, "strike", self.holder("school", day), nominees=tuple(nominees), **words)

    def paper(self, day: date, *kinds: str, desk: str = "school") -> None:
        """Put papers in."""
        for kind in kinds:
            self.act(
                day, "add_paper", self.holder(desk, day), kind=kind, about=f"{self.label} {day:%Y-%m-%d}"
            )

    def step(
        self,
        day: date,
        desk: str,
        event: str,
        *,
        hour: int | None = None,
        by: str | None = None,
        turn: int = 0,
        **words: Any,
    ) -> None:
        """Take a step as whoever holds the desk."""
        at = hour if hour is not None else (MORNING if desk in ("school", "filing") else FORENOON)
        self.act(day, "step", by or self.holder(desk, day, turn), hour=at, event=event, **words)

    def together(
        self, day: date, desk: str, event: str, *, by: str | None = None, turn: int = 0, **words: Any
    ) -> None:
        """Take a step that an office takes for many dossiers at once."""
        self.act(
            day,
            "step",
            by or self.holder(desk, day, turn),
            hour=AFTERNOON,
            together=True,
            event=event,
            **words,
        )

    def opine(
        self, day: date, desk: str, verdicts: Sequence[Verdict], *, turn: int = 0, **words: Any
    ) -> None:
        """Give a desk's opinion on some nominations, before the dossier passes on."""
        if verdicts:
            self.act(
                day, "opine", self.holder(desk, day, turn), hour=FORENOON, verdicts=tuple(verdicts), **words
            )

    def decision(self, desk: str, day: date, by: str | None = None) -> tuple[str, date, str]:
        """The decision that a desk issues on a day: number, date, the signatory's name."""
        unit = self.unit(desk, day)
        signed = self.script.roster.names[by or self.holder(desk, day)]
        return self.script.decision_number(unit, day), day, signed
