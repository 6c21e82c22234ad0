"""A home with the small office of `tests/build.py`, and `thidua` run in this process."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from kit.canonical import sha256_hex
from kit.database import Database
from tests.build import ROOT, Office, office_in
from tests.played import once


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The answer as data."""
        return json.loads(self.out)


Thidua = Callable[..., Said]


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the home of every command of the test; nothing in it yet."""
    for name in ("THIDUA_DATABASE_URL", "THIDUA_LANG"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    monkeypatch.setenv("THIDUA_HOME", str(home))
    monkeypatch.setenv("THIDUA_SQLITE_SYNCHRONOUS", "NORMAL")
    return home


@pytest.fixture
def home(empty_home: Path, sqlite_files: dict[str, Path]) -> Path:
    """The home of the small office, its clock at noon of 10 June 2025."""
    empty_home.mkdir()
    shutil.copy(sqlite_files["office"], empty_home / "thidua.sqlite3")
    assert main(["clock", "set", "2025-06-10 12:00", "--json"]) == 0
    return empty_home


@pytest.fixture(scope="session")
def sample_in_a_shell(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """A home in which `thidua run` was said once, in a process of its own, and what it answered."""

    def play(home: Path) -> tuple[int, str, str]:
        with pytest.MonkeyPatch.context() as patch:
            for name in ("THIDUA_DATABASE_URL", "THIDUA_LANG"):
                patch.delenv(name, raising=False)
            patch.setenv("THIDUA_SQLITE_SYNCHRONOUS", "NORMAL")
            said = in_a_shell(home, "run", "--json")
        return said.code, said.out, said.err

    home, said = once(tmp_path_factory, "run-in-a-shell", play)
    return home, Said(*said)


def in_a_shell(home: Path, *args: str, typed: str = "") -> Said:
    """`thidua` in a process of its own, its output piped."""
    program = "from cli.main import run; run()"
    answer = subprocess.run(
        [sys.executable, "-c", program, *args],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "THIDUA_HOME": str(home), "PYTHONIOENCODING": "utf-8"},
        input=typed,
        timeout=120,
    )
    return Said(answer.returncode, answer.stdout, answer.stderr)


@pytest.fixture
def thidua(home: Path, capsys: pytest.CaptureFixture[str]) -> Thidua:
    """Run a command in the home of the small office."""
    return runner(capsys)


def runner(capsys: pytest.CaptureFixture[str]) -> Thidua:
    """A way to run commands and read what they said."""

    def run(*args: str) -> Said:
        capsys.readouterr()
        code = main(list(args))
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def cli_office(home: Path):
    """The office behind the home, for what a test prepares without the command line."""
    database = Database(f"sqlite:///{home / 'thidua.sqlite3'}", synchronous="NORMAL")
    office: Office = office_in(database)
    yield office
    database.close()


def fingerprint(home: Path) -> str:
    """A hash of everything in the database and of the files beside it."""
    files = sorted(
        (str(path.relative_to(home)), path.stat().st_size)
        for path in home.rglob("*")
        if path.is_file() and not path.name.startswith("thidua.sqlite3")
    )
    with closing(sqlite3.connect(home / "thidua.sqlite3")) as connection:
        return sha256_hex("\n".join([*connection.iterdump(), str(files)]))
