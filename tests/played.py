"""Homes in which a long story was played: once in a run of the suite, however many processes share the tests.

The first process that needs a story plays it and puts it where the others see it; each works on a copy of its own.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.settings import Settings
from rehearsal.names import AS_IT_WAS, EDITIONS
from rehearsal.run import SampleStanding, run_sample
from rehearsal.year import YearReport, play_year


def settings_in(home: Path, url: str = "") -> Settings:
    """The settings of a throw-away home."""
    return Settings(home=home, database_url=url, sqlite_synchronous="NORMAL")


def once(factory: pytest.TempPathFactory, name: str, play: Callable[[Path], Any]) -> tuple[Path, Any]:
    """(a copy of the home in which ``play`` told its story, what it gave back): told by one process, for all.

    What it gives back goes through `pickle`.
    """
    ours = factory.getbasetemp()
    # The folders of xdist's workers lie beside each other in the folder of the run.
    shared = (ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours) / "played" / name
    shared.mkdir(parents=True, exist_ok=True)
    told = shared / "told.pickle"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            # What a process left that was ended before its story was.
            shutil.rmtree(shared / "home", ignore_errors=True)
            given = play(shared / "home")
            told.write_bytes(pickle.dumps(given))
    home = factory.mktemp("played") / name
    shutil.copytree(shared / "home", home)
    return home, pickle.loads(told.read_bytes())


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, YearReport]:
    """A whole year of seed 1 in SQLite, and its report."""
    return _edition(tmp_path_factory, AS_IT_WAS)


@pytest.fixture(scope="session", params=EDITIONS)
def edition_played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, YearReport]:
    """Each edition of seed 1 in SQLite, played to its end, and its report."""
    if request.param == AS_IT_WAS:
        played: tuple[Settings, YearReport] = request.getfixturevalue("played")
        return played
    return _edition(tmp_path_factory, request.param)


def _edition(factory: pytest.TempPathFactory, name: str) -> tuple[Settings, YearReport]:
    home, report = once(factory, f"year-{name}", lambda home: play_year(settings_in(home), year=name))
    return settings_in(home), report


@pytest.fixture(scope="session")
def driven(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SampleStanding]:
    """A home in which the sample was run once, to noon of 16 June 2025."""
    home, standing = once(tmp_path_factory, "run", lambda home: run_sample(settings_in(home)))
    return home, standing
