"""The files of the sample, read as plain rows. Everything that the rehearsal knows of the sample comes from here."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kit.settings import ROOT

SAMPLE = ROOT / "data" / "sample"
#: the instructive cases (docs/cases.md)
CASES = SAMPLE / "cases"
REGULATIONS = ROOT / "regulations"

# Kinds of regulations in the order in which they are published, with the folder of each.
# A rulebook is looked at beside the titles. A calendar is looked at beside the procedures that it serves, the days off
# and who succeeds whom, so it comes last.
REGULATION_FOLDERS = (
    ("titles", "titles"),
    ("holidays", "holidays"),
    ("succession", "successions"),
    ("scorecard", "scorecards"),
    ("council", "councils"),
    ("rulebook", "rulebooks"),
    ("procedure", "procedures"),
    ("calendar", "calendars"),
)

# What the sample calls a kind of school; the program knows one kind of unit for all of them.
SCHOOL_TYPES = ("nursery", "primary", "basic", "secondary", "high", "college")


def rows_of(name: str, folder: Path = SAMPLE) -> list[dict[str, str]]:
    """The rows of one file of the sample."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day_or_none(text: str) -> date | None:
    """A day in ISO form; None for an empty cell, which means open."""
    return date.fromisoformat(text) if text else None


@cache
def regulation_texts() -> tuple[tuple[str, bytes], ...]:
    """(kind, text) of every regulation that the office publishes, in a fixed order."""
    return tuple(
        (kind, path.read_bytes())
        for kind, folder in REGULATION_FOLDERS
        for path in sorted((REGULATIONS / folder).glob("*.yaml"))
    )


@dataclass(frozen=True, slots=True)
class Dated:
    """Something that holds from one day to another, both included."""

    since: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether it holds on ``day``."""
        return self.shares(day, day)

    def shares(self, first: date, last: date) -> bool:
        """Whether it holds on some day from ``first`` to ``last``."""
        return (self.since is None or self.since <= last) and (self.until is None or first <= self.until)
