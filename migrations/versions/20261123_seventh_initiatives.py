"""Initiatives and their authors, as nominees of a dossier."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime


revision = "20261123_initiatives"
down_revision = "20261123_councils"
branch_labels = None
depends_on = None

_STANDING = "outcome <> 'struck'"
# Table → its new columns, each a number of an initiative, and its new CHECKs. Name, then rule.
_COLUMNS = {"nomination": ("initiative_id", "uses_initiative_id"), "award": ("initiative_id",)}
_CHECKS = {
    "nomination": ("ck_nomination_person_or_initiative", "person_id IS NULL OR initiative_id IS NULL"),
    "award": ("ck_award_initiative_of_a_unit", "initiative_id IS NULL OR unit_id IS NOT NULL"),
}


def upgrade() -> None:
    op.create_table(
        "initiative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("field", sa.String(length=120), nullable=False),
        sa.Column("effect_note_id", sa.String(length=36), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("listed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_initiative_has_a_name")),
        sa.ForeignKeyConstraint(["effect_note_id"], ["note.id"], name=op.f("fk_initiative_effect_note_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_initiative_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative")),
        sa.UniqueConstraint("code", name=op.f("uq_initiative_code")),
    )
    op.create_index("ix_initiative_unit_id_school_year", "initiative", ["unit_id", "school_year"])
    op.create_index("ix_initiative_school_year_id", "initiative", ["school_year", "id"])
    op.create_table(
        "initiative_author",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "share BETWEEN 1 AND 10000", name=op.f("ck_initiative_author_share_within_the_whole")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_initiative_author_initiative_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_initiative_author_person_id")),
        sa.PrimaryKeyConstraint("initiative_id", "person_id", name=op.f("pk_initiative_author")),
    )
    op.create_index("ix_initiative_author_person_id", "initiative_author", ["person_id"])
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.add_column(table, sa.Column(column, sa.Integer(), nullable=True))
            op.create_index(f"ix_{table}_{column}", table, [column])
        _bind(table)
    op.create_index(
        "uq_nomination_standing_initiative",
        "nomination",
        ["dossier_id", "initiative_id", "title"],
        unique=True,
        sqlite_where=sa.text(_STANDING),
        postgresql_where=sa.text(_STANDING),
    )


def downgrade() -> None:
    op.drop_index("uq_nomination_standing_initiative", table_name="nomination")
    for table, columns in _COLUMNS.items():
        _loosen(table)
        for column in columns:
            op.drop_index(f"ix_{table}_{column}", table_name=table)
            if op.get_bind().dialect.name == "sqlite":
                op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
            else:
                op.drop_column(table, column)
    op.drop_table("initiative_author")
    op.drop_table("initiative")


def _bind(table: str) -> None:
    """The keys and the CHECK of the new columns."""
    if op.get_bind().dialect.name == "sqlite":
        # Other tables refer to these, and foreign keys are on: copying them, SQLite's usual way, would be refused as
        # soon as they hold rows. No row changes; this is the way that SQLite's manual gives for constraints.
        _reword(table, ")", f"{_told(table)})", last=True)
        return
    name, rule = _CHECKS[table]
    op.create_check_constraint(op.f(name), table, rule)
    for column in _COLUMNS[table]:
        op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, "initiative", [column], ["id"])


def _loosen(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _reword(table, _told(table), "")
        return
    op.drop_constraint(op.f(_CHECKS[table][0]), table, type_="check")
    for column in _COLUMNS[table]:
        op.drop_constraint(op.f(f"fk_{table}_{column}"), table, type_="foreignkey")


def _told(table: str) -> str:
    """The constraints as they stand in the text of a table."""
    name, rule = _CHECKS[table]
    keys = (
        f",\n\tCONSTRAINT fk_{table}_{column} FOREIGN KEY({column}) REFERENCES initiative (id)"
        for column in _COLUMNS[table]
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
