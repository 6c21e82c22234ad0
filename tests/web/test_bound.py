"""What one network may send: counted by real time, forgotten when it counts no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from web import bound
from web.bound import Bound

HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_one_network_is_bounded_and_another_is_not() -> None:
    counted = Bound(2, HOUR)
    assert [counted.take("a", NOW + timedelta(minutes=n)) for n in (0, 5)] == [None, None]
    assert counted.take("a", NOW + timedelta(minutes=10)) == NOW + HOUR
    assert counted.take("b", NOW) is None
    assert counted.take("a", NOW + HOUR) is None


def test_what_counts_no_more_is_forgotten() -> None:
    counted = Bound(2, HOUR)
    for number in range(5):
        counted.take(f"net-{number}", NOW)
    counted.take("late", NOW + HOUR)
    assert list(counted._taken) == ["late"]


def test_no_more_networks_are_remembered_than_there_is_room_for(monkeypatch) -> None:
    monkeypatch.setattr(bound, "_MOST_NETWORKS", 3)
    counted = Bound(2, HOUR)
    for number in range(9):
        counted.take(f"net-{number}", NOW)
    assert list(counted._taken) == ["net-6", "net-7", "net-8"]
