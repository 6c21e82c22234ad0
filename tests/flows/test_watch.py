"""What the watch sees, and that administrators are told once a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from casework.home_clock import set_clock
from casework.ledger import LIMIT, RUN
from casework.record_step import OUTBOX
from casework.seal import seal_history
from casework.watch import KIND, LETTER, SUPPRESSED, concerns_of, keep_watch
from kit.clock import wall_now
from kit.database import Database
from kit.settings import Settings
from tests.build import Office, noon

NOW = noon("2025-06-16")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "home").mkdir()
    return Settings(home=tmp_path / "home", disk_free_mb=0)


@pytest.fixture
def calm(office: Office, settings: Settings) -> Office:
    """An office on 16 June 2025 with nothing to look at: it was sealed this noon."""
    set_clock(office.database, "fixed", NOW, office.call(None, "2025-06-16"))
    seal_history(office.database, settings.seals, NOW)
    return office


def codes(office: Office, settings: Settings) -> list[str]:
    with office.database.read() as connection:
        return [concern.code for concern in concerns_of(connection, settings)]


def put(database: Database, table: Any, **values: Any) -> None:
    with database.write() as connection:
        connection.execute(insert(table), values)


def letter(office: Office, standing: str, minutes: int, **more: Any) -> None:
    due = wall_now() - timedelta(minutes=minutes)
    values = {
        "person_id": office.people["clerk"], "kind": f"kind-{minutes}", "day": NOW.date(), "standing": standing,
        "queued_at": due, "not_before": due, "attempts": 0, "address": "a@b.example",
        "subject": "", "message_id": "<1@b.example>", "mime": b"x", "trouble": "", "sent_at": None,
    }  # fmt: skip
    put(office.database, LETTER, **values | more)


def item(office: Office, minutes: int) -> None:
    put(
        office.database, OUTBOX, key=f"ready/dossier:1/{minutes}/1", kind="ready",
        person_id=office.people["clerk"], subject="dossier:1", facts={}, standing="queued",
        queued_at=NOW, ready_at=NOW - timedelta(minutes=minutes), letter_id=None,
    )  # fmt: skip


def run(
    office: Office, flow: str, standing: str, trouble: str = "", *, minutes: int = 0, day: str = "2025-06-16"
) -> None:
    put(
        office.database, RUN, flow=flow, part="", business_day=noon(day).date(), business_at=noon(day),
        started_at=wall_now() - timedelta(minutes=minutes), standing=standing, missed_days=0, summary={},
        prefect_run="", trouble=trouble,
    )  # fmt: skip


def test_a_calm_office_has_nothing_to_look_at(calm: Office, settings: Settings) -> None:
    letter(calm, "queued", 59)
    letter(calm, "sent", 100_000, sent_at=NOW)
    item(calm, 59)
    run(calm, "tick", "done", day="2025-06-15")
    run(calm, "deliver", "running", minutes=30)
    assert codes(calm, settings) == []
    assert keep_watch(calm.database, settings, NOW).queued == 0


def test_what_waits_too_long_failed_or_is_in_doubt_is_seen(calm: Office, settings: Settings) -> None:
    letter(calm, "queued", 61)
    letter(calm, "sending", 90)
    letter(calm, "failed", 1)
    letter(calm, "in_doubt", 2)
    item(calm, 61)
    put(calm.database, SUPPRESSED, address="x@b.example", detail="550", since=NOW)
    with calm.database.read() as connection:
        concerns = {concern.code: concern.params for concern in concerns_of(connection, settings)}
    assert set(concerns) == {
        "letters_waiting", "items_waiting", "letters_failed", "letters_in_doubt", "addresses_suppressed",
    }  # fmt: skip
    assert concerns["letters_waiting"]["count"] == 2
    oldest = wall_now() - datetime.fromisoformat(concerns["letters_waiting"]["since"])
    assert timedelta(minutes=90) <= oldest < timedelta(minutes=92)


def test_ticks_missed_and_runs_failed_or_dead_are_seen_until_one_goes_well(
    calm: Office, settings: Settings
) -> None:
    run(calm, "tick", "done", day="2025-06-12")
    run(calm, "tick", "failed", "disk_full: no space left")
    run(calm, "deliver", "running", minutes=LIMIT.seconds // 60 + 1)
    assert codes(calm, settings) == ["ticks_missed", "run_died", "run_failed"]
    run(calm, "tick", "done")
    run(calm, "deliver", "done")
    assert codes(calm, settings) == []


def test_little_room_on_the_disk_is_seen(calm: Office, settings: Settings) -> None:
    assert codes(calm, settings.model_copy(update={"disk_free_mb": 10**12})) == ["disk_low"]


def test_a_seal_older_than_two_days_is_seen_and_a_missing_one(office: Office, settings: Settings) -> None:
    set_clock(office.database, "fixed", NOW, office.call(None, "2025-06-16"))
    assert codes(office, settings) == ["seal_missing"]
    seal_history(office.database, settings.seals, NOW - timedelta(days=2))
    assert codes(office, settings) == []
    seal_history(office.database, settings.seals, NOW - timedelta(days=1))
    set_clock(office.database, "fixed", noon("2025-06-18"), office.call(None, "2025-06-18"))
    assert codes(office, settings) == ["seal_old"]


def test_administrators_are_told_once_a_day_of_each(calm: Office, settings: Settings) -> None:
    letter(calm, "failed", 1)
    run(calm, "tick", "failed", "disk_full: x")
    run(calm, "deliver", "failed", "disk_full: x")
    assert keep_watch(calm.database, settings, NOW).queued == 3
    assert keep_watch(calm.database, settings, NOW + timedelta(hours=3)).queued == 0
    assert keep_watch(calm.database, settings, NOW + timedelta(days=1)).queued == 3
    with calm.database.read() as connection:
        items = connection.execute(select(OUTBOX).where(OUTBOX.c.kind == KIND)).mappings().all()
    admin = calm.people["admin"]
    assert {row["person_id"] for row in items} == {admin}
    told = {row["key"]: row for row in items}[f"{KIND}/watch:letters_failed/2025-06-16/{admin}"]
    assert (told["subject"], told["standing"], told["ready_at"]) == ("watch:letters_failed", "queued", NOW)
    assert told["facts"] == {
        "trouble": "letters_failed",
        "count": "1",
        "since": "2025-06-16",
        "path": "/letters?standing=failed",
    }
    # Each flow that failed is told by itself.
    # Letters take days, not instants.
    assert {date.fromisoformat(row["facts"]["since"]) for row in items}
    assert {row["subject"] for row in items} >= {"watch:run_failed:tick", "watch:run_failed:deliver"}
