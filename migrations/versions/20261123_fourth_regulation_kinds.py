"""Regulations of two more kinds: scorecards of blocs, rules of councils."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_kinds"
down_revision = "20261122_broken_off"
branch_labels = None
depends_on = None

NAME = "ck_regulation_kind_known"
BEFORE = "kind IN ('procedure', 'calendar', 'holidays', 'titles', 'succession')"
AFTER = "kind IN ('procedure', 'calendar', 'holidays', 'titles', 'succession', 'scorecard', 'council')"


def upgrade() -> None:
    _allow(BEFORE, AFTER)


def downgrade() -> None:
    _allow(AFTER, BEFORE)


def _allow(before: str, after: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(NAME), "regulation", type_="check")
        op.create_check_constraint(op.f(NAME), "regulation", after)
        return
    # Copying the table, SQLite's usual way to change a CHECK, would drop what every dossier refers to and the triggers
    # that guard it. Only the words of the constraint change, no row: this is the way that SQLite's manual gives for that.
    bind = op.get_bind()
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = bind.execute(
        sa.text("UPDATE sqlite_schema SET sql = replace(sql, :before, :after) WHERE name = 'regulation'"),
        {"before": before, "after": after},
    )
    if changed.rowcount != 1:
        raise RuntimeError("the table of regulations was not found")
    bind.exec_driver_sql(f"PRAGMA schema_version = {int(version) + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
