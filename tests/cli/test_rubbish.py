"""Whatever is typed: a clear message, an exit code that says what went wrong, nothing changed, never a traceback."""

from __future__ import annotations

import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cli import exits
from cli.group import placeholder
from cli.main import command, main
from tests.build import Office
from tests.cli.conftest import Said, Thidua, fingerprint, runner

RUBBISH = (
    "",
    "abc",
    "-5",
    "2025-02-30",
    "31/02/2025",
    "9999-12-31",
    "999999999999999999999",
    "NaN",
    "1e400",
    "../../x",
    "'; DROP TABLE dossier; --",
    "\N{SNOWMAN}[bold]{x}",
    "\x1b[31m",
)
# What no command takes, in whatever place.
UNREADABLE = ("a\0b", "a\udcffb", "x" * 100_000)
# Free texts, where most of the above is as good as any other text, and names of files to be written.
FREE = {
    "reason", "receipt", "number", "submission", "signatory", "items", "name", "key", "kind", "school_year",
    "desk", "procedure", "to", "file", "note", "title", "out",
}  # fmt: skip
# The year would be played, the sample loaded, a page written.
LEFT_OUT = {("year",), ("run",), ("init",), ("procedure", "diagram")}
SAMPLES = {
    "UNIT": "th-mau-1", "PERSON": "clerk", "DOSSIER": "th-mau-1.2425.1", "DUTY": "clerk", "EVENT": "register",
    "NAME": "2024-2025", "NOMINATION": "1", "MILESTONE": "covenant", "NUMBER": "1", "DAY": "2025-06-20",
    "YEAR": "2024-2025", "LEVEL": "local", "TEXT": "vì sao", "TITLE": "LDTT", "KIND": "other", "DESK": "bloc",
    "PAPER": "1", "NOTE": "x", "INSTANT": "2025-07-01", "POINTS": "900", "MONEY": "0", "KEY": "k", "FILE": "no.yaml",
}  # fmt: skip


