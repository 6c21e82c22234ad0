"""Bringing a database to the newest schema, and telling which it has."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from kit.database import Database, storage_troubles
from kit.settings import ROOT


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    # Alembic reads % as an interpolation, which a password in an address may hold.
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade_schema(url: str) -> None:
    """Run every migration that the database lacks.

    Raises:
        StorageTrouble: the database cannot be reached or written.
    """
    with storage_troubles():
        command.upgrade(_config(url), "head")


def schema_is_current(database: Database) -> bool:
    """Whether the database has the newest schema; an empty one has not."""
    head = ScriptDirectory.from_config(_config("sqlite://")).get_current_head()
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
