"""A year's public holidays as published: the days off, and the days on which the country works instead.

holidays: 2025
source: …                    # the announcement that it was read from
verified: true
days:
  2025-01-01: {vi: Tết Dương lịch, en: New Year's Day}
worked:                      # optional: a Saturday or Sunday that is worked instead of another day
  2025-04-26: {vi: Làm bù ngày 02/5, en: Worked instead of 2 May}
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kit.marked_reader import Label
from kit.strict_yaml import Fault, MarkedMap, read_strict_yaml
from published.reading import PublishedReader
from rules.working_days import DaysOff

_SATURDAY = 5
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Holidays:
    """The holidays of one calendar year, by day, and the days at weekends that are worked."""

    year: int
    source: str
    verified: bool
    days: dict[date, Label]
    worked: dict[date, Label]

    @property
    def name(self) -> str:
        """Under which name it is published."""
        return str(self.year)


def read_holidays(text: str | bytes) -> tuple[Holidays | None, list[Fault]]:
    """The holidays in ``text`` and every fault found; None when too little can be read to go on."""
    tree, faults = read_strict_yaml(text)
    if not isinstance(tree, MarkedMap):
        return None, faults or [Fault(1, "not_a_mapping", {"what": "holidays"})]
    return _Reader(faults).holidays(tree), faults


def days_off_of(years: Iterable[Holidays]) -> DaysOff:
    """The days off of some years, as the rules count them."""
    listed = tuple(years)
    return DaysOff(
        frozenset(day for year in listed for day in year.days),
        frozenset(day for year in listed for day in year.worked),
    )


class _Reader(PublishedReader):
    """Reads a year's holidays."""

    def holidays(self, tree: MarkedMap) -> Holidays | None:
        self.keys(tree, "holidays", ("holidays", "source", "verified", "days"), ("worked",))
        year = tree.get("holidays")
        # True is an int to Python.
        if isinstance(year, bool) or not isinstance(year, int) or not _FIRST_YEAR <= year <= _LAST_YEAR:
            self.fault(tree.line_of("holidays"), "year_unusable", value=str(year))
            return None
        source, verified = self.text(tree, "source"), self.yes_no(tree, "verified")
        days = self.labelled_days(tree, "days", year)
        worked = self.labelled_days(tree, "worked", year)
        if not days:
            self.fault(tree.line_of("days"), "no_holiday")
        for day in worked:
            line = self.section(tree, "worked").line_of(day.isoformat())
            if day.weekday() < _SATURDAY:
                self.fault(line, "worked_on_a_weekday", day=day.isoformat())
            if day in days:
                self.fault(line, "worked_and_off", day=day.isoformat())
        return Holidays(year, source, verified, days, worked)

    def labelled_days(self, tree: MarkedMap, key: str, year: int) -> dict[date, Label]:
        found: dict[date, Label] = {}
        section = self.section(tree, key)
        for name in section:
            line = section.line_of(name)
            try:
                day = date.fromisoformat(name)
            except ValueError:
                self.fault(line, "not_a_date", key=key, value=name)
                continue
            if day.year != year:
                self.fault(line, "day_of_another_year", day=name, year=year)
            found[day] = self.label(section, name, name)
        return found
