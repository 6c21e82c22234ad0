"""The clock matrix: a day counts to its last second, in every month, year and zone, also when a clock goes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from casework.extend_window import extend_window
from tests.build import Office
from tests.calendar.plans import publish_plan, tick_on, told

# Last day → the first instant after it, in local time.
LAST_DAYS = {
    "2025-06-30": "2025-07-01T00:00:00",
    "2025-06-15": "2025-06-16T00:00:00",
    "2025-07-31": "2025-08-01T00:00:00",
    "2025-12-31": "2026-01-01T00:00:00",
}
LADDER = {"count": "calendar_days", "days": [-1, 0, 1]}


@pytest.fixture(params=["UTC", "Asia/Ho_Chi_Minh", "America/New_York"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The zone of the machine; the office's days are Viet Nam's in each."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def june(**more: Any) -> dict[str, Any]:
    return {
        "unmet": "lapse",
        "remind": LADDER,
        "warn_from": -1,
        "duty": ["clerk"],
        "opens": date(2025, 6, 1),
        **more,
    }


@pytest.mark.parametrize(("last_day", "over"), LAST_DAYS.items())
def test_the_last_day_counts_to_midnight_in_every_zone(
    office: Office, server_zone: str, last_day: str, over: str
) -> None:
    publish_plan(
        office,
        dossier_completion=june(last_day=date.fromisoformat(last_day)),
        # What comes after it may not end before it.
        **{name: {"last_day": date(2025, 12, 31)} for name in LATER},
    )
    code = office.dossier_at("ready")
    tick_on(office, "2025-06-09")
    assert ("clerk", "lapse_warning", 0) in told(office, tick_on(office, f"{last_day}T00:00:00"))
    assert tick_on(office, f"{last_day}T23:59:59").lapsed == []
    assert office.row(code)["state_kind"] == "at_desk"
    assert tick_on(office, over).lapsed == [code]


LATER = (
    "preliminary_appraisal",
    "covenant_review",
    "portal_filing",
    "local_decision",
    "higher_submission",
)


def test_grace_keeps_a_window_open_by_its_minutes_and_shows_nothing_of_it(office: Office) -> None:
    publish_plan(office, dossier_completion=june(grace_minutes=90))
    code = office.dossier_at("ready")
    tick_on(office, "2025-06-29")
    assert tick_on(office, "2025-07-01T00:00:00").lapsed == []
    assert tick_on(office, "2025-07-01T01:29:59").lapsed == []
    assert tick_on(office, "2025-07-01T01:30:00").lapsed == [code]


def test_a_clock_that_is_set_back_an_hour_repeats_nothing(office: Office) -> None:
    publish_plan(office, dossier_completion=june())
    code = office.dossier_at("ready")
    assert ("clerk", "lapse_warning", -1) in told(office, tick_on(office, "2025-06-29T00:30:00"))
    # Back into the day before, and on again: said once.
    assert tick_on(office, "2025-06-28T23:30:00").reminders == []
    assert tick_on(office, "2025-06-29T00:30:00").reminders == []
    assert tick_on(office, "2025-07-01T00:10:00").lapsed == [code]
    assert tick_on(office, "2025-06-30T23:10:00").lapsed == []
    assert office.row(code)["state_kind"] == "lapsed"


def test_an_extension_granted_in_the_last_second_holds(office: Office) -> None:
    publish_plan(office, dossier_completion=june())
    code = office.dossier_at("ready")
    tick_on(office, "2025-06-30T23:59:00")
    call = office.call("office-head", "2025-06-30")
    until = date(2025, 7, 5)
    extend_window(office.database, "th-mau-1", "2024-2025", "dossier-completion", until, "Mất điện", call)
    assert tick_on(office, "2025-07-01T00:00:00").lapsed == []
    assert office.row(code)["state_kind"] == "at_desk"
    assert tick_on(office, "2025-07-06T00:00:00").lapsed == [code]
