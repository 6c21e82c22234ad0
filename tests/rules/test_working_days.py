"""Days off and counting in days: stories of the Vietnamese year, and every count against a walk day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.working_days import (
    CALENDAR_DAYS,
    KEEP,
    NEXT_WORKING_DAY,
    PREVIOUS_WORKING_DAY,
    WORKING_DAYS,
    DaysOff,
    add_days,
    shifted,
)

# Tết, the spring holidays with their swap, and National Day of 2025; the New Year of 2024 and 2026.
OFF = DaysOff(
    frozenset(
        {
            date(2024, 1, 1),
            date(2025, 1, 1),
            *(date(2025, 1, day) for day in range(27, 32)),
            date(2025, 4, 7),
            date(2025, 4, 30),
            date(2025, 5, 1),
            date(2025, 5, 2),
            date(2025, 9, 1),
            date(2025, 9, 2),
            date(2026, 1, 1),
        }
    ),
    frozenset({date(2025, 4, 26)}),
)
DAYS = st.dates(date(2023, 12, 1), date(2028, 3, 31))
# Month ends, 29 February, Tết, year ends: where counting goes wrong first.
EDGES = st.sampled_from(
    [
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2024, 3, 1),
        date(2024, 12, 31),
        date(2025, 1, 24),
        date(2025, 1, 26),
        date(2025, 1, 29),
        date(2025, 2, 3),
        date(2025, 4, 25),
        date(2025, 4, 26),
        date(2025, 4, 30),
        date(2025, 5, 5),
        date(2025, 5, 31),
        date(2025, 12, 31),
        date(2028, 2, 29),
    ]
)
ANY_DAY = st.one_of(DAYS, EDGES)
ANY_OFF = st.one_of(
    st.just(OFF),
    st.builds(DaysOff, st.frozensets(DAYS, max_size=12), st.frozensets(DAYS, max_size=6)),
)


def works(day: date, off: DaysOff) -> bool:
    """Said once more, in other words: a holiday is off; else weekdays are worked, and weekends that were swapped."""
    return day not in off.holidays and (day.isoweekday() <= 5 or day in off.worked)


def walked(day: date, number: int, off: DaysOff) -> date:
    """The working day that many working days away, by listing days until enough of them were worked."""
    step = 1 if number > 0 else -1
    passed = 0
    away = 0
    while passed < abs(number):
        away += step
        passed += works(day + timedelta(days=away), off)
    return day + timedelta(days=away)


@pytest.mark.parametrize(
    ("day", "is_off"),
    [
        (date(2025, 1, 24), False),
        (date(2025, 1, 25), True),
        (date(2025, 1, 31), True),
        (date(2025, 2, 3), False),
        # a Saturday that is worked, and the Friday for which it is
        (date(2025, 4, 26), False),
        (date(2025, 4, 27), True),
        (date(2025, 5, 2), True),
        (date(2024, 2, 29), False),
        (date(2025, 5, 31), True),
    ],
)
def test_weekends_and_holidays_are_off_and_swapped_saturdays_are_worked(day: date, is_off: bool):
    assert OFF.is_off(day) is is_off


def test_a_holiday_on_a_day_that_is_worked_instead_is_off():
    day = date(2025, 4, 26)
    assert DaysOff(frozenset({day}), frozenset({day})).is_off(day)


@pytest.mark.parametrize(
    ("day", "number", "count", "there"),
    [
        # The last working day before Tết, and the first after it, are next to each other.
        (date(2025, 1, 24), 1, WORKING_DAYS, date(2025, 2, 3)),
        (date(2025, 2, 3), -1, WORKING_DAYS, date(2025, 1, 24)),
        (date(2025, 1, 24), 1, CALENDAR_DAYS, date(2025, 1, 25)),
        # The swapped Saturday counts, the Friday does not.
        (date(2025, 4, 25), 1, WORKING_DAYS, date(2025, 4, 26)),
        (date(2025, 4, 26), 3, WORKING_DAYS, date(2025, 5, 5)),
        (date(2025, 4, 25), 4, WORKING_DAYS, date(2025, 5, 5)),
        (date(2024, 2, 28), 1, WORKING_DAYS, date(2024, 2, 29)),
        (date(2024, 2, 28), 2, CALENDAR_DAYS, date(2024, 3, 1)),
        (date(2023, 2, 28), 1, CALENDAR_DAYS, date(2023, 3, 1)),
        (date(2024, 12, 31), 1, WORKING_DAYS, date(2025, 1, 2)),
        (date(2025, 1, 2), -1, WORKING_DAYS, date(2024, 12, 31)),
        # Zero is the day itself, worked or not.
        (date(2025, 5, 31), 0, WORKING_DAYS, date(2025, 5, 31)),
        (date(2025, 5, 31), 0, CALENDAR_DAYS, date(2025, 5, 31)),
        # From a Saturday the first working day is Monday, and the last one Friday.
        (date(2025, 5, 31), 1, WORKING_DAYS, date(2025, 6, 2)),
        (date(2025, 5, 31), -1, WORKING_DAYS, date(2025, 5, 30)),
    ],
)
def test_days_are_counted_in_the_unit_that_is_named(day: date, number: int, count: str, there: date):
    assert add_days(day, number, count, OFF) == there


@pytest.mark.parametrize(
    ("day", "shift", "there"),
    [
        (date(2025, 1, 31), KEEP, date(2025, 1, 31)),
        (date(2025, 1, 31), NEXT_WORKING_DAY, date(2025, 2, 3)),
        (date(2025, 1, 31), PREVIOUS_WORKING_DAY, date(2025, 1, 24)),
        (date(2025, 5, 31), NEXT_WORKING_DAY, date(2025, 6, 2)),
        (date(2025, 5, 31), PREVIOUS_WORKING_DAY, date(2025, 5, 30)),
        (date(2025, 6, 30), NEXT_WORKING_DAY, date(2025, 6, 30)),
        (date(2025, 6, 30), PREVIOUS_WORKING_DAY, date(2025, 6, 30)),
    ],
)
def test_a_last_day_on_a_day_off_is_moved_as_the_milestone_says(day: date, shift: str, there: date):
    assert shifted(day, shift, OFF) == there


@given(ANY_DAY, ANY_OFF)
def test_a_day_is_off_when_nobody_works(day: date, off: DaysOff):
    assert off.is_off(day) is not works(day, off)


@given(ANY_DAY, st.integers(-60, 60), ANY_OFF)
@example(date(2025, 1, 29), -1, OFF)
@example(date(2025, 1, 29), 1, OFF)
def test_working_days_are_those_that_a_walk_counts(day: date, number: int, off: DaysOff):
    there = add_days(day, number, WORKING_DAYS, off)
    assert there == walked(day, number, off)
    if number:
        assert works(there, off)


@given(ANY_DAY, st.integers(-200, 200), ANY_OFF)
def test_calendar_days_are_ordinals(day: date, number: int, off: DaysOff):
    assert add_days(day, number, CALENDAR_DAYS, off).toordinal() == day.toordinal() + number


@given(ANY_DAY, st.integers(-30, 30), st.integers(-30, 30), ANY_OFF)
def test_working_days_never_overtake_each_other(day: date, one: int, other: int, off: DaysOff):
    first, second = sorted((one, other))
    assert add_days(day, first, WORKING_DAYS, off) <= add_days(day, second, WORKING_DAYS, off)


@given(ANY_DAY, ANY_OFF)
def test_a_shifted_day_is_the_nearest_working_day_on_its_side(day: date, off: DaysOff):
    assert shifted(day, KEEP, off) == day
    for shift, step in ((NEXT_WORKING_DAY, 1), (PREVIOUS_WORKING_DAY, -1)):
        away = 0
        while not works(day + timedelta(days=away), off):
            away += step
        assert shifted(day, shift, off) == day + timedelta(days=away)
