"""School years as whole numbers: 2024 stands for 2024-2025, so that "in a row" is arithmetic."""

from __future__ import annotations

import re
from datetime import date

#: a school year begins in August, when its first papers are written, and ends with the July after
FIRST_MONTH = 8
_NAME = re.compile(r"([0-9]{4})-([0-9]{4})")


def year_named(name: str) -> int | None:
    """The number of a school year written as 2024-2025; None for anything else, years that do not follow included."""
    match = _NAME.fullmatch(name)
    return int(match[1]) if match and int(match[2]) == int(match[1]) + 1 else None


def name_of(year: int) -> str:
    """2024 as 2024-2025."""
    return f"{year}-{year + 1}"


def year_of(day: date) -> int:
    """The school year in which a day lies."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def first_day(year: int) -> date:
    """The day on which a school year begins."""
    return date(year, FIRST_MONTH, 1)


def last_day(year: int) -> date:
    """The day on which a school year ends, itself included."""
    return date(year + 1, FIRST_MONTH - 1, 31)


def row_to(year: int, count: int) -> range:
    """The ``count`` school years in a row that end with ``year``, the earliest first."""
    return range(year - count + 1, year + 1)
