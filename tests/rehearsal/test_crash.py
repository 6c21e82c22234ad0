"""A rehearsal that is killed (kill -9) goes on when it is started again, to the same end as one that was left alone."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kit.settings import ROOT, Settings
from rehearsal.run import SAMPLE_SEED, SampleStanding
from tests.rehearsal.what_came import what_came_of

SEED = SAMPLE_SEED
FIRST_DAYS = "2024-09-10"
# The day on which every open dossier passes to the communes.
REFORM = "2025-07-01"
YEAR = "2025-12-31"


def drive(mode: str, home: Path, until: str, *more: str) -> subprocess.CompletedProcess[str]:
    """A process of its own that plays in a home."""
    command = [sys.executable, "-m", "tests.rehearsal.crash_driver", mode, str(home), str(SEED), until, *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=7200)


def left_alone(home: Path, until: str) -> int:
    """Play without a crash; gives the number of commits."""
    done = drive("play", home, until)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def result(home: Path) -> dict[str, list[tuple[object, ...]]]:
    return what_came_of(Settings(home=home).url)


def crash_and_go_on(home: Path, until: str, count: int, when: str) -> None:
    killed = drive("at", home, until, str(count), when)
    assert killed.returncode == -signal.SIGKILL, (count, when, killed.stdout, killed.stderr)
    again = drive("play", home, until)
    assert again.returncode == 0, (count, when, again.stderr)


def passed_on(home: Path) -> int:
    return sum("'pass_on'" in row for row in result(home)["history_entry"])


def test_killed_while_it_loads_it_loads_anew(tmp_path: Path) -> None:
    left_alone(tmp_path / "alone", FIRST_DAYS)
    # The first commit is the schema, the second the whole sample.
    crash_and_go_on(tmp_path / "killed", FIRST_DAYS, 2, "before")
    assert result(tmp_path / "killed") == result(tmp_path / "alone")


def test_killed_between_two_of_many_dossiers_it_passes_the_rest_on(
    driven: tuple[Path, SampleStanding], tmp_path: Path
) -> None:
    for name in ("alone", "killed"):
        shutil.copytree(driven[0], tmp_path / name)
    commits = left_alone(tmp_path / "alone", REFORM)
    # The last day's first act passes some fifty dossiers on, each in a transaction of its own; little comes after it.
    killed = drive("at", tmp_path / "killed", REFORM, str(commits - 40), "after")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert 0 < passed_on(tmp_path / "killed") < passed_on(tmp_path / "alone")
    left_alone(tmp_path / "killed", REFORM)
    assert result(tmp_path / "killed") == result(tmp_path / "alone")


@pytest.mark.hard
def test_killed_at_every_commit_of_the_year(tmp_path: Path) -> None:
    """One home in which every commit of the year is a crash and a new start; a part of it with THIDUA_HARD_PART=ci."""
    commits = left_alone(tmp_path / "alone", YEAR)
    expected = result(tmp_path / "alone")
    if os.environ.get("THIDUA_HARD_PART") == "ci":
        seed = int(os.environ.get("THIDUA_HARD_SEED", "0"))
        dice = random.Random(seed)
        home, made = tmp_path / "killed", 0
        # Each start dies so many commits after the one before it, so that four crashes cost one year and not four.
        places = sorted(dice.sample(range(1, commits - 50), 4))
        for place in places:
            count, when = place - made, dice.choice(("before", "after"))
            killed = drive("at", home, YEAR, str(count), when)
            assert killed.returncode == -signal.SIGKILL, (place, when, killed.stdout, killed.stderr)
            made = place - (when == "before")
        left_alone(home, YEAR)
        assert result(home) == expected, (places, seed)
        print(f"4 crashes of {commits} commit points, seed {seed}")
        return
    done = drive("every", tmp_path / "killed", YEAR)
    assert done.returncode == 0, done.stderr
    assert result(tmp_path / "killed") == expected
    # A bulk act that has to go one by one may get through in one transaction once the first of it is there.
    crashes = int(done.stdout)
    assert commits - 50 < crashes <= commits
    print(f"{crashes} crashes, one after every commit; the end is the same")
