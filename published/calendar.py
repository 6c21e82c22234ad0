"""A published calendar as values: the milestones of one school year, read from a marked tree, faults by line.

A file looks so (every day is local to Asia/Ho_Chi_Minh, and a window includes its last day):

    calendar: 2024-2025
    title: {vi: …, en: …}
    school_year: 2024-2025            # two years in a row
    procedures: [three-tier-2024]     # whose dossiers it serves
    dated: 2024-10-15                 # optional: the day on which the plan was signed
    zone: Asia/Ho_Chi_Minh            # the only one; written out so that a reader of the file need not know
    source: …                         # the plan that it was read from
    verified: true
    milestones:
      dossier-completion:
        label: {vi: …, en: …}
        owed_by: school                                             # a kind of unit
        actor: {vi: …, en: …}                                       # who that is, in the plan's words
        due: {vi: …, en: …}                                         # what is owed
        opens: 2025-06-01
        last_day: 2025-06-30
        …                                                           # what follows from it: docs/calendar.md

What a milestone may say beside these is read in `published/milestone.py`; an unknown key is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kit.marked_reader import Label
from kit.strict_yaml import Fault, MarkedMap, read_strict_yaml
from published.milestone import CalendarMilestone, MilestoneReader
from rules.school_years import year_named

# Windows are computed with this zone's offset (`rules.windows`); a file that names another would be misread.
ZONE = "Asia/Ho_Chi_Minh"

# The name stands in the chain's subject with each act, in a column that takes 60 letters of it.
_NAME = re.compile(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*")
_TWO_YEARS = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Calendar:
    """One school year for the dossiers of some procedures. Sound only if it was read without a fault.

    ``dated`` None: the plan's day is not known. ``asked_on``: of a movement, the day on which it asked; a file has
    none, and counts from the day on which it was published. ``lines`` are the lines of the file's own keys.
    """

    name: str
    title: Label
    school_year: str
    procedures: tuple[str, ...]
    source: str
    verified: bool
    milestones: dict[str, CalendarMilestone]
    zone: str = ZONE
    sha256: str = ""
    dated: date | None = None
    asked_on: date | None = None
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """The line of one of the file's own keys; 0, the file as a whole, where it is not written."""
        return self.lines.get(key, 0)


def read_calendar(text: str | bytes, sha256: str = "") -> tuple[Calendar | None, list[Fault]]:
    """The calendar in ``text`` and every fault found; None when too little can be read to go on.

    A calendar that comes with faults is for showing, never for publishing. Nothing is raised for bad input.
    """
    tree, faults = read_strict_yaml(text)
    if not isinstance(tree, MarkedMap):
        return None, faults or [Fault(1, "not_a_mapping", {"what": "calendar"})]
    return _Reader(faults).calendar(tree, sha256), faults


class _Reader(MilestoneReader):
    """Reads a calendar."""

    def calendar(self, tree: MarkedMap, sha256: str) -> Calendar | None:
        self.keys(
            tree,
            "calendar",
            (
                "calendar",
                "title",
                "school_year",
                "procedures",
                "zone",
                "source",
                "verified",
                "milestones",
            ),
            ("dated",),
        )
        name = self.text(tree, "calendar", "unnamed")
        if "calendar" in tree and not _NAME.fullmatch(name):
            self.fault(tree.line_of("calendar"), "name_unusable", name=name)
        title = self.label(tree, "title", name)
        school_year, span = self.school_year(tree)
        procedures = self.names(tree, "procedures", None, "not_a_text")
        if "procedures" in tree and not tree["procedures"]:
            self.fault(tree.line_of("procedures"), "calendar_serves_nothing")
        self.choice(tree, "zone", (ZONE,), "unknown_zone")
        source, verified = self.text(tree, "source"), self.yes_no(tree, "verified")
        dated = self.needed_day(tree, "dated")
        milestones = self.milestones(tree, span)
        if not milestones:
            return None
        return Calendar(
            name=name,
            title=title,
            school_year=school_year,
            procedures=procedures,
            source=source,
            verified=verified,
            milestones=milestones,
            sha256=sha256,
            dated=dated,
            lines=tree.lines,
        )

    def school_year(self, tree: MarkedMap) -> tuple[str, tuple[date, date] | None]:
        """The school year, and the days within which its milestones can lie."""
        text = self.text(tree, "school_year")
        if not text:
            return "", None
        year = year_named(text)
        if year is None:
            line = tree.line_of("school_year")
            if _TWO_YEARS.fullmatch(text):
                self.fault(line, "school_year_not_in_a_row", value=text)
            else:
                self.fault(line, "school_year_malformed", value=text)
            return text, None
        # Plans are written from July on; the State's flags are asked for until 31/12 after the year's end.
        return text, (date(year, 7, 1), date(year + 1, 12, 31))

    def milestones(self, tree: MarkedMap, span: tuple[date, date] | None) -> dict[str, CalendarMilestone]:
        found: dict[str, CalendarMilestone] = {}
        section = self.section(tree, "milestones")
        for name, body in section.items():
            line = section.lines[name]
            if not isinstance(body, MarkedMap):
                self.fault(line, "not_a_mapping", what=name)
            else:
                milestone = self.milestone(name, body, line, span)
                if milestone is not None:
                    found[name] = milestone
        if isinstance(tree.get("milestones"), MarkedMap) and not section:
            self.fault(tree.line_of("milestones"), "no_milestone")
        return found
