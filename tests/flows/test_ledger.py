"""The ledger around each run: what ran, what went wrong in words, what died, which days were missed."""

from __future__ import annotations

import socket
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from casework.history import ENTRY
from casework.home_clock import set_clock
from casework.ledger import LIMIT, RUN, list_runs, missed_days, needs_a_look, run_flow, run_in_home
from casework.outcome import trouble_in_words
from casework.people import PERSON
from casework.running import settings_of
from kit.clock import wall_now
from kit.database import StorageTrouble
from kit.settings import Settings
from rules.reasons import Refused
from tests.build import Office, noon


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", database_url="")


def at(office: Office, day: str) -> None:
    set_clock(office.database, "fixed", noon(day), office.call(None, day))


def rows(office: Office) -> list[dict[str, Any]]:
    with office.database.read() as connection:
        return [dict(row) for row in connection.execute(select(RUN).order_by(RUN.c.id)).mappings()]


def note(office: Office, flow: str, day: str, standing: str = "done", **more: Any) -> None:
    """A run as the ledger would have it."""
    row = {
        "flow": flow, "part": "", "business_day": date.fromisoformat(day), "business_at": noon(day),
        "started_at": wall_now(), "standing": standing, "missed_days": 0, "summary": {}, "prefect_run": "",
        "trouble": "",
    }  # fmt: skip
    with office.database.write() as connection:
        connection.execute(insert(RUN), row | more)


def test_a_run_is_written_with_business_day_wall_time_and_summary(office: Office, settings: Settings) -> None:
    at(office, "2025-06-16")
    before = wall_now()
    done = run_flow(office.database, settings, "seal", via="test", prefect_run="abc")
    (row,) = rows(office)
    assert (row["flow"], row["standing"], row["prefect_run"]) == ("seal", "done", "abc")
    assert (row["business_day"], row["business_at"]) == (date(2025, 6, 16), noon("2025-06-16"))
    assert before <= row["started_at"] <= row["finished_at"] <= wall_now()
    assert row["summary"] == done.summary
    assert (done.summary["number"], done.summary["day"]) == (1, "2025-06-16")


def test_a_failure_is_noted_in_words_and_raised_again(office: Office, settings: Settings) -> None:
    settings.home.mkdir()
    # Where the folder of the seals should be lies a file.
    settings.seals.write_text("")
    with pytest.raises(OSError):
        run_flow(office.database, settings, "seal", via="test")
    (row,) = rows(office)
    assert row["standing"] == "failed"
    assert row["finished_at"] is not None
    assert "seals" in row["trouble"]
    assert "Traceback" not in row["trouble"]
    # The next run does what is to be done: nothing has to be cleaned up.
    settings.seals.unlink()
    assert run_flow(office.database, settings, "seal", via="test").standing == "done"


def test_a_refusal_is_noted_by_its_reasons(office: Office, settings: Settings) -> None:
    run_flow(office.database, settings, "seal", via="test")
    with office.database.write() as connection:
        drop = (
            "DROP TRIGGER history_entry_no_delete"
            if office.database.is_sqlite
            else "DROP FUNCTION history_entry_append_only() CASCADE"
        )
        connection.exec_driver_sql(drop)
        connection.execute(delete(ENTRY).where(ENTRY.c.subject.startswith("regulation:calendar")))
    with pytest.raises(Refused):
        run_flow(office.database, settings, "seal", via="test")
    row = rows(office)[-1]
    assert row["trouble"].startswith("sealed_entry_gone")
    # With what it was refused for, so that it can be said.
    gone = "regulation:calendar:2024-2025"
    assert row["summary"]["reasons"][0]["params"] == {"subject": gone, "seq": 1}
    (words,) = trouble_in_words(row["trouble"], row["summary"], "vi")
    assert gone in words
    assert "sealed_entry_gone" not in words


@pytest.mark.parametrize(
    ("trouble", "summary", "said"),
    [
        ("died", {}, "bị ngắt giữa chừng"),
        ("disk_full: x", {"storage": {"code": "disk_full", "detail": "x"}}, "Đĩa đã đầy"),
        ("KeyError: 'x'", {}, "chương trình gặp lỗi: KeyError"),
    ],
)
def test_every_kind_of_trouble_is_said_in_words(trouble: str, summary: dict[str, Any], said: str) -> None:
    (words,) = trouble_in_words(trouble, summary, "vi")
    assert said in words


def test_a_run_that_died_is_told_as_failed_by_the_next_one(office: Office, settings: Settings) -> None:
    long_ago = wall_now() - LIMIT - timedelta(minutes=1)
    note(office, "seal", "2025-06-15", "running", started_at=long_ago)
    note(office, "watch", "2025-06-15", "running", started_at=long_ago)
    note(office, "seal", "2025-06-15", "running")
    run_flow(office.database, settings, "seal", via="test")
    died, of_another, alive, done = rows(office)
    assert (died["standing"], died["trouble"], died["finished_at"] is not None) == ("failed", "died", True)
    assert (of_another["standing"], alive["standing"], done["standing"]) == ("running", "running", "done")


