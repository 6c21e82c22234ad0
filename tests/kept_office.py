"""The small office as it was on the first day, again and again, in one PostgreSQL database.

Making a database costs a quarter of a second, putting the few rows of the office back a fiftieth; a suite of a thousand
stories feels the difference.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

import psycopg
from sqlalchemy import make_url

from models.base import metadata

# Rows may not be deleted from these: their triggers rest while the office is put back.
APPEND_ONLY = ("history_entry", "regulation")
SHAPE = """
    SELECT (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_index),
           (SELECT count(*) FROM pg_attribute WHERE NOT attisdropped), (SELECT count(*) FROM pg_proc)
"""
# A process that was killed in the middle of a story may still hold locks; one that only waits harms nobody.
END_STORIES = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


class KeptOffice:
    """A database whose rows were kept in a schema beside it, and can be put back.

    ``make`` gives a new database with the small office. It is asked again when a test changed more than rows: such a
    test needs to know nothing of this.
    """

    def __init__(self, make: Callable[[], AbstractContextManager[str]]) -> None:
        self._make = make
        self._open = ExitStack()
        self._tables = [table.name for table in metadata.sorted_tables]
        self._begin()

    def put_back(self) -> None:
        """Make every row and every counter what it was. No transaction may be open meanwhile."""
        self._connection.execute(END_STORIES)
        if self._shape() != self._shape_kept:
            self.close()
            self._begin()
            return
        self._connection.execute(self._put_back)

    def close(self) -> None:
        """Drop the database."""
        self._open.close()

    def _begin(self) -> None:
        self.url = self._open.enter_context(self._make())
        plain = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = self._open.enter_context(psycopg.connect(plain, autocommit=True))
        kept = [f"CREATE TABLE kept.{name} AS TABLE public.{name}" for name in self._tables]
        self._connection.execute(";".join(["CREATE SCHEMA kept", *kept]))
        self._put_back = ";".join(["BEGIN", *self._statements(), "COMMIT"])
        # One story through, so that what the tables bring with them (TOAST, say) is there.
        self._connection.execute(self._put_back)
        self._shape_kept = self._shape()

    def _shape(self) -> tuple[int, ...]:
        found = self._connection.execute(SHAPE).fetchone()
        assert found is not None
        return found

    def _statements(self) -> list[str]:
        found = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in APPEND_ONLY]
        found += [f"DELETE FROM public.{name}" for name in reversed(self._tables)]
        found += [f"INSERT INTO public.{name} SELECT * FROM kept.{name}" for name in self._tables]
        found += [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in APPEND_ONLY]
        counters = "SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL FROM pg_sequences"
        for name, value, called in self._connection.execute(counters + " WHERE schemaname = 'public'"):
            found.append(f"SELECT setval('public.{name}', {value}, {called})")
        return found
