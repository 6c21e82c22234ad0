"""A home ready to be rehearsed in: its folder, the newest schema, the database open, the store of papers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from documents.store import PaperStore
from kit.database import Database, StorageTrouble
from kit.settings import Settings
from models.schema import schema_is_current, upgrade_schema

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Home:
    """The open database and the store of papers of a home."""

    database: Database
    store: PaperStore


@contextmanager
def open_home(settings: Settings) -> Iterator[Home]:
    """The home that the settings name, made and brought up to date if need be.

    Raises:
        StorageTrouble: the folder or the database cannot be made or written.
    """
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageTrouble("database_unreachable", str(error)) from error
    database = Database(settings.url, synchronous=settings.sqlite_synchronous)
    try:
        if not schema_is_current(database):
            upgrade_schema(settings.url)
        yield Home(database, PaperStore(settings.home / "papers", settings.paper_limit_mb * _MEGABYTE))
    finally:
        database.close()