@pytest.mark.parametrize(
    ("last", "today", "missed"),
    [
        ("2025-06-16", "2025-06-16", 0),
        ("2025-06-16", "2025-06-17", 0),
        ("2025-06-16", "2025-06-18", 1),
        ("2025-06-16", "2025-06-20", 3),
        ("2025-06-16", "2025-07-27", 40),
        ("2024-02-28", "2024-03-01", 1),
        ("2024-12-31", "2025-01-01", 0),
        # A clock that was set back misses nothing.
        ("2025-06-16", "2025-06-10", 0),
    ],
)
def test_missed_days_are_those_on_which_no_tick_was_done(
    office: Office, last: str, today: str, missed: int
) -> None:
    note(office, "tick", "2024-01-02")
    note(office, "tick", last)
    # Neither a failed tick nor another flow nor another office counts.
    note(office, "tick", "2025-07-26", "failed")
    note(office, "seal", "2025-07-26")
    note(office, "tick", "2025-07-26", part="hue")
    with office.database.read() as connection:
        assert missed_days(connection, "", date.fromisoformat(today)) == missed


def test_before_the_first_tick_no_day_was_missed(office: Office) -> None:
    with office.database.read() as connection:
        assert missed_days(connection, "", date(2025, 6, 16)) == 0


def test_what_needs_a_look_comes_first_until_a_later_run_went_well(
    office: Office, settings: Settings
) -> None:
    note(office, "watch", "2025-06-15", "failed", trouble="disk_full: x")
    note(office, "deliver", "2025-06-15", "failed", trouble="disk_full: x")
    note(office, "seal", "2025-06-15")
    note(office, "deliver", "2025-06-15")
    with office.database.read() as connection:
        runs, total = list_runs(connection)
        assert [(run.flow, run.standing) for run in runs] == [
            ("watch", "failed"),
            ("deliver", "done"),
            ("seal", "done"),
            ("deliver", "failed"),
        ]
        assert total == 4
        assert [run.flow for run in list_runs(connection, flow="seal")[0]] == ["seal"]


def test_an_unknown_flow_is_refused_with_those_that_there_are(office: Office, settings: Settings) -> None:
    with pytest.raises(Refused) as refused:
        run_flow(office.database, settings, "tock", via="test")
    (reason,) = refused.value.reasons
    assert (reason.code, "tick" in reason.params["possible"]) == ("unknown_flow", True)
    assert rows(office) == []


def test_a_home_that_is_not_prepared_is_said_and_not_made(settings: Settings) -> None:
    with pytest.raises(StorageTrouble) as trouble:
        run_in_home(settings, "seal", via="test")
    assert trouble.value.code == "database_not_prepared"
    assert not settings.home.exists()


def test_each_part_has_a_home_and_a_database_of_its_own(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url="postgresql+psycopg://h/thidua_{part}")
    part = settings_of(settings, "thua-thien-hue")
    assert part.home == tmp_path / "thua-thien-hue"
    assert part.url == "postgresql+psycopg://h/thidua_thua_thien_hue"
    assert part.seals == tmp_path / "thua-thien-hue" / "seals"
    assert settings_of(settings, "") is settings


@pytest.mark.parametrize("part", ["../x", "Huế", "a b", "-a", "a" * 61, "a/b"])
def test_a_part_that_is_no_code_is_refused(tmp_path: Path, part: str) -> None:
    with pytest.raises(Refused) as refused:
        settings_of(Settings(home=tmp_path), part)
    assert [reason.code for reason in refused.value.reasons] == ["part_unreadable"]


def test_parts_that_would_share_one_database_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        settings_of(Settings(home=tmp_path, database_url="postgresql+psycopg://h/thidua"), "hue")
    assert [reason.code for reason in refused.value.reasons] == ["part_without_database"]


def test_a_round_of_letters_that_was_broken_off_is_no_run_that_was_done(
    office: Office, tmp_path: Path
) -> None:
    at(office, "2025-06-16")
    office.dossier_at("at_education_office")
    with office.database.write() as connection:
        connection.execute(update(PERSON).values(email=PERSON.c.code + "@mau.example"))
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = Settings(home=tmp_path, mail_port=nobody.getsockname()[1], mail_timeout_s=2)
        done = run_flow(office.database, away, "deliver", via="test")
    (row,) = rows(office)
    assert (done.standing, row["standing"], row["trouble"]) == ("broken_off", "broken_off", "")
    assert (row["summary"]["sent"], row["summary"]["stopped"]) == (0, "server_unreachable")
    assert row["summary"]["left"] > 0
    with office.database.read() as connection:
        assert needs_a_look(done, wall_now())
        assert [run.id for run in list_runs(connection)[0]] == [row["id"]]
