"""Next year's calendar proposed from this year's: every day a year later, and what somebody must look at first.

The proposal is a text with comments. Its words come from the caller (``tell``), since published values speak in codes;
the codes stand in `CODES`.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from kit.marked_reader import Label
from published.calendar import Calendar
from published.lint.surroundings import Surroundings
from published.milestone import STEPS, CalendarMilestone, Holders

Tell = Callable[[str, dict[str, Any]], str]

CODES = ("heading", "source", "procedure_ended", "actor_ended", "actor_succeeded", "end_on_day_off")
_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at before the proposal is published; ``milestone`` None: about the file as a whole."""

    code: str
    params: dict[str, Any]
    milestone: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A calendar's text, the name in it, and what is to be looked at."""

    name: str
    text: str
    remarks: tuple[Remark, ...]


def years_between(earlier: str, later: str) -> int:
    """How many years lie between two school years."""
    return int(later[:4]) - int(earlier[:4])


def later_by(day: date, years: int) -> date:
    """The same day some years later; the last day of a month stays the last of that month."""
    last = months.monthrange(day.year, day.month)[1]
    last_then = months.monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=last_then if day.day == last else min(day.day, last_then))


def propose(calendar: Calendar, school_year: str, around: Surroundings, tell: Tell) -> Proposal:
    """The calendar of a later school year, proposed from an earlier one.

    Where a calendar serves one of the procedures in that year already, the proposal is a new version of it.
    """
    return _Roll(calendar, school_year, around, tell).proposal()


class _Roll:
    """One calendar on its way to a later year."""

    def __init__(self, calendar: Calendar, school_year: str, around: Surroundings, tell: Tell) -> None:
        self.calendar, self.school_year, self.around, self.tell = calendar, school_year, around, tell
        self.years = years_between(calendar.school_year, school_year)
        self.remarks: list[Remark] = []

    def proposal(self) -> Proposal:
        name = self.name()
        lines = self.head(name)
        for milestone in self.calendar.milestones.values():
            lines += self.milestone(milestone)
        return Proposal(name, "\n".join(lines).rstrip() + "\n", tuple(self.remarks))

    def name(self) -> str:
        for other in self.around.others:
            if other.school_year == self.school_year and set(other.procedures) & set(
                self.calendar.procedures
            ):
                return other.name
        name = self.moved(self.calendar.name)
        # Published under the name of a calendar for other procedures, it would take that one's place.
        taken = any(other.name == name for other in self.around.others)
        return f"{name}-{self.calendar.procedures[0]}"[:80] if taken else name

    def moved(self, text: str) -> str:
        return text.replace(self.calendar.school_year, self.school_year)

    def remark(self, code: str, milestone: str | None = None, **params: Any) -> str:
        """Note something to look at, and give it as a comment."""
        self.remarks.append(Remark(code, params, milestone))
        return f"# {self.tell(code, params)}"

    def head(self, name: str) -> list[str]:
        plan = self.calendar
        first = later_by(min(m.milestone.opens for m in plan.milestones.values()), self.years)
        ended = [
            self.remark("procedure_ended", procedure=procedure, until=until.isoformat())
            for procedure in plan.procedures
            if (until := self.until(procedure)) is not None and until < first
        ]
        told = {"calendar": plan.name, "school_year": self.school_year}
        return [
            *_comment(self.tell("heading", told)),
            f"calendar: {name}",
            f"title: {_label(plan.title, self.moved)}",
            f"school_year: {self.school_year}",
            *ended,
            f"procedures: {_words(plan.procedures)}",
            f"zone: {plan.zone}",
            f"source: {_text(self.tell('source', told))}",
            "verified: false",
            "",
            "milestones:",
        ]

    def until(self, procedure: str) -> date | None:
        known = self.around.procedures.get(procedure)
        return known.until if known is not None else None

    def milestone(self, planned: CalendarMilestone) -> Iterator[str]:
        days, ladder = planned.milestone, planned.ladder
        opens, last_day = later_by(days.opens, self.years), later_by(days.last_day, self.years)
        lines: list[str] = [f"label: {_label(planned.label, self.moved)}"]
        lines += self.ended(days.id, days.owed_by, last_day)
        lines.append(f"owed_by: {days.owed_by}")
        if planned.duties:
            lines.append(f"duty: {_words(planned.duties)}")
        lines += [f"actor: {_label(planned.actor, self.moved)}", f"due: {_label(planned.due, self.moved)}"]
        if planned.met_by != (STEPS,) or "met_by" in planned.lines:
            lines.append(f"met_by: {_words(planned.met_by)}")
        lines.append(f"opens: {opens}")
        if self.around.off.is_off(last_day):
            lines.append(self.remark("end_on_day_off", days.id, last_day=last_day.isoformat()))
        lines += [f"last_day: {last_day}", f"on_day_off: {planned.on_day_off}"]
        if planned.grace_minutes:
            lines.append(f"grace_minutes: {planned.grace_minutes}")
        if planned.announced:
            lines.append("announce_opening: true")
        if planned.own_dates is not None:
            lines += self.ended(days.id, planned.own_dates, last_day)
            lines.append(f"own_dates: {planned.own_dates}")
        if ladder.days:
            lines.append(f"remind: {{count: {ladder.count}, days: {_words(ladder.days)}}}")
        if planned.escalation is not None and planned.escalates_to is not None:
            after = planned.escalation
            lines += self.ended(days.id, planned.escalates_to.unit, last_day)
            to = _holders(planned.escalates_to)
            lines.append(f"escalate: {{after: {after.after}, count: {after.count}, to: {to}}}")
        lines.append(f"unmet: {planned.unmet}")
        if planned.warn_from is not None:
            lines.append(f"warn_from: {planned.warn_from}")
        if planned.extends is not None:
            lines += self.ended(days.id, planned.extends.unit, last_day)
            lines.append(f"extends: {_holders(planned.extends)}")
        yield f"  {days.id}:"
        yield from (f"    {line}" for line in lines)
        yield ""

    def ended(self, milestone: str, kind: str, day: date) -> list[str]:
        """A comment where no unit of a kind is left on a day, with the kind that does its work since."""
        ended = self.around.ended_on(kind)
        if ended is None or ended >= day:
            return []
        params = {"kind": kind, "ended": ended.isoformat()}
        successor = self.around.successors.get(kind)
        if successor is None:
            return [self.remark("actor_ended", milestone, **params)]
        return [self.remark("actor_succeeded", milestone, **params, successor=successor)]


def _comment(text: str) -> list[str]:
    """A text as lines of comment."""
    lines, line = [], "#"
    for word in text.split():
        if len(line) + len(word) >= _WIDTH:
            lines.append(line)
            line = "#"
        line += f" {word}"
    return [*lines, line]


def _text(value: object) -> str:
    """A value as YAML writes it inside of braces, quoted only where it must be."""
    dumped = yaml.safe_dump([value], default_flow_style=True, allow_unicode=True, width=10_000)
    return dumped.strip()[1:-1]


def _words(values: tuple[object, ...]) -> str:
    return f"[{', '.join(_text(value) for value in values)}]"


def _label(label: Label, moved: Callable[[str], str]) -> str:
    return f"{{{', '.join(f'{lang}: {_text(moved(text))}' for lang, text in label.items())}}}"


def _holders(holders: Holders) -> str:
    return f"{{unit: {holders.unit}, duty: {_words(holders.duties)}}}"