def leaves(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(path, command) of every command that does something."""
    for name, inner in (group or command()).commands.items():
        if hasattr(inner, "commands"):
            yield from leaves(inner, (*path, name))
        else:
            yield (*path, name), inner


LEAVES = [(path, leaf) for path, leaf in leaves() if path not in LEFT_OUT]
# The commands of the events are one function with the same options: `step` and one of them stand for all.
APART = [(path, leaf) for path, leaf in LEAVES if leaf.event is None or leaf.event == "revoke"]
NEEDING = [(path, leaf) for path, leaf in LEAVES if any(param.required for param in leaf.params)]


def typed(leaf: Any, changed: Any = None, value: str = "") -> list[str]:
    """A command's arguments with one of them changed; every option that is required is there."""
    arguments, options = [], []
    for param in leaf.params:
        if param.name == "help":
            continue
        text = value if param is changed else SAMPLES.get(param.metavar or "", "x")
        if param.param_type_name == "argument":
            arguments.append(text)
        elif param.is_flag:
            options += [param.opts[0]] if param.name == "dry_run" else []
        elif param is changed or param.required:
            options.append(f"{param.opts[0]}={text}")
    return [*options, "--", *arguments]


def nothing_broke(said: Said) -> None:
    """No traceback, no fault of the program, and something to read."""
    assert "Traceback" not in said.out + said.err
    assert said.code != exits.BROKEN, said.err
    if said.code != exits.DONE:
        assert said.out + said.err


@pytest.fixture
def dossier(cli_office: Office) -> str:
    """A dossier on which rubbish is tried."""
    code = cli_office.open()
    cli_office.nominate(code, "teacher")
    return code


@pytest.mark.parametrize(("path", "leaf"), APART, ids=[" ".join(path) for path, _ in APART])
def test_rubbish_in_any_place_is_told_and_changes_nothing(
    path: tuple[str, ...],
    leaf: Any,
    thidua: Thidua,
    home: Path,
    dossier: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    below = tmp_path / "a" / "b" / "c"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    before = fingerprint(home)
    for param in leaf.params:
        if param.name == "help" or getattr(param, "is_flag", False):
            continue
        for value in RUBBISH:
            said = thidua(*path, *typed(leaf, param, value))
            nothing_broke(said)
            if param.name not in FREE:
                assert said.code != exits.DONE, (param.name, value, said.out)
        for value in UNREADABLE:
            said = thidua(*path, *typed(leaf, param, value))
            nothing_broke(said)
            assert said.code in (exits.USAGE, exits.STORAGE), (param.name, value[:9])
    assert fingerprint(home) == before


@pytest.mark.parametrize(("path", "leaf"), NEEDING, ids=[" ".join(path) for path, _ in NEEDING])
def test_a_missing_argument_or_option_is_named(path: tuple[str, ...], leaf: Any, thidua: Thidua) -> None:
    required = [param for param in leaf.params if param.required]
    said = thidua(*path)
    assert said.code == exits.USAGE
    assert "Traceback" not in said.err
    assert (placeholder(required[0], "vi") if required[0].param_type_name == "argument" else "--") in said.err
    unknown = thidua(*path, "--no-such-option")
    assert unknown.code == exits.USAGE
    assert "--no-such-option" in unknown.err


@pytest.mark.parametrize("noun", ["procedure", "calendar", "holidays", "titles"])
def test_a_file_that_is_no_regulation_is_refused_with_its_faults(
    noun: str, thidua: Thidua, tmp_path: Path
) -> None:
    binary, empty, deep = tmp_path / "binary.yaml", tmp_path / "empty.yaml", tmp_path / "deep.yaml"
    binary.write_bytes(bytes(range(256)) * 40)
    empty.write_bytes(b"")
    deep.write_text("[" * 5_000, encoding="utf-8")
    bomb = tmp_path / "bomb.yaml"
    bomb.write_text("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", encoding="utf-8")
    large = tmp_path / "large.yaml"
    large.write_bytes(b"a: b\n" * 400_000)
    for act in ("check", "publish"):
        for file in (binary, empty, deep, bomb, large):
            said = thidua(noun, act, str(file))
            assert said.code == exits.UNSOUND, said.err
            assert file.name in said.err.replace("\n", "")
        assert thidua(noun, act, str(tmp_path)).code == exits.USAGE
        assert thidua(noun, act, str(tmp_path / "none.yaml")).code == exits.USAGE


def test_a_fault_of_a_file_is_shown_with_its_line(thidua: Thidua, tmp_path: Path) -> None:
    file = tmp_path / "twice.yaml"
    file.write_text("procedure: a\nprocedure: b\n", encoding="utf-8")
    said = thidua("procedure", "check", str(file), "--json")
    assert said.code == exits.UNSOUND
    faults = {(fault["line"], fault["code"]) for fault in said.data["faults"]}
    assert (2, "duplicate_key") in faults
    assert "dòng 2" in thidua("procedure", "check", str(file)).err


def test_a_home_that_was_never_prepared_says_how_and_stays_untouched(
    empty_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = runner(capsys)("status")
    assert said.code == exits.STORAGE
    assert "thidua init" in said.err
    assert not empty_home.exists()


def test_a_home_that_is_a_file_is_told(empty_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty_home.write_text("not a folder")
    for args in (["init"], ["status"], ["run"], ["dossier", "show", "x"], ["clock", "set", "2025-01-01"]):
        said = runner(capsys)(*args)
        assert said.code == exits.STORAGE, (args, said.err)
        nothing_broke(said)
    assert empty_home.read_text() == "not a folder"


def test_a_file_that_is_no_database_is_told(empty_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty_home.mkdir()
    (empty_home / "thidua.sqlite3").write_bytes(b"x" * 5000)
    for args in (["status"], ["init"], ["register", "x"]):
        said = runner(capsys)(*args)
        assert said.code == exits.STORAGE, said.err
        nothing_broke(said)


def test_a_database_that_cannot_be_written_loses_nothing(
    home: Path,
    dossier: str,
    cli_office: Office,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cli_office.database.close()
    with closing(sqlite3.connect(home / "thidua.sqlite3")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    # As root, permissions forbid nothing: SQLite itself is asked to open it for reading only.
    url = f"sqlite:///file:{home / 'thidua.sqlite3'}?mode=ro&uri=true"
    before = fingerprint(home)
    monkeypatch.setenv("THIDUA_DATABASE_URL", url)
    said = runner(capsys)("register", dossier, "--as", "clerk")
    assert said.code == exits.STORAGE, said.err
    nothing_broke(said)
    assert fingerprint(home) == before


def test_a_server_that_nobody_runs_is_told(
    empty_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    thidua = runner(capsys)
    for url in (
        f"postgresql+psycopg://nobody:secret@127.0.0.1:{port}/none",
        "postgresql+psycopg://nobody@/none?host=/nowhere",
        "no-such-database://x",
        "not an address",
        "sqlite:////nowhere/at/all.sqlite3",
    ):
        monkeypatch.setenv("THIDUA_DATABASE_URL", url)
        for args in (["status"], ["init"], ["hand-in", "x", "--as", "clerk"]):
            said = thidua(*args)
            assert said.code == exits.STORAGE, (url, args, said.err)
            assert "secret" not in said.err
            nothing_broke(said)


def test_a_wrong_setting_is_named(
    empty_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THIDUA_PAPER_LIMIT_MB", "abc")
    monkeypatch.setenv("THIDUA_SQLITE_SYNCHRONOUS", "MAYBE")
    said = runner(capsys)("status")
    assert said.code == exits.USAGE
    assert "THIDUA_PAPER_LIMIT_MB" in said.err and "THIDUA_SQLITE_SYNCHRONOUS" in said.err
    monkeypatch.delenv("THIDUA_PAPER_LIMIT_MB")
    monkeypatch.delenv("THIDUA_SQLITE_SYNCHRONOUS")
    monkeypatch.setenv("THIDUA_LANG", "fr")
    assert runner(capsys)("status").code == exits.USAGE


def test_a_list_of_dossiers_may_be_anything(thidua: Thidua, tmp_path: Path, dossier: str) -> None:
    lists = {
        "binary": bytes(range(256)),
        "empty": b"\n \n# nothing\n",
        "zero": b"a\0b\n",
        "long": b"x" * 5000,
    }
    for name, content in lists.items():
        file = tmp_path / name
        file.write_bytes(content)
        said = thidua("register", "--from-file", str(file), "--as", "clerk")
        assert said.code == exits.USAGE, (name, said.err)
    assert thidua("register", "--from-file", str(tmp_path / "none")).code == exits.USAGE
    mixed = tmp_path / "mixed"
    mixed.write_text(
        f"\N{BYTE ORDER MARK}# các hồ sơ\n{dossier}  Trường Mẫu\nkhông-có\n{dossier}\n", encoding="utf-8"
    )
    said = thidua("register", "--from-file", str(mixed), "--as", "clerk", "--json")
    assert [row["dossier"] for row in said.data["dossiers"]] == [dossier, "không-có"]


def test_a_program_fault_is_told_in_one_sentence(thidua: Thidua, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.views.dossiers.list_dossiers", lambda *_, **__: 1 / 0)
    said = thidua("status")
    assert said.code == exits.BROKEN
    assert "ZeroDivisionError" in said.err and "Traceback" not in said.err
    assert json.loads(thidua("status", "--json").out)["error"] == "broken"


def test_breaking_off_from_the_keyboard_is_no_fault(thidua: Thidua, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("casework.views.dossiers.list_dossiers", interrupt)
    assert main(["status"]) == exits.INTERRUPTED
