"""The schema that the migrations make is the one that the models declare, and it can be taken down and put up again."""

from __future__ import annotations

from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

from kit.database import Database
from models.base import metadata
from models.schema import _config, schema_is_current, upgrade_schema

# Of an index on an expression SQLAlchemy tells nothing on SQLite: `whole` asks for it itself.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index"),
]


def differences(engine: Engine) -> list[Any]:
    """What a new migration would have to change."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)


def whole(engine: Engine) -> dict[str, Any]:
    """Every column, key, index and CHECK of every table, as the database tells it."""
    seen = inspect(engine)
    told: dict[str, Any] = {}
    for table in seen.get_table_names():
        checks = sorted(
            (check["name"] or "", check["sqltext"]) for check in seen.get_check_constraints(table)
        )
        # By name: a column that a later migration adds stands last in the table.
        columns = sorted((c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(table))
        keys = sorted(
            (str(k["name"]), k["constrained_columns"], k["referred_table"])
            for k in seen.get_foreign_keys(table)
        )
        uniques = sorted((str(u["name"]), u["column_names"]) for u in seen.get_unique_constraints(table))
        indexes = sorted(
            (str(i["name"]), i["column_names"], bool(i["unique"])) for i in seen.get_indexes(table)
        )
        told[table] = (
            columns,
            checks,
            keys,
            uniques,
            indexes,
            seen.get_pk_constraint(table)["constrained_columns"],
        )
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            made = (
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%(%(%' ORDER BY name"
            )
            told["on expressions"] = [tuple(row) for row in connection.execute(text(made))]
    return told


def test_the_migrations_make_what_the_models_declare(database: Database) -> None:
    assert differences(database.engine) == []


def test_they_make_the_same_checks_keys_and_indexes(new_database_url: str) -> None:
    engine = create_engine(new_database_url)
    metadata.create_all(engine)
    declared = whole(engine)
    metadata.drop_all(engine)
    upgrade_schema(new_database_url)
    migrated = whole(engine)
    del migrated["alembic_version"]
    assert migrated == declared
    engine.dispose()


def test_the_schema_goes_up_down_and_up_again(new_database_url: str) -> None:
    upgrade_schema(new_database_url)
    engine = create_engine(new_database_url)
    first = whole(engine)
    command.downgrade(_config(new_database_url), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade_schema(new_database_url)
    upgrade_schema(new_database_url)
    assert whole(engine) == first
    engine.dispose()


def test_an_empty_database_is_told_from_one_with_the_newest_schema(new_database_url: str) -> None:
    opened = Database(new_database_url)
    assert not schema_is_current(opened)
    upgrade_schema(new_database_url)
    assert schema_is_current(opened)
    opened.close()
