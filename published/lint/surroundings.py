"""What a calendar is looked at beside, as plain values: who collects them reads a database or files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.working_days import DaysOff
from states.procedure import Procedure

AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another, both included; None is open."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies in it."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Link:
    """Units of one kind stand under units of another, by authority or as members of a bloc."""

    kind: str
    under: str
    relation: str
    span: Span


@dataclass(frozen=True, slots=True)
class OtherCalendar:
    """A calendar that is published already."""

    name: str
    school_year: str
    procedures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Procedures by name; days off and the years for which they are known; kinds of unit; other calendars.

    ``kinds`` maps a kind to the spans of its units; empty: no units are known, and nothing is said of them.
    ``successors`` maps a kind that has ended to the one that does its work since.
    """

    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    off: DaysOff = field(default_factory=DaysOff)
    holiday_years: frozenset[int] = frozenset()
    kinds: Mapping[str, frozenset[Span]] = field(default_factory=dict)
    links: frozenset[Link] = frozenset()
    others: tuple[OtherCalendar, ...] = ()
    successors: Mapping[str, str] = field(default_factory=dict)

    def ended_on(self, kind: str) -> date | None:
        """The last day of the last unit of a kind; None where one is open or none was ever there."""
        spans = self.kinds.get(kind, frozenset())
        ends = [span.until for span in spans if span.until is not None]
        return max(ends) if spans and len(ends) == len(spans) else None

    def begins_on(self, kind: str) -> date | None:
        """The first day of the first unit of a kind; None where one was always there."""
        begins = [span.since for span in self.kinds.get(kind, ()) if span.since is not None]
        return min(begins) if begins and len(begins) == len(self.kinds[kind]) else None

    def reached_from(self, kind: str, day: date) -> frozenset[str]:
        """The kinds that a unit of a kind can have above or beside it on a day, as `casework/routing.py` looks."""
        in_force = [link for link in self.links if link.span.holds(day)]
        reached, climbed, waiting = {kind}, set[str](), [kind]
        while waiting:
            here = waiting.pop()
            if here in climbed:
                continue
            climbed.add(here)
            above = [link for link in in_force if link.kind == here]
            reached |= {link.under for link in above}
            authorities = {link.under for link in above if link.relation == AUTHORITY}
            waiting += authorities
            reached |= {
                link.kind
                for link in in_force
                if link.under in authorities and link.relation == AUTHORITY and link.kind != "school"
            }
        return frozenset(reached)
