"""Public holidays: a file is read as it is written, and each year's differs from the library only where it is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import holidays as library
import pytest

from published.holidays import Holidays, days_off_of, read_holidays

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "regulations" / "holidays").glob("*.yaml"))
YEARS = (2024, 2025, 2026, 2027)

# (day, what our file says of it, what the library says) with the reason for each.
DIFFERENCES = {
    (date(2025, 2, 1), "plain", "off"): (
        "mùng 4 Tết is a Saturday; the five days of Tết were taken from 27 to 31 January, and the weekend is off anyway"
    ),
    (
        date(2026, 1, 2),
        "off",
        "plain",
    ): "the proposed swap for 10 January is assumed; the library has no such swap",
    (date(2026, 1, 10), "worked", "plain"): "the Saturday of that swap",
}

SMALL = """\
holidays: 2025
source: a list
verified: true
days:
  2025-01-01: {vi: Tết Dương lịch, en: New Year}
  2025-05-02: {vi: Nghỉ hoán đổi, en: Swapped}
worked:
  2025-04-26: {vi: Làm bù, en: Worked}
"""


def published(year: int) -> Holidays:
    found, faults = read_holidays((ROOT / "regulations" / "holidays" / f"{year}.yaml").read_bytes())
    assert faults == []
    assert found is not None
    return found


def test_a_file_is_read_as_it_is_written():
    found, faults = read_holidays(SMALL)
    assert faults == []
    assert found is not None
    assert (found.name, found.year, found.source, found.verified) == ("2025", 2025, "a list", True)
    assert list(found.days) == [date(2025, 1, 1), date(2025, 5, 2)]
    assert found.days[date(2025, 5, 2)] == {"vi": "Nghỉ hoán đổi", "en": "Swapped"}
    assert list(found.worked) == [date(2025, 4, 26)]


def test_every_year_that_a_calendar_touches_has_its_file():
    assert [file.stem for file in FILES] == [str(year) for year in YEARS]
    for year in YEARS:
        assert published(year).year == year


def test_a_list_whose_announcement_was_not_seen_says_so():
    for year in YEARS:
        found = published(year)
        assert not found.verified
        assert "chưa" in found.source


@pytest.mark.parametrize("year", YEARS)
def test_each_difference_from_the_library_has_its_reason(year: int):
    ours = published(year)
    theirs = library.country_holidays("VN", years=year)
    worked = {day for day in theirs.weekend_workdays if day.year == year}
    said = {}
    for day in {*ours.days, *ours.worked, *theirs, *worked}:
        one = "worked" if day in ours.worked else "off" if day in ours.days else "plain"
        other = "worked" if day in worked else "off" if day in theirs else "plain"
        if one != other:
            said[day] = (one, other)
    assert said == {day: (one, other) for day, one, other in DIFFERENCES if day.year == year}


def test_every_swap_gives_a_weekday_for_a_day_at_the_weekend():
    for year in YEARS:
        found = published(year)
        swapped = [day for day, label in found.days.items() if "hoán đổi" in label["vi"]]
        assert len(swapped) == len(found.worked)
        assert all(day.weekday() < 5 for day in swapped)


def test_days_off_of_several_years_are_one_calendar():
    off = days_off_of(published(year) for year in YEARS)
    assert off.is_off(date(2024, 9, 3)) and off.is_off(date(2025, 1, 31)) and off.is_off(date(2026, 4, 27))
    assert not off.is_off(date(2024, 5, 4)) and not off.is_off(date(2025, 4, 26))
    assert off.is_off(date(2025, 5, 31)) and not off.is_off(date(2025, 6, 30))


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("holidays: 2025", "holidays: soon", 1, "year_unusable"),
        ("holidays: 2025", "holidays: true", 1, "year_unusable"),
        ("holidays: 2025", "holidays: 1975", 1, "year_unusable"),
        ("source: a list\n", "", 1, "missing_key"),
        ("verified: true", "verified: maybe", 3, "not_yes_or_no"),
        ("verified: true", "verified: true\nregion: south", 4, "unknown_key"),
        ("2025-01-01", "2024-01-01", 5, "day_of_another_year"),
        ("2025-01-01", "2025-02-30", 5, "not_a_date"),
        ("2025-01-01", "New Year", 5, "not_a_date"),
        ("2025-05-02: {vi: Nghỉ hoán đổi, en: Swapped}", "2025-05-02: off", 6, "label_incomplete"),
        ("2025-05-02", "2025-01-01", 6, "duplicate_key"),
        ("2025-04-26", "2025-04-25", 8, "worked_on_a_weekday"),
        ("2025-05-02", "2025-04-26", 8, "worked_and_off"),
    ],
)
def test_a_planted_fault_is_found_on_its_line(old: str, new: str, line: int, code: str):
    assert SMALL.count(old) == 1
    assert [(f.line, f.code) for f in read_holidays(SMALL.replace(old, new))[1]] == [(line, code)]


def test_a_year_without_a_holiday_is_refused():
    text = SMALL[: SMALL.index("\ndays:")] + "\ndays: {}\n"
    assert [fault.code for fault in read_holidays(text)[1]] == ["no_holiday"]
