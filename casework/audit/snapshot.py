"""One moment of a living database: acts that others commit meanwhile are not seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from kit.database import Database, storage_troubles


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A connection for reading, whose statements all see the same moment. Nothing it writes is kept.

    An export reads chains and heads in two statements; without this, an act between them would look like
    a fault.
    """
    with storage_troubles(), database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("BEGIN")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield connection
        connection.rollback()
