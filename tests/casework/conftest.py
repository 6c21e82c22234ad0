"""The office of this folder's stories: on PostgreSQL one database for all of them, put back before each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.database import Database
from tests.build import Office, office_in
from tests.casework.fresh import KeptOffice
from tests.conftest import BOTH_ENGINES, new_postgres_database


@pytest.fixture(scope="session")
def kept_office(postgres_url: str, postgres_databases: dict[str, str]) -> Iterator[KeptOffice]:
    """The PostgreSQL database that all stories share, one after the other."""
    with new_postgres_database(postgres_url, postgres_databases["office"]) as url:
        yield KeptOffice(url)


@pytest.fixture(params=BOTH_ENGINES)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The small office of `tests/build.py` as it was on the first day, for one test alone, on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "thidua.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_files")["office"], path)
        url = f"sqlite:///{path}"
    else:
        kept: KeptOffice = request.getfixturevalue("kept_office")
        kept.put_back()
        url = kept.url
    opened = Database(url, synchronous="NORMAL")
    yield office_in(opened)
    opened.close()
