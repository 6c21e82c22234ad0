"""Editions of the simulated year: which school year is played, in which world, under which procedure and calendar.

The story is one. What differs between editions is data: the days of the story are counted from the milestones of the
edition's calendar, and who acts is found in the edition's world.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from published.calendar import Calendar, read_calendar
from published.lint import lint
from published.lint.findings import WARNING, Finding
from rehearsal.names import AS_IT_WAS, AS_PLANNED, TWO_TIERS
from rehearsal.plan import days_off, workday
from rehearsal.sample_files import REGULATIONS
from rehearsal.sample_surroundings import sample_surroundings
from rehearsal.story import THREE_TIER, TWO_TIER
from rehearsal.world import World, sample_world, undivided_world
from rules.windows import LOCAL
from rules.working_days import WORKING_DAYS, add_days, shifted

# The day on which districts end and communes begin.
REFORM = date(2025, 7, 1)
# After the year's last milestone.
_ANSWERED_AFTER = timedelta(days=153)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The milestones of one calendar, and days counted from them."""

    calendar: Calendar

    def opens(self, milestone: str, days: int = 0) -> date:
        """The working day that is, or follows, ``days`` days after a milestone's opening."""
        return workday(self.calendar.milestones[milestone].milestone.opens + timedelta(days=days))

    def last_day(self, milestone: str) -> date:
        """A milestone's last day, moved off a day off where the calendar says so."""
        planned = self.calendar.milestones[milestone]
        return shifted(planned.milestone.last_day, planned.on_day_off, days_off())

    def ends(self, milestone: str, days: int = 0) -> date:
        """The working day that is, or follows, ``days`` days after (negative: before) the last day of a milestone.

        One that is asked for within the milestone stays within it.
        """
        last = self.last_day(milestone)
        day = workday(last + timedelta(days=days))
        return day if days > 0 or day <= last else shifted(last, "previous_working_day", days_off())

    def working_days_after(self, milestone: str, days: int) -> date:
        """So many working days after the last day of a milestone."""
        return add_days(self.last_day(milestone), days, WORKING_DAYS, days_off())


@dataclass(frozen=True, eq=False, slots=True)
class Edition:
    """One edition.

    ``procedure`` and ``days`` are those of the yearly round; ``later`` are the days of dossiers that are opened after
    the districts' end, None where nothing ends. ``next_year``: while the last dossiers are under way the next school
    year has begun under a calendar of its own, and units owe under that too.
    """

    name: str
    school_year: str
    procedure: str
    days: Schedule
    later: Schedule | None
    next_year: Schedule | None
    world: World

    @property
    def first_day(self) -> date:
        """The first day of the school year: nothing happens before."""
        return date(int(self.school_year[:4]), 9, 1)

    @property
    def last_day(self) -> date:
        """The last day that is played: five months after the year's last milestone, when the State has answered."""
        return self.days.last_day("higher-submission") + _ANSWERED_AFTER

    @property
    def start(self) -> datetime:
        """Where the clock of a home that holds the edition's world stands at first."""
        return datetime.combine(self.first_day, time(7), tzinfo=LOCAL).astimezone(UTC)

    @property
    def reforms(self) -> bool:
        """Whether the districts end in this year."""
        return self.later is not None

    def warnings(self) -> tuple[Finding, ...]:
        """What the linter warns of in the calendar of the round, beside the units as they really were."""
        found = lint(self.days.calendar, sample_surroundings())
        return tuple(finding for finding in found if finding.grade == WARNING)


def schedule(calendar: str) -> Schedule:
    """The days of a published calendar."""
    found, _ = read_calendar((REGULATIONS / "calendars" / f"{calendar}.yaml").read_bytes())
    if found is None:
        raise LookupError(calendar)
    return Schedule(found)


@cache
def edition(name: str = AS_IT_WAS) -> Edition:
    """An edition by its name, one of `EDITIONS`."""
    if name == AS_IT_WAS:
        return divided(name, sample_world())
    if name == AS_PLANNED:
        return Edition(name, "2024-2025", THREE_TIER, schedule("2024-2025"), None, None, undivided_world())
    if name == TWO_TIERS:
        return Edition(name, "2026-2027", TWO_TIER, schedule("2026-2027"), None, None, sample_world())
    raise LookupError(name)


def divided(name: str, world: World) -> Edition:
    """The year 2024-2025 in a world in which the districts end."""
    days, later, next_year = map(schedule, ("2024-2025", "2024-2025-two-tier", "2025-2026"))
    return Edition(name, "2024-2025", THREE_TIER, days, later, next_year, world)
