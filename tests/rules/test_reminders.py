"""What falls due for a debt: stories of a ladder, and every answer against one that is lived day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.reminders import (
    ESCALATION,
    OPENING,
    RUNG,
    Call,
    Escalation,
    Ladder,
    Term,
    calls_of,
    days_left,
    due_on,
    next_look,
)
from rules.working_days import CALENDAR_DAYS, COUNTS, WORKING_DAYS, DaysOff
from tests.rules.test_working_days import ANY_DAY, ANY_OFF, OFF, works

DAY = timedelta(days=1)
LADDER = Ladder((-14, -7, -3, -1, 0, 1, 3))
JUNE = Term(
    opens=date(2025, 6, 1),
    due=date(2025, 6, 30),
    since=date(2025, 5, 20),
    announced=True,
    ladder=LADDER,
    escalation=Escalation(5, WORKING_DAYS),
)
NO_HOLIDAYS = DaysOff()


def on(day: date, term: Term = JUNE, off: DaysOff = OFF) -> list[tuple[str, int]]:
    """(what, rung) that is due on a day."""
    return [(call.what, call.rung) for call in due_on(term, day, off)]


# --- Stories ---


def test_a_debt_is_announced_then_climbs_its_ladder_and_is_escalated():
    days = [JUNE.opens + n * DAY for n in range(45)]
    new = {}
    seen: set[Call] = set()
    for day in days:
        calls = set(due_on(JUNE, day, OFF)) - seen
        seen |= calls
        new |= {day: sorted((call.what, call.rung) for call in calls)} if calls else {}
    assert new == {
        date(2025, 6, 1): [(OPENING, 0)],
        date(2025, 6, 16): [(RUNG, -14)],
        date(2025, 6, 23): [(RUNG, -7)],
        date(2025, 6, 27): [(RUNG, -3)],
        date(2025, 6, 29): [(RUNG, -1)],
        date(2025, 6, 30): [(RUNG, 0)],
        date(2025, 7, 1): [(RUNG, 1)],
        date(2025, 7, 3): [(RUNG, 3)],
        date(2025, 7, 7): [(ESCALATION, 0)],
    }


def test_a_machine_that_was_off_for_forty_days_sends_what_is_still_true_once():
    assert on(date(2025, 6, 28)) == [(RUNG, -3)]
    assert on(date(2025, 7, 10)) == [(RUNG, 3), (ESCALATION, 0)]
    assert on(date(2025, 12, 31)) == [(RUNG, 3), (ESCALATION, 0)]


def test_nobody_is_reminded_on_the_day_on_which_she_was_told_anyway():
    told = Term(JUNE.opens, JUNE.due, since=date(2025, 6, 27), ladder=LADDER)
    assert on(date(2025, 6, 27), told) == []
    assert on(date(2025, 6, 28), told) == []
    assert on(date(2025, 6, 29), told) == [(RUNG, -1)]


def test_an_extension_is_a_new_ladder_from_its_own_day_on():
    granted = Term(JUNE.opens, date(2025, 7, 10), since=date(2025, 6, 29), announced=True, ladder=LADDER)
    assert on(date(2025, 6, 30), granted) == []
    # Three days before is 7 July; fourteen and seven lie on or before the day on which it was granted or after it.
    assert [call.rung for call in calls_of(granted, OFF)] == [-7, -3, -1, 0, 1, 3]


def test_what_opened_before_the_debt_arose_is_not_announced():
    late = Term(JUNE.opens, JUNE.due, since=date(2025, 6, 5), announced=True)
    assert calls_of(late, OFF) == ()
    same_day = Term(JUNE.opens, JUNE.due, since=JUNE.opens, announced=True)
    assert calls_of(same_day, OFF) == ()


def test_on_one_day_a_rung_says_more_than_the_opening():
    term = Term(date(2025, 6, 16), JUNE.due, JUNE.since, announced=True, ladder=Ladder((-14,)))
    assert on(date(2025, 6, 16), term) == [(RUNG, -14)]


def test_a_rung_before_the_opening_is_overtaken_by_it():
    term = Term(date(2025, 6, 20), JUNE.due, JUNE.since, announced=True, ladder=Ladder((-14, -3)))
    assert on(date(2025, 6, 16), term) == [(RUNG, -14)]
    assert on(date(2025, 6, 20), term) == [(OPENING, 0)]
    assert on(date(2025, 6, 27), term) == [(RUNG, -3)]


def test_working_days_go_around_tet():
    term = Term(
        date(2025, 1, 1),
        date(2025, 1, 31),
        date(2024, 12, 20),
        ladder=Ladder((-2, -1, 0, 1, 2), WORKING_DAYS),
        escalation=Escalation(5, WORKING_DAYS),
    )
    assert [(call.day, call.what) for call in calls_of(term, OFF)] == [
        (date(2025, 1, 23), RUNG),
        (date(2025, 1, 24), RUNG),
        (date(2025, 1, 31), RUNG),
        (date(2025, 2, 3), RUNG),
        (date(2025, 2, 4), RUNG),
        (date(2025, 2, 7), ESCALATION),
    ]


def test_a_leap_day_is_a_day_of_the_ladder():
    leap = Term(date(2024, 2, 1), date(2024, 3, 1), date(2024, 1, 20), ladder=Ladder((-2, -1)))
    common = Term(date(2023, 2, 1), date(2023, 3, 1), date(2023, 1, 20), ladder=Ladder((-2, -1)))
    assert [call.day for call in calls_of(leap, OFF)] == [date(2024, 2, 28), date(2024, 2, 29)]
    assert [call.day for call in calls_of(common, OFF)] == [date(2023, 2, 27), date(2023, 2, 28)]


def test_a_ladder_crosses_the_year():
    term = Term(date(2024, 12, 1), date(2024, 12, 31), date(2024, 11, 1), ladder=Ladder((-3, 1, 3)))
    assert [call.day for call in calls_of(term, OFF)] == [
        date(2024, 12, 28),
        date(2025, 1, 1),
        date(2025, 1, 3),
    ]


def test_an_escalation_stays_due_beside_the_latest_rung():
    assert on(date(2025, 7, 4)) == [(RUNG, 3)]
    assert on(date(2025, 7, 7)) == [(RUNG, 3), (ESCALATION, 0)]


def test_the_next_look_is_the_next_rung_or_the_day_on_which_the_window_is_over():
    assert next_look(JUNE, date(2025, 6, 16), OFF) == date(2025, 6, 23)
    assert next_look(JUNE, date(2025, 6, 29), OFF, over_from=date(2025, 7, 1)) == date(2025, 6, 30)
    assert next_look(JUNE, date(2025, 7, 3), OFF, over_from=date(2025, 7, 5)) == date(2025, 7, 5)
    assert next_look(JUNE, date(2025, 7, 7), OFF, over_from=date(2025, 7, 1)) is None


def test_a_term_without_a_ladder_asks_for_nothing():
    bare = Term(JUNE.opens, JUNE.due, JUNE.since)
    assert calls_of(bare, OFF) == due_on(bare, date(2025, 7, 30), OFF) == ()
    assert next_look(bare, JUNE.opens, OFF) is None


@pytest.mark.parametrize(
    ("due", "today", "left"),
    [
        (date(2025, 6, 30), date(2025, 6, 30), 0),
        (date(2025, 6, 30), date(2025, 6, 29), 1),
        (date(2025, 6, 30), date(2025, 7, 1), -1),
        (date(2024, 3, 1), date(2024, 2, 28), 2),
        (date(2025, 1, 2), date(2024, 12, 31), 2),
    ],
)
def test_the_days_left_are_calendar_days(due: date, today: date, left: int):
    assert days_left(due, today) == left


# --- Against a life day by day ---


@st.composite
def terms(draw: st.DrawFn) -> Term:
    due = draw(ANY_DAY)
    return Term(
        opens=due - draw(st.integers(0, 60)) * DAY,
        due=due,
        since=due + draw(st.integers(-90, 40)) * DAY,
        announced=draw(st.booleans()),
        ladder=Ladder(
            tuple(sorted(draw(st.sets(st.integers(-30, 30), max_size=7)))), draw(st.sampled_from(COUNTS))
        ),
        escalation=draw(
            st.one_of(st.none(), st.builds(Escalation, st.integers(1, 30), st.sampled_from(COUNTS)))
        ),
    )


def number_of(day: date, due: date, count: str, off: DaysOff) -> int | None:
    """Which number of days from the due day a day is; None where no number leads to it."""
    if count == CALENDAR_DAYS:
        return day.toordinal() - due.toordinal()
    if day == due:
        return 0
    if not works(day, off):
        return None
    first, last = min(day, due), max(day, due)
    # The due day itself is where counting begins; the day that is counted to counts.
    passed = (first + n * DAY for n in range((last - first).days + 1))
    counted = sum(works(d, off) for d in passed if d != due)
    return counted if day > due else -counted


def lived(term: Term, today: date, off: DaysOff) -> tuple[Call | None, Call | None]:
    """The latest thing told and the escalation, by living through every day since the debt arose."""
    told = escalated = None
    day = term.since
    while day < today:
        day += DAY
        if term.announced and day == term.opens:
            told = Call(OPENING, day)
        number = number_of(day, term.due, term.ladder.count, off)
        if number is not None and number in term.ladder.days:
            told = Call(RUNG, day, number)
        after = term.escalation
        if after is not None and number_of(day, term.due, after.count, off) == after.after:
            escalated = Call(ESCALATION, day)
    return told, escalated


AWAY = st.integers(-120, 120)


@given(terms(), AWAY, ANY_OFF)
def test_what_is_due_is_what_a_life_day_by_day_would_have_left(term: Term, away: int, off: DaysOff):
    today = term.due + away * DAY
    told, escalated = lived(term, today, off)
    assert due_on(term, today, off) == tuple(call for call in (told, escalated) if call is not None)


@given(terms(), AWAY, ANY_OFF)
def test_there_is_at_most_one_rung_or_opening_and_one_escalation(term: Term, away: int, off: DaysOff):
    calls = due_on(term, term.due + away * DAY, off)
    assert sum(call.what == ESCALATION for call in calls) <= 1
    assert sum(call.what != ESCALATION for call in calls) <= 1


@given(terms(), AWAY, ANY_OFF)
def test_nothing_is_due_of_the_day_on_which_the_debt_arose_or_before(term: Term, away: int, off: DaysOff):
    today = term.due + away * DAY
    assert all(term.since < call.day <= today for call in due_on(term, today, off))
    assert due_on(term, term.since, off) == ()


@given(terms(), AWAY, ANY_OFF, st.one_of(st.none(), st.integers(-40, 90)))
def test_the_next_look_jumps_over_no_day_on_which_something_falls_due(
    term: Term, away: int, off: DaysOff, over: int | None
):
    today = term.due + away * DAY
    over_from = None if over is None else term.due + over * DAY
    look = next_look(term, today, off, over_from)
    falls_due = {call.day for call in calls_of(term, off)} | ({over_from} if over_from else set())
    coming = {day for day in falls_due if day > today}
    assert look == (min(coming) if coming else None)
    if look is None:
        return
    before = due_on(term, today, off)
    for quiet in range(1, (look - today).days):
        assert due_on(term, today + quiet * DAY, off) == before


@given(terms(), ANY_OFF)
def test_ticking_only_when_told_to_look_finds_everything_that_ticking_daily_finds(term: Term, off: DaysOff):
    start, end = term.since, term.due + 100 * DAY
    assume(start < end)
    daily = {call for n in range((end - start).days + 1) for call in due_on(term, start + n * DAY, off)}
    found: set[Call] = set()
    day: date | None = start
    while day is not None and day <= end:
        found |= set(due_on(term, day, off))
        day = next_look(term, day, off)
    assert found == daily


@given(terms(), ANY_OFF)
def test_a_second_tick_on_the_same_day_finds_the_same(term: Term, off: DaysOff):
    assert due_on(term, term.due, off) == due_on(term, term.due, off)
    days = [call.day for call in calls_of(term, off)]
    assert days == sorted(days)


@given(terms())
def test_without_holidays_a_ladder_of_calendar_days_lies_where_it_says(term: Term):
    assume(term.ladder.count == CALENDAR_DAYS)
    rungs = {call.rung: call.day for call in calls_of(term, NO_HOLIDAYS) if call.what == RUNG}
    assert all((day - term.due).days == rung for rung, day in rungs.items())
