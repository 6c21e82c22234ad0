"""How Alembic reaches the database: by the URL that the caller sets (`models/schema.py`)."""

from __future__ import annotations

from alembic import context

import models  # noqa: F401  (registers every table)
from kit.database import Database
from models.base import metadata

database = Database(context.config.get_main_option("sqlalchemy.url", ""))
with database.engine.connect() as connection:
    # One transaction on SQLite too: killed halfway, an upgrade leaves no half of a schema that the next one stumbles on.
    database.begin_write(connection)
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite cannot alter a constraint in place; Alembic then copies the table.
        render_as_batch=database.is_sqlite,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
database.close()
