"""When what an act enqueues may go into a letter."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from notifications.announcements import OF_THE_MORNING, announcements_for, ready_at
from rules.windows import LOCAL


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2025-06-30T00:00:00", "2025-06-30T07:00:00"),
        ("2025-06-30T06:59:59", "2025-06-30T07:00:00"),
        ("2025-06-30T07:00:00", "2025-07-01T07:00:00"),
        ("2025-12-31T23:59:59", "2026-01-01T07:00:00"),
        ("2028-02-28T12:00:00", "2028-02-29T07:00:00"),
    ],
)
def test_what_belongs_into_a_morning_waits_for_the_next(now: str, morning: str) -> None:
    for kind in OF_THE_MORNING:
        found = ready_at(kind, local(now))
        assert (found, found.tzinfo) == (local(morning), UTC)


def test_the_morning_is_that_of_viet_nam_whatever_the_servers_zone() -> None:
    # 23:30 UTC is 06:30 of the next day in Viet Nam.
    assert ready_at("ready", datetime(2025, 6, 29, 23, 30, tzinfo=UTC)) == datetime(2025, 6, 30, tzinfo=UTC)


def test_everything_else_may_go_at_once() -> None:
    now = local("2025-06-30T02:00:00")
    for kind in ("received", "returned", "decided", "extension", "mail_trouble"):
        assert ready_at(kind, now) == now


def test_the_event_says_more_than_the_kinds_and_both_kinds_more_than_one() -> None:
    def kinds(*step: str) -> list[str]:
        return [announcement.kind for announcement in announcements_for(*step)]

    assert kinds("register", "draft", "draft") == []
    assert kinds("hand_in", "draft", "at_desk") == kinds("file", "at_desk", "filed") == ["received", "ready"]
    assert kinds("return", "at_desk", "draft") == ["returned"]
    assert (
        kinds("record_result", "forwarded", "decided")
        == kinds("decline", "forwarded", "declined")
        == ["result"]
    )
    assert kinds("decide", "at_desk", "decided") == ["decided"]
