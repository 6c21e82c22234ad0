"""When a window is open: days of Viet Nam, the last one included."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.windows import LOCAL, Milestone, Window, day_start, local_day, window_of

TICK = timedelta(microseconds=1)
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL)


def june(*extended: date, grace: int = 0) -> Window:
    return window_of(Milestone("june", "school", date(2025, 6, 1), date(2025, 6, 30), grace), extended)


def test_the_last_day_counts_to_its_last_microsecond():
    assert june().is_open(local(2025, 6, 30, 23, 59, 59, 999999))
    assert not june().is_over(local(2025, 6, 30, 23, 59, 59, 999999))


def test_at_the_first_instant_of_the_day_after_the_window_is_over():
    assert not june().is_open(local(2025, 7, 1, 0, 0, 0))
    assert june().is_over(local(2025, 7, 1, 0, 0, 0))


def test_the_first_day_counts_from_its_first_instant():
    assert june().is_open(local(2025, 6, 1, 0, 0, 0))
    assert not june().is_open(local(2025, 5, 31, 23, 59, 59, 999999))


def test_a_window_that_is_not_open_yet_is_not_over():
    assert not june().is_over(local(2025, 5, 31))


def test_midnight_is_that_of_viet_nam_and_not_of_greenwich():
    assert june().closes_at == datetime(2025, 6, 30, 17, 0, tzinfo=UTC)
    assert june().is_over(datetime(2025, 6, 30, 17, 0, tzinfo=UTC))
    assert june().is_open(datetime(2025, 6, 30, 16, 59, 59, 999999, tzinfo=UTC))


def test_an_instant_given_in_another_zone_is_the_same_instant():
    tokyo = timezone(timedelta(hours=9))
    assert june().is_open(datetime(2025, 7, 1, 1, 59, 59, tzinfo=tokyo))
    assert not june().is_open(datetime(2025, 7, 1, 2, 0, 0, tzinfo=tokyo))


def test_grace_keeps_the_door_open_but_does_not_change_the_last_day_that_is_shown():
    window = june(grace=30)
    assert window.is_open(local(2025, 7, 1, 0, 29, 59, 999999))
    assert window.is_over(local(2025, 7, 1, 0, 30))
    assert (window.last_day, window.extended) == (date(2025, 6, 30), False)


def test_grace_is_added_after_an_extension_too():
    assert june(date(2025, 7, 5), grace=15).closes_at == local(2025, 7, 6, 0, 15)


def test_an_extension_moves_the_last_day():
    window = june(date(2025, 7, 5))
    assert (window.last_day, window.extended) == (date(2025, 7, 5), True)
    assert window.is_open(local(2025, 7, 5, 23, 59, 59, 999999))
    assert window.is_over(local(2025, 7, 6))


@pytest.mark.parametrize("until", [date(2025, 6, 29), date(2025, 6, 30), date(2024, 1, 1)])
def test_an_extension_never_shortens_a_window(until: date):
    assert june(until) == june()


def test_of_several_extensions_the_latest_day_wins_in_any_order():
    given_days = (date(2025, 7, 9), date(2025, 7, 2), date(2025, 6, 1))
    assert june(*given_days) == june(*reversed(given_days)) == june(date(2025, 7, 9))


@pytest.mark.parametrize(
    ("last_day", "day_after"),
    [
        (date(2025, 2, 28), date(2025, 3, 1)),
        (date(2024, 2, 28), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2024, 3, 1)),
        (date(2025, 4, 30), date(2025, 5, 1)),
        (date(2024, 12, 31), date(2025, 1, 1)),
        (date(2100, 2, 28), date(2100, 3, 1)),
    ],
)
def test_a_window_ends_where_the_next_day_of_the_calendar_begins(last_day: date, day_after: date):
    window = window_of(Milestone("m", "school", date(2024, 1, 1), last_day))
    assert window.closes_at == day_start(day_after)
    assert local_day(window.closes_at - TICK) == last_day


def test_a_window_of_one_day_is_open_for_exactly_that_day():
    leap = window_of(Milestone("m", "school", date(2024, 2, 29), date(2024, 2, 29)))
    assert leap.closes_at - leap.opens_at == timedelta(days=1)
    assert leap.is_open(local(2024, 2, 29, 12))


@settings(deadline=None)
@given(days)
def test_every_day_begins_on_itself_and_one_tick_earlier_it_is_the_day_before(day: date):
    assert local_day(day_start(day)) == day
    assert local_day(day_start(day) - TICK) == day - timedelta(days=1)
    assert day_start(day).utcoffset() == timedelta(0)


@settings(deadline=None)
@given(days, st.integers(0, 400), st.lists(days, max_size=4), st.integers(0, 2000), st.integers(0, 800))
def test_a_window_is_always_not_yet_open_or_open_or_over(opens, length, extended, grace, after):
    milestone = Milestone("m", "school", opens, opens + timedelta(days=length), grace)
    window, plain = window_of(milestone, extended), window_of(milestone)
    now = day_start(opens) + timedelta(days=after - 200)
    assert [now < window.opens_at, window.is_open(now), window.is_over(now)].count(True) == 1
    assert window.closes_at >= plain.closes_at
    assert window.extended == (window.last_day > milestone.last_day)


def test_an_instant_without_a_zone_is_refused_rather_than_guessed():
    with pytest.raises(TypeError):
        june().is_open(datetime(2025, 6, 15))  # noqa: DTZ001 - this is what must not pass
