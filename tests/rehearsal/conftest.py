"""Homes in which the sample was played, made once for all tests that only look at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.settings import Settings
from rehearsal.names import AS_IT_WAS, EDITIONS
from rehearsal.run import SampleStanding, run_sample
from rehearsal.year import YearReport, play_year


def settings_in(home: Path, url: str = "") -> Settings:
    """The settings of a throw-away home."""
    return Settings(home=home, database_url=url, sqlite_synchronous="NORMAL")


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, YearReport]:
    """A whole year of seed 1 in SQLite, and its report."""
    settings = settings_in(tmp_path_factory.mktemp("year"))
    return settings, play_year(settings)


@pytest.fixture(scope="session", params=EDITIONS)
def edition_played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, YearReport]:
    """Each edition of seed 1 in SQLite, played to its end, and its report."""
    if request.param == AS_IT_WAS:
        played: tuple[Settings, YearReport] = request.getfixturevalue("played")
        return played
    settings = settings_in(tmp_path_factory.mktemp("edition"))
    return settings, play_year(settings, year=request.param)


@pytest.fixture(scope="session")
def driven(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SampleStanding]:
    """A home in which the sample was run once, to noon of 16 June 2025."""
    settings = settings_in(tmp_path_factory.mktemp("run"))
    return settings.home, run_sample(settings)
