"""School years as whole numbers: 2024 stands for 2024-2025, so that "in a row" is arithmetic."""

from __future__ import annotations

import re
from datetime import date

from rules.reasons import Reason

#: a school year begins in August, when its first papers are written, and ends with the July after
FIRST_MONTH = 8
#: month and day on which teaching ends (yearly plan of the ministry)
_TAUGHT_UNTIL = (5, 31)
_NAME = re.compile(r"((?:19|20)[0-9]{2})-([0-9]{4})")


def year_named(name: str) -> int | None:
    """The number of a school year written as 2024-2025; None for anything else, years that do not follow included."""
    match = _NAME.fullmatch(name)
    return int(match[1]) if match and int(match[2]) == int(match[1]) + 1 else None


def number_of(name: str) -> int:
    """The number of a school year that was read before, as a row or a published file holds it.

    Raises:
        ValueError: it is none.
    """
    year = year_named(name)
    if year is None:
        raise ValueError(f"not a school year: {name!r}")
    return year


def against_unreadable(name: str) -> list[Reason]:
    """The reason against a school year that somebody wrote, where it is none."""
    return [] if year_named(name) is not None else [Reason("school_year_unreadable", {"school_year": name})]


def name_of(year: int) -> str:
    """2024 as 2024-2025."""
    return f"{year}-{year + 1}"


def year_of(day: date) -> int:
    """The school year in which a day lies."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def name_on(day: date) -> str:
    """The school year in which a day lies, as 2024-2025."""
    return name_of(year_of(day))


def later(name: str, years: int = 1) -> str:
    """The school year some years after one, or before it where ``years`` is below 0."""
    return name_of(number_of(name) + years)


def short_of(name: str) -> str:
    """2024-2025 as 2425: as codes of dossiers and initiatives have it."""
    return name[2:4] + name[7:9]


def first_day(year: int) -> date:
    """The day on which a school year begins."""
    return date(year, FIRST_MONTH, 1)


def last_day(year: int) -> date:
    """The day on which a school year ends, itself included."""
    return date(year + 1, FIRST_MONTH - 1, 31)


def last_taught(year: int) -> date:
    """The last day of teaching of a school year: its members are counted on it, and its disciplines are known then."""
    return date(year + 1, *_TAUGHT_UNTIL)


def row_to(year: int, count: int) -> range:
    """The ``count`` school years in a row that end with ``year``, the earliest first."""
    return range(year - count + 1, year + 1)
