"""The office that all tests on PostgreSQL share is the same for each of them, whatever the one before did."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

from kit.database import Database
from tests.conftest import drop_append_only_guards
from tests.kept_office import KeptOffice

pytestmark = pytest.mark.postgres


def entries(connection: Connection) -> tuple[int, int]:
    """(entries in the history, rows that guard it)."""
    guards = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'history_entry'::regclass AND tgenabled = 'O'"
    return (
        connection.execute(text("SELECT count(*) FROM history_entry")).scalar_one(),
        connection.execute(text(guards)).scalar_one(),
    )


def test_what_was_deleted_and_even_a_guard_that_was_dropped_is_back(kept_office: KeptOffice) -> None:
    kept_office.put_back()
    database = Database(kept_office.url)
    with database.write() as connection:
        before = entries(connection)
        drop_append_only_guards(connection)
        connection.execute(text("DELETE FROM history_entry"))
        assert entries(connection) != before
    database.close()
    kept_office.put_back()
    anew = Database(kept_office.url)
    with anew.read() as connection:
        assert entries(connection) == before
    anew.close()


def test_a_story_that_never_ended_holds_nobody_up(kept_office: KeptOffice) -> None:
    kept_office.put_back()
    database = Database(kept_office.url)
    with database.engine.connect() as left_open:
        left_open.execute(text("LOCK TABLE history_entry IN ACCESS EXCLUSIVE MODE"))
        kept_office.put_back()
        left_open.invalidate()
    database.close()
