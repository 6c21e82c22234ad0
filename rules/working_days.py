"""Days on which the country works, and counting in them.

Calendar days and working days are different units: every number that counts days says which it means. Saturdays and
Sundays are off, and the public holidays of a year (Labour Code 2019 Art 112, with each year's swaps); a day off that
was swapped for another is worked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

CALENDAR_DAYS, WORKING_DAYS = "calendar_days", "working_days"
COUNTS = (CALENDAR_DAYS, WORKING_DAYS)
KEEP, NEXT_WORKING_DAY, PREVIOUS_WORKING_DAY = "keep", "next_working_day", "previous_working_day"
SHIFTS = (KEEP, NEXT_WORKING_DAY, PREVIOUS_WORKING_DAY)

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Public holidays, and days at a weekend on which the country works instead of another day."""

    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_off(self, day: date) -> bool:
        """Whether nobody is at work on ``day``."""
        if day in self.holidays:
            return True
        return day.weekday() >= _SATURDAY and day not in self.worked


def add_days(day: date, number: int, count: str, off: DaysOff) -> date:
    """The day that lies ``number`` days (negative: before) from ``day``, counted in ``count``.

    Zero is the day itself, worked or not.
    """
    if count == CALENDAR_DAYS:
        return day + timedelta(days=number)
    step = _DAY if number > 0 else -_DAY
    left = abs(number)
    while left:
        day += step
        if not off.is_off(day):
            left -= 1
    return day


def shifted(day: date, shift: str, off: DaysOff) -> date:
    """``day``, or the working day after or before it where it is a day off and ``shift`` asks for that."""
    if shift == KEEP:
        return day
    step = _DAY if shift == NEXT_WORKING_DAY else -_DAY
    while off.is_off(day):
        day += step
    return day
