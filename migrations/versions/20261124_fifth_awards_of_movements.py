"""The movement on which a nomination rests; initiatives that were listed by mistake and taken back."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision = "20261124_awards_of_movements"
down_revision = "20261124_evidence"
branch_labels = None
depends_on = None


class Added(NamedTuple):
    """What a table gets: its new columns, the tables that some refer to, and a new CHECK (name, rule)."""

    columns: dict[str, sa.types.TypeEngine]
    refers: dict[str, str]
    check: tuple[str, str]


_ADDED = {
    "nomination": Added(
        {"movement_id": sa.Integer()},
        {"movement_id": "movement"},
        ("ck_nomination_initiative_or_movement", "initiative_id IS NULL OR movement_id IS NULL"),
    ),
    "initiative": Added(
        {
            "taken_back_at": UTCDateTime(),
            "taken_back_by_id": sa.Integer(),
            "taken_back_note_id": sa.String(length=36),
        },
        {"taken_back_by_id": "person", "taken_back_note_id": "note"},
        (
            "ck_initiative_taken_back_is_whole",
            "(taken_back_at IS NULL) = (taken_back_by_id IS NULL) AND "
            "(taken_back_at IS NULL) = (taken_back_note_id IS NULL)",
        ),
    ),
}


def upgrade() -> None:
    for table, added in _ADDED.items():
        for column, kind in added.columns.items():
            op.add_column(table, sa.Column(column, kind, nullable=True))
        if op.get_bind().dialect.name == "sqlite":
            # Other tables refer to these, and foreign keys are on: copying them, SQLite's usual way, would be refused
            # as soon as they hold rows. No row changes; this is the way that SQLite's manual gives for constraints.
            _reword(table, ")", f"{_told(table)})", last=True)
            continue
        name, rule = added.check
        op.create_check_constraint(op.f(name), table, rule)
        for column, other in added.refers.items():
            op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, other, [column], ["id"])
    op.create_index("ix_nomination_movement_id", "nomination", ["movement_id"])


def downgrade() -> None:
    op.drop_index("ix_nomination_movement_id", table_name="nomination")
    for table, added in _ADDED.items():
        if op.get_bind().dialect.name == "sqlite":
            _reword(table, _told(table), "")
            for column in added.columns:
                op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
            continue
        op.drop_constraint(op.f(added.check[0]), table, type_="check")
        for column in added.refers:
            op.drop_constraint(op.f(f"fk_{table}_{column}"), table, type_="foreignkey")
        for column in added.columns:
            op.drop_column(table, column)


def _told(table: str) -> str:
    """The constraints as they stand in the text of a table."""
    name, rule = _ADDED[table].check
    keys = (
        f",\n\tCONSTRAINT fk_{table}_{column} FOREIGN KEY({column}) REFERENCES {other} (id)"
        for column, other in _ADDED[table].refers.items()
    )
    return f",\n\tCONSTRAINT {name} CHECK ({rule}){''.join(keys)}"


def _reword(table: str, before: str, after: str, *, last: bool = False) -> None:
    bind = op.get_bind()
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    told = bind.execute(
        sa.text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :table"), {"table": table}
    ).scalar_one()
    head, found, tail = told.rpartition(before) if last else told.partition(before)
    if not found:
        raise RuntimeError(f"the text of the table {table} is not what was expected")
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    bind.execute(
        sa.text("UPDATE sqlite_schema SET sql = :sql WHERE type = 'table' AND name = :table"),
        {"sql": head + after + tail, "table": table},
    )
    bind.exec_driver_sql(f"PRAGMA schema_version = {int(version) + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
