"""One milestone of a calendar as values, and how it is read from its part of the file (`published/calendar.py`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kit.marked_reader import Label
from kit.strict_yaml import MarkedList, MarkedMap
from published.reading import PublishedReader
from rules.reminders import NO_RUNGS, Escalation, Ladder
from rules.windows import Milestone
from rules.working_days import CALENDAR_DAYS, COUNTS, KEEP, SHIFTS
from states.vocabulary import DUTIES, UNIT_KINDS

# A day of grace covers a portal that was down at midnight; what is longer is another last day, to be shown.
GRACE_LIMIT = 24 * 60
# A rung further away than this from its deadline is a slip of the pen.
RUNG_LIMIT = 180

STEPS, FULFIL = "steps", "fulfil"
LAPSE, RED = "lapse", "red"

_MILESTONE = re.compile(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*")

REQUIRED = ("label", "owed_by", "actor", "due", "opens", "last_day")
OPTIONAL = (
    "duty",
    "met_by",
    "on_day_off",
    "grace_minutes",
    "announce_opening",
    "own_dates",
    "remind",
    "escalate",
    "unmet",
    "warn_from",
    "extends",
    "source_phrase",
)


@dataclass(frozen=True, slots=True)
class Holders:
    """Any of some duties, at the nearest unit of a kind."""

    unit: str
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A person (id) who must act by a role that is no duty, from one day to another (both included; None: no end)."""

    person: int
    since: date
    until: date | None

    def acts_on(self, day: date) -> bool:
        """Whether it is hers on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class CalendarMilestone:
    """A milestone as the rules see it, what follows from it, and the words that people see.

    ``extends`` None: it is final. ``unmet`` is ``lapse`` or ``red``; ``warn_from`` the first rung that warns of the
    lapse. ``named``: who must act in the place of the duties' holders, where anybody does; a file names nobody.
    ``line`` is its own, ``lines`` are those of its keys.
    """

    milestone: Milestone
    label: Label
    actor: Label
    due: Label
    duties: tuple[str, ...] = ()
    met_by: tuple[str, ...] = (STEPS,)
    on_day_off: str = KEEP
    announced: bool = False
    own_dates: str | None = None
    ladder: Ladder = NO_RUNGS
    escalation: Escalation | None = None
    escalates_to: Holders | None = None
    unmet: str = LAPSE
    warn_from: int | None = None
    extends: Holders | None = None
    source_phrase: str = ""
    named: tuple[Named, ...] = ()
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """The line of one of its keys, or its own where the key is not written."""
        return self.lines.get(key, self.line)

    def named_on(self, day: date) -> tuple[int, ...]:
        """The people (ids) who must act on a day in the place of whoever holds the duties."""
        return tuple(sorted({one.person for one in self.named if one.acts_on(day)}))

    @property
    def owed_by(self) -> str:
        """The kind of unit that owes it."""
        return self.milestone.owed_by

    @property
    def grace_minutes(self) -> int:
        """How long after its last day it stays open without saying so."""
        return self.milestone.grace_minutes


class MilestoneReader(PublishedReader):
    """Reads one milestone."""

    def milestone(
        self, name: str, body: MarkedMap, line: int, span: tuple[date, date] | None
    ) -> CalendarMilestone | None:
        """The milestone under ``name``; None when its name or its days cannot be used."""
        if not _MILESTONE.fullmatch(name):
            self.fault(line, "name_unusable", name=name)
            return None
        self.keys(body, f"milestone {name}", REQUIRED, OPTIONAL)
        label, actor, due = (self.label(body, key, name) for key in ("label", "actor", "due"))
        owed_by = self.choice(body, "owed_by", UNIT_KINDS, "unknown_unit_kind")
        opens, last_day = self.period(body, "opens", "last_day")
        if span is not None:
            for key, day in (("opens", opens), ("last_day", last_day)):
                if day is not None and not span[0] <= day <= span[1]:
                    self.fault(
                        body.line_of(key), "outside_of_school_year", milestone=name, day=day.isoformat()
                    )
        escalation, escalates_to = self.escalation(body, name)
        unmet = self.choice(body, "unmet", (LAPSE, RED), "unknown_consequence") or LAPSE
        ladder = self.ladder(body, name)
        read = {
            "duties": self.names(body, "duty", DUTIES, "unknown_duty"),
            "met_by": self.names(body, "met_by", (STEPS, FULFIL), "unknown_way_to_meet") or (STEPS,),
            "on_day_off": self.choice(body, "on_day_off", SHIFTS, "unknown_shift") or KEEP,
            "announced": "announce_opening" in body and self.yes_no(body, "announce_opening"),
            "own_dates": self.choice(body, "own_dates", UNIT_KINDS, "unknown_unit_kind") or None,
            "ladder": ladder,
            "escalation": escalation,
            "escalates_to": escalates_to,
            "unmet": unmet,
            "warn_from": self.warning(body, name, unmet, ladder),
            "extends": self.holders(body, "extends", name),
            "source_phrase": self.text(body, "source_phrase"),
        }
        grace = self.grace(body)
        if opens is None or last_day is None:
            return None
        days = Milestone(name, owed_by, opens, last_day, grace)
        return CalendarMilestone(days, label, actor, due, **read, line=line, lines=body.lines)

    def ladder(self, body: MarkedMap, name: str) -> Ladder:
        """The rungs under ``remind``, in ascending order."""
        section = self.section(body, "remind")
        if not section:
            return Ladder()
        self.keys(section, f"remind of {name}", ("count", "days"))
        count = self.choice(section, "count", COUNTS, "unknown_count") or CALENDAR_DAYS
        listed = section.get("days")
        if not isinstance(listed, MarkedList) or not listed:
            self.fault(section.line_of("days"), "rungs_missing", milestone=name)
            return Ladder(count=count)
        rungs: list[int] = []
        for position, rung in enumerate(listed):
            line = listed.lines[position]
            # True is an int to Python.
            if isinstance(rung, bool) or not isinstance(rung, int) or abs(rung) > RUNG_LIMIT:
                self.fault(line, "rung_unusable", value=str(rung), limit=RUNG_LIMIT)
            elif rung in rungs:
                self.fault(line, "named_twice", name=str(rung))
            elif rungs and rung < rungs[-1]:
                self.fault(line, "rungs_not_in_order", value=rung)
            else:
                rungs.append(rung)
        return Ladder(tuple(rungs), count)

    def escalation(self, body: MarkedMap, name: str) -> tuple[Escalation | None, Holders | None]:
        """After how many days whom ``escalate`` tells."""
        section = self.section(body, "escalate")
        if not section:
            return None, None
        self.keys(section, f"escalate of {name}", ("after", "count", "to"))
        count = self.choice(section, "count", COUNTS, "unknown_count") or CALENDAR_DAYS
        to = self.holders(section, "to", name)
        after = section.get("after")
        if isinstance(after, bool) or not isinstance(after, int) or not 1 <= after <= RUNG_LIMIT:
            self.fault(section.line_of("after"), "escalation_unusable", value=str(after), limit=RUNG_LIMIT)
            return None, to
        return (Escalation(after, count), to) if to else (None, None)

    def warning(self, body: MarkedMap, name: str, unmet: str, ladder: Ladder) -> int | None:
        """From which rung on the reminder says that the dossier will lapse."""
        if "warn_from" not in body:
            return None
        value = body["warn_from"]
        if isinstance(value, bool) or not isinstance(value, int) or value not in ladder.days or value > 0:
            self.fault(body.line_of("warn_from"), "warning_is_no_rung", milestone=name, value=str(value))
            return None
        if unmet != LAPSE:
            self.fault(body.line_of("warn_from"), "warning_of_nothing", milestone=name)
        return value

    def holders(self, body: MarkedMap, key: str, name: str) -> Holders | None:
        """Some duties at a kind of unit, under ``key``."""
        if key not in body:
            return None
        section = self.section(body, key)
        if not isinstance(body[key], MarkedMap):
            return None
        self.keys(section, f"{key} of {name}", ("unit", "duty"))
        unit = self.choice(section, "unit", UNIT_KINDS, "unknown_unit_kind")
        duties = self.names(section, "duty", DUTIES, "unknown_duty")
        if "duty" in section and not section["duty"]:
            self.fault(section.line_of("duty"), "extends_without_duty", milestone=name)
        return Holders(unit, duties) if unit and duties else None

    def grace(self, body: MarkedMap) -> int:
        """Minutes of grace."""
        value = body.get("grace_minutes", 0)
        # True is an int to Python.
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= GRACE_LIMIT:
            self.fault(body.line_of("grace_minutes"), "grace_unusable", value=str(value), limit=GRACE_LIMIT)
            return 0
        return value
