"""Flows, ledger, watch and seals at the terminal, and what is said when the year cannot run by itself."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from cli import exits
from tests.cli.conftest import Thidua, runner

ROOT = Path(__file__).resolve().parents[2]


def test_a_history_is_sealed_and_held_against_its_seal(thidua: Thidua, home: Path) -> None:
    never = thidua("audit", "verify", "--lang", "en")
    assert never.code == exits.DONE
    assert "Never sealed" in never.out
    sealed = thidua("audit", "seal")
    assert sealed.code == exits.DONE
    assert "Đã niêm phong: số 1 ngày 10/06/2025" in " ".join(sealed.out.split())
    assert "Hôm nay đã niêm phong (số 1)" in thidua("audit", "seal").out
    assert "dấu niêm số 1" in thidua("audit", "verify").out
    assert thidua("duty", "grant", "teacher", "th-mau-1", "clerk", "--since", "2025-06-10").code == exits.DONE
    after = thidua("audit", "verify", "--lang", "en")
    # The clock was set before the seal, the duty granted after it.
    assert "1 entries after the seal, since 10/06/2025 12:00" in after.out
    told = thidua("audit", "verify", "--json").data
    assert (told["sound"], told["seal"]["number"], told["seal"]["unprotected"]) == (True, 1, 1)


def test_seals_that_are_kept_elsewhere_find_a_folder_made_anew(
    thidua: Thidua, home: Path, tmp_path: Path
) -> None:
    thidua("audit", "seal")
    copy = tmp_path / "copy"
    shutil.copytree(home / "seals", copy)
    (file,) = (home / "seals").iterdir()
    file.unlink()
    gone = thidua("audit", "verify", "--lang", "en")
    assert gone.code == exits.FOUND
    assert "the seal's file is missing" in gone.err
    assert thidua("audit", "verify", "--seals", str(copy)).code == exits.DONE
    assert thidua("audit", "verify", "--seals", str(tmp_path / "nowhere")).code == exits.USAGE


def test_a_flow_runs_by_hand_and_stands_in_the_ledger(thidua: Thidua) -> None:
    assert "Chưa có lần chạy nào" in thidua("flow", "list").out
    assert "nhắc" not in thidua("flow", "run", "watch").out
    done = thidua("flow", "run", "seal", "--json").data
    assert (done["flow"], done["standing"], done["business_day"]) == ("seal", "done", "2025-06-10")
    listed = thidua("flow", "list", "--json").data
    assert [run["flow"] for run in listed["runs"]] == ["seal", "watch"]
    shown = thidua("flow", "list")
    assert ("niêm phong" in shown.out, "canh chừng" in shown.out) == (True, True)
    assert [run["flow"] for run in thidua("flow", "list", "--flow", "watch", "--json").data["runs"]] == [
        "watch"
    ]


def test_without_prefect_the_ledger_answers_and_says_so(
    thidua: Thidua, monkeypatch: pytest.MonkeyPatch
) -> None:
    thidua("flow", "run", "seal")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("THIDUA_PREFECT_PORT", str(unused.getsockname()[1]))
        told = thidua("flow", "list", "--prefect")
        data = thidua("flow", "list", "--prefect", "--json").data
    assert told.code == exits.DONE
    assert "Prefect không trả lời" in told.err
    assert "niêm phong" in told.out
    assert (data["from"], [run["flow"] for run in data["runs"]]) == ("ledger", ["seal"])


def test_a_run_that_failed_comes_first_with_its_trouble(thidua: Thidua, home: Path) -> None:
    # Where the folder of the seals should be lies a file.
    (home / "seals").write_text("")
    assert thidua("flow", "run", "seal").code == exits.STORAGE
    thidua("flow", "run", "watch")
    first, *_ = thidua("flow", "list", "--json").data["runs"]
    assert (first["flow"], first["standing"]) == ("seal", "failed")
    words = " ".join(thidua("flow", "list").out.split())
    assert "không xong" in words
    assert "flows." not in words


def test_a_round_of_letters_that_was_broken_off_says_so_and_does_not_end_with_0(
    thidua: Thidua, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = sqlite3.connect(home / "thidua.sqlite3")
    with closing(database), database:
        database.execute("UPDATE person SET email = code || '@mau.example'")
        database.execute(
            "INSERT INTO outbox_item (key, kind, person_id, subject, facts, standing, queued_at, ready_at)"
            " SELECT 'mail_trouble/watch:seal_missing/2025-06-10/' || id, 'mail_trouble', id, 'watch:seal_missing',"
            """ '{"trouble": "seal_missing"}', 'queued', '2025-06-10 00:00:00', '2025-06-10 00:00:00'"""
            " FROM person LIMIT 2"
        )
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("THIDUA_MAIL_PORT", str(nobody.getsockname()[1]))
        told = thidua("flow", "run", "deliver")
        assert told.code == exits.BROKEN_OFF
        words = " ".join(told.err.split())
        assert "dừng giữa chừng: còn chờ gửi: 2; " in words
        assert thidua("letters", "deliver").code == exits.BROKEN_OFF
        assert thidua("letters", "deliver", "--json").code == exits.BROKEN_OFF
    assert thidua("flow", "list", "--json").data["runs"][0]["standing"] == "broken_off"
    assert "dừng giữa chừng" in " ".join(thidua("flow", "list").out.split())
    assert "còn chờ gửi: 2" in " ".join(thidua("watch").err.split())


def test_an_unknown_flow_is_told_with_those_that_there_are(thidua: Thidua) -> None:
    said = thidua("flow", "run", "tock")
    assert said.code == exits.NOT_FOUND
    assert "tick" in said.err
    assert thidua("flow", "list", "--flow", "tock").code == exits.NOT_FOUND
    assert thidua("flow", "run", "watch", "--part", "../etc").code == exits.REFUSED


def test_the_watch_tells_what_to_look_at_and_what_to_do(thidua: Thidua, home: Path) -> None:
    told = thidua("watch")
    # The regulations of the small office were published long before its clock's day.
    assert told.code == exits.FOUND
    assert "thidua audit seal" in " ".join(told.err.split())
    assert [concern["code"] for concern in thidua("watch", "--json").data["concerns"]] == ["seal_missing"]
    thidua("audit", "seal")
    assert "Không có điều gì" in thidua("watch").out


@pytest.mark.parametrize(
    "command", [["flow", "run", "seal"], ["flow", "list"], ["watch"], ["up"], ["audit", "seal"]]
)
def test_a_home_that_is_not_prepared_is_said_and_not_made(
    empty_home: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    said = runner(capsys)(*command)
    assert said.code == exits.STORAGE
    assert "thidua init" in said.err
    assert not empty_home.exists()


def test_a_port_that_is_taken_is_said_with_another_way(
    thidua: Thidua, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("THIDUA_PREFECT_PORT", str(port))
        said = thidua("up")
    assert said.code == exits.REFUSED
    words = " ".join(said.err.split())
    assert f"Cổng {port}" in words
    assert "THIDUA_PREFECT_PORT" in words
    assert "thidua flow run tick" in words
    assert not (home / "prefect").exists()


def test_make_run_ends_where_nobody_sits_at_a_terminal(tmp_path: Path) -> None:
    # The recipe as make reads it, with a `thidua` that says what it was asked for.
    asked = tmp_path / "asked"
    thidua = tmp_path / "bin" / "thidua"
    thidua.parent.mkdir()
    thidua.write_text(f'#!/bin/sh\necho "$1" >> {asked}\n')
    thidua.chmod(thidua.stat().st_mode | stat.S_IXUSR)
    for given, expected in (([], ["run"]), (["UP=0"], ["run"]), (["UP=1"], ["run", "up"])):
        asked.write_text("")
        answer = subprocess.run(
            ["make", "run", f"BIN={thidua.parent}", "FOR_RUNS=", *given],
            cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60,
            env={**os.environ, "MAKEFLAGS": ""},
        )  # fmt: skip
        assert answer.returncode == 0, answer.stderr
        assert asked.read_text().split() == expected, json.dumps(given)
