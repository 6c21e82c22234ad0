"""Opening the database and writing to it: SQLite and PostgreSQL behind one code path.

On SQLite, reads run in autocommit and a write begins with BEGIN IMMEDIATE: a read lock that is upgraded
late fails at once under contention, one that is asked for at the start waits its turn. On PostgreSQL both
run in one READ COMMITTED transaction. What protects a dossier on either is the compare-and-set on its
version (`casework/record_step.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from kit.canonical import canonical_json

BUSY_TIMEOUT_MS = 60_000
CONNECT_TIMEOUT_S = 10
CUT_TIMEOUT_MS = 3_000


class StorageTrouble(Exception):
    """The database could not be read or written: full disk, read-only file, no server.

    ``code`` names a text in the catalogue; ``detail`` is the driver's own word.
    """

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


_TROUBLES = (
    ("database or disk is full", "disk_full"),
    ("disk i/o error", "disk_full"),
    ("no space left", "disk_full"),
    ("readonly database", "database_read_only"),
    ("read-only transaction", "database_read_only"),
    ("unable to open database", "database_unreachable"),
    ("connection refused", "database_unreachable"),
    ("connection timeout", "database_unreachable"),
    ("failed to resolve host", "database_unreachable"),
    ("password authentication failed", "database_sign_in_refused"),
    ("connection failed", "database_unreachable"),
    ("could not connect", "database_unreachable"),
    ("database is locked", "database_busy"),
    ("deadlock detected", "database_busy"),
    ("file is not a database", "database_damaged"),
    ("malformed", "database_damaged"),
    ("no such table", "database_not_prepared"),
    ("no such column", "database_of_older_thidua"),
    ("has no column", "database_of_older_thidua"),
    ("does not exist", "database_not_prepared"),
)


def trouble_of(error: DBAPIError) -> StorageTrouble | None:
    """The trouble that a driver's error tells of; None when it tells of a fault of the program."""
    detail = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    lowered = detail.lower()
    if lowered.startswith("column ") and lowered.endswith(" does not exist"):
        # PostgreSQL's words for a home that an older Thidua made.
        return StorageTrouble("database_of_older_thidua", detail)
    for phrase, code in _TROUBLES:
        if phrase in lowered:
            return StorageTrouble(code, detail)
    return None


class Database:
    """A database that is open. `read` and `write` lend a connection; `write` commits when its block ends well."""

    def __init__(self, url: str, *, synchronous: str = "FULL") -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise StorageTrouble("database_url_unreadable", str(error)) from error
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"json_serializer": canonical_json, "json_deserializer": json.loads}
        if not self.is_sqlite:
            options["connect_args"] = {"connect_timeout": CONNECT_TIMEOUT_S}
        try:
            # A trace in a log names the statement, never the values: these are names, addresses, reasons.
            self.engine: Engine = create_engine(parsed, hide_parameters=True, **options)
        except (ImportError, ArgumentError) as error:
            raise StorageTrouble("database_url_unreadable", str(error)) from error
        if self.is_sqlite:
            event.listen(self.engine, "connect", _sqlite_settings(synchronous))
        else:
            event.listen(self.engine, "connect", _postgres_settings)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read with; each statement sees what is committed."""
        with storage_troubles(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in a write transaction from its first statement on; commits at the end of the block."""
        with storage_troubles(), self.engine.begin() as connection:
            self.begin_write(connection)
            yield connection

    @contextmanager
    def act(self) -> Iterator[Connection]:
        """A connection to decide on; the caller calls `begin_write` before it writes. Commits at the end."""
        with storage_troubles(), self.engine.begin() as connection:
            yield connection

    def begin_write(self, connection: Connection) -> None:
        """Take the write lock of SQLite; nothing to do on PostgreSQL."""
        if self.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def cut_log(self) -> bool:
        """Write everything into the database's own file and cut SQLite's log of changes to nothing; gives whether it
        is cut. Somebody who reads for long keeps it from being so: it is then cut the next time."""
        if not self.is_sqlite:
            return True
        with storage_troubles(), self.engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {CUT_TIMEOUT_MS}")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        return not busy

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def insert_or_ignore(connection: Connection, table: Table) -> Any:
    """An INSERT that leaves alone what is there already, on either database: two at once are no clash."""
    return _insert_or_ignore(connection.dialect.name, table)


@cache
def _insert_or_ignore(dialect: str, table: Table) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table).on_conflict_do_nothing()


@contextmanager
def storage_troubles() -> Iterator[None]:
    """Turn a driver's error into `StorageTrouble` where it is the storage's fault and not the program's."""
    try:
        yield
    except DBAPIError as error:
        trouble = trouble_of(error)
        if trouble is None and isinstance(error, OperationalError) and error.connection_invalidated:
            trouble = StorageTrouble("database_unreachable", str(error.orig))
        if trouble is None:
            raise
        raise trouble from error


# PostgreSQL reckons by itself with a disk on which one row out of order costs as much as four in order, and looks
# through a whole table for the hundreds of rows of a page. What the keeper of the server or database said, stands.
_ROWS_OUT_OF_ORDER = (
    "SELECT set_config('random_page_cost', '1.1', false) FROM pg_settings"
    " WHERE name = 'random_page_cost' AND source = 'default'"
)


def _postgres_settings(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.execute(_ROWS_OUT_OF_ORDER)
    # Or the next transaction that is given up would take it back.
    dbapi_connection.commit()


def _sqlite_settings(synchronous: str) -> Any:
    def apply(dbapi_connection: Any, _record: Any) -> None:
        # The driver would open transactions by itself and late; we say when.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        cursor.close()

    return apply
