"""Prefect's server, with two things mended: `python -m flows.server`, in place of `prefect server start`.

Prefect 3.8.8 leaves its SQLAlchemy open to 2.x, but its scheduler inserts rows by mappings that hold a `state` beside
the columns. SQLAlchemy 2.0 ignored such a key; 2.1 demands to be told what becomes of it and fails, so that nothing is
ever scheduled. We tell it: nothing.

On SQLite it begins to read and asks for the write lock later, which fails at once when somebody else wrote meanwhile:
"database is locked", as a long error in the log, whenever many runs are late. We let it ask at the start and wait.

Tests that see a scheduled run and a clean log fail on the day on which this is not enough.
"""

from __future__ import annotations

import runpy
import sys
from typing import Any

from prefect.server.database import orm_models
from prefect.server.database.configurations import SQLITE_BEGIN_MODE, AioSqliteConfiguration
from sqlalchemy import Connection


def let_scheduler_insert() -> None:
    """Let bulk inserts of runs pass over `state`, which is written by a statement of its own."""

    def pass_over(_table: Any, _mapping: Any, _value: Any) -> None:
        pass

    for table in (orm_models.FlowRun, orm_models.TaskRun):
        vars(table)["state"].bulk_dml_setter = pass_over


def let_writers_wait() -> None:
    """Let every transaction on SQLite begin with the write lock."""

    def begin(_configuration: AioSqliteConfiguration, connection: Connection) -> None:
        # No mode: Prefect reads outside of a transaction.
        if SQLITE_BEGIN_MODE.get() is not None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    AioSqliteConfiguration.begin_sqlite_stmt = begin  # type: ignore[method-assign]


def main() -> None:
    """Run the server as its own command line does; its environment says where."""
    let_scheduler_insert()
    let_writers_wait()
    sys.argv = ["prefect", "server", "start"]
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
