"""A plan: who does what on which day. Values only; made before the first act, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from kit.canonical import sha256_hex
from published.holidays import days_off_of, read_holidays
from rehearsal.sample_files import regulation_texts
from rules.windows import LOCAL
from rules.working_days import NEXT_WORKING_DAY, DaysOff, shifted

# The hours of a working day at which people act, early ones first. Within one hour acts stand in the plan's order.
DAWN, MORNING, FORENOON, AFTERNOON, EVENING = range(5)
_HOURS = (time(7, 30), time(8, 30), time(10), time(14), time(15, 30))
# The calendar's own hour: before anybody comes to work.
TICK_HOUR = time(7)


def instant(day: date, hour: int) -> datetime:
    """The instant of one of a day's hours, aware, in UTC."""
    return datetime.combine(day, _HOURS[hour], tzinfo=LOCAL).astimezone(UTC)


def tick_instant(day: date) -> datetime:
    """When the calendar looks at a day."""
    return datetime.combine(day, TICK_HOUR, tzinfo=LOCAL).astimezone(UTC)


@cache
def days_off() -> DaysOff:
    """The days off by the years that the office publishes: nobody plans for them."""
    years = [read_holidays(text)[0] for kind, text in regulation_texts() if kind == "holidays"]
    return days_off_of(year for year in years if year is not None)


def workday(day: date) -> date:
    """``day``, or the next working day when it falls on a weekend or a holiday."""
    return shifted(day, NEXT_WORKING_DAY, days_off())


@dataclass(frozen=True, slots=True)
class Verdict:
    """An opinion that a desk is going to give, named by nominee and title: ids are known only when it is given."""

    who: str | None
    title: str
    verdict: str = "supported"
    lower: str | None = None
    reason: str | None = None
    votes: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class PlannedAct:
    """One act of the plan.

    ``act`` names a row of the table in `rehearsal.deeds`; ``stories`` are labels of dossiers, more than one for a bulk
    act; ``words`` is what the act takes. ``refused_for`` is the code with which the act is to be refused: somebody
    tries what may not be.
    """

    number: int
    day: date
    hour: int
    act: str
    actor: str | None
    stories: tuple[str, ...] = ()
    words: Mapping[str, Any] = field(default_factory=dict)
    refused_for: str | None = None

    @property
    def at(self) -> datetime:
        """The instant of the act."""
        return instant(self.day, self.hour)


@dataclass(frozen=True, slots=True)
class Plan:
    """Every act of a rehearsal, in order, numbered from 1. ``first_day`` is the first of which the calendar ticks."""

    seed: int
    first_day: date
    acts: tuple[PlannedAct, ...]

    @property
    def fingerprint(self) -> str:
        """A hash of the whole plan: a home that was driven by another plan is not driven on by this one."""
        return sha256_hex(repr((self.seed, self.first_day, self.acts)))

    def until(self, moment: datetime) -> tuple[PlannedAct, ...]:
        """The acts up to a moment, which counts."""
        return tuple(act for act in self.acts if act.at <= moment)


@dataclass(frozen=True, slots=True)
class Draft:
    """An act before it is numbered. Drafts with the same ``together`` on one hour become one bulk act."""

    day: date
    hour: int
    order: int
    act: str
    actor: str | None
    story: str | None
    words: Mapping[str, Any]
    refused_for: str | None = None
    together: bool = False


def number(seed: int, first_day: date, drafts: Iterable[Draft]) -> Plan:
    """Put drafts in order, join those that are done together, and number them."""
    ordered = sorted(drafts, key=lambda draft: (draft.day, draft.hour, draft.order))
    joined: dict[tuple[Any, ...], list[Draft]] = {}
    for draft in ordered:
        key = (
            (draft.day, draft.hour, draft.act, draft.actor, repr(draft.words))
            if draft.together
            else (draft.order,)
        )
        joined.setdefault(key, []).append(draft)
    return Plan(
        seed,
        first_day,
        tuple(
            PlannedAct(
                number=count,
                day=first.day,
                hour=first.hour,
                act="steps" if len(group) > 1 else first.act,
                actor=first.actor,
                stories=tuple(draft.story for draft in group if draft.story is not None),
                words=first.words,
                refused_for=first.refused_for,
            )
            for count, (first, group) in enumerate(((group[0], group) for group in joined.values()), start=1)
        ),
    )
