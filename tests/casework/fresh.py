"""The small office as it was on the first day, again and again, in one PostgreSQL database.

Making a database costs a third of a second, putting the few rows of the office back a hundredth; a folder of a
hundred stories feels the difference.
"""

from __future__ import annotations

import psycopg
from sqlalchemy import make_url

from models.base import metadata

# Rows may not be deleted from these: their triggers rest while the office is put back.
APPEND_ONLY = ("history_entry", "regulation")


class KeptOffice:
    """A database whose rows were kept in a schema beside it, and can be put back."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._tables = [table.name for table in metadata.sorted_tables]
        kept = [f"CREATE TABLE kept.{name} AS TABLE public.{name}" for name in self._tables]
        self._run(["CREATE SCHEMA kept", *kept])
        self._put_back = self._statements()

    def put_back(self) -> None:
        """Make every row and every counter what it was. Nobody may be connected meanwhile."""
        self._run(self._put_back)

    def _statements(self) -> list[str]:
        found = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in APPEND_ONLY]
        found += [f"DELETE FROM public.{name}" for name in reversed(self._tables)]
        found += [f"INSERT INTO public.{name} SELECT * FROM kept.{name}" for name in self._tables]
        found += [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in APPEND_ONLY]
        counters = "SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL FROM pg_sequences"
        with psycopg.connect(self._plain) as connection:
            for name, value, called in connection.execute(counters + " WHERE schemaname = 'public'"):
                found.append(f"SELECT setval('public.{name}', {value}, {called})")
        return found

    def _run(self, statements: list[str]) -> None:
        with psycopg.connect(self._plain) as connection:
            connection.execute(";".join(statements))
