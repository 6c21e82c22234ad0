"""School years: their names, their days, and what is none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.school_years import (
    against_unreadable,
    first_day,
    last_day,
    last_taught,
    later,
    name_of,
    name_on,
    number_of,
    row_to,
    short_of,
    year_named,
    year_of,
)

years = st.integers(1900, 2098)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024",
        "2024-2026",
        "2024-2024",
        "2025-2024",
        "2024/2025",
        " 2024-2025",
        "1899-1900",
        "0000-0001",
        "2100-2101",
    ],
)
def test_what_is_no_school_year_is_said(text: str) -> None:
    assert year_named(text) is None
    (reason,) = against_unreadable(text)
    assert (reason.code, dict(reason.params)) == ("school_year_unreadable", {"school_year": text})
    with pytest.raises(ValueError, match=f"^not a school year: '{text}'$"):
        number_of(text)


@given(years)
def test_a_school_year_is_read_as_it_is_written(year: int) -> None:
    name = name_of(year)
    assert year_named(name) == number_of(name) == year
    assert against_unreadable(name) == []
    assert short_of(name) == f"{year % 100:02d}{(year + 1) % 100:02d}"


def test_years_before_and_after_are_named() -> None:
    assert (later("2024-2025"), later("2024-2025", -1), later("2024-2025", 0)) == (
        "2025-2026",
        "2023-2024",
        "2024-2025",
    )
    assert later("1999-2000", 3) == "2002-2003"
    assert list(row_to(2024, 3)) == [2022, 2023, 2024]


def test_a_year_begins_in_august_and_is_taught_to_the_end_of_may() -> None:
    assert (first_day(2024), last_taught(2024), last_day(2024)) == (
        date(2024, 8, 1),
        date(2025, 5, 31),
        date(2025, 7, 31),
    )
    assert (name_on(date(2025, 7, 31)), name_on(date(2025, 8, 1))) == ("2024-2025", "2025-2026")


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_each_day_lies_in_one_year(day: date) -> None:
    year = year_of(day)
    assert first_day(year) <= day <= last_day(year)
    assert name_on(day) == name_of(year)
