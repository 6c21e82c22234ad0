"""Initiatives taken over from files of earlier years: until when one counts, and what it was used for before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261125_initiatives_taken_over"
down_revision = "20261125_asked_on"
branch_labels = None
depends_on = None

_CHECK = ("ck_award_ends_with_an_initiative", "valid_until IS NULL OR initiative_id IS NOT NULL")
_KIND = "ck_imported_row_kind_known"
_BEFORE = "'award', 'grade', 'discipline', 'service', 'decision', 'complete_year'"
_AFTER = f"{_BEFORE}, 'initiative', 'earlier_use'"
# On SQLite other tables refer to these, and foreign keys are on: copying them, its usual way, would be refused as soon
# as they hold rows. No row changes; rewording them is the way that SQLite's manual gives for constraints.
_TOLD = f",\n\tCONSTRAINT {_CHECK[0]} CHECK ({_CHECK[1]})"


def upgrade() -> None:
    op.create_table(
        "earlier_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=20), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_earlier_use_initiative_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_earlier_use_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_use")),
        sa.UniqueConstraint(
            "initiative_id",
            "person_id",
            "title",
            "school_year",
            name=op.f("uq_earlier_use_initiative_id_person_id_title_school_year"),
        ),
    )
    op.add_column("award", sa.Column("valid_until", sa.Date(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _reword("award", ")", f"{_TOLD})", last=True)
        _reword("imported_row", _BEFORE, _AFTER)
        _reword("initiative", "applied_on DATE NOT NULL", "applied_on DATE")
        return
    op.create_check_constraint(op.f(_CHECK[0]), "award", _CHECK[1])
    _kinds(_AFTER)
    op.alter_column("initiative", "applied_on", existing_type=sa.Date(), nullable=True)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DELETE FROM imported_row WHERE kind IN ('initiative', 'earlier_use')")
    listed_on = "substr(listed_at, 1, 10)" if sqlite else "CAST(listed_at AS DATE)"
    op.execute(f"UPDATE initiative SET applied_on = {listed_on} WHERE applied_on IS NULL")
    if sqlite:
        _reword("initiative", "applied_on DATE", "applied_on DATE NOT NULL")
        _reword("imported_row", _AFTER, _BEFORE)
        _reword("award", _TOLD, "")
        op.execute("ALTER TABLE award DROP COLUMN valid_until")
    else:
        op.alter_column("initiative", "applied_on", existing_type=sa.Date(), nullable=False)
        _kinds(_BEFORE)
        op.drop_constraint(op.f(_CHECK[0]), "award", type_="check")
        op.drop_column("award", "valid_until")
    op.drop_table("earlier_use")


def _kinds(words: str) -> None:
    op.drop_constraint(op.f(_KIND), "imported_row", type_="check")
    op.create_check_constraint(op.f(_KIND), "imported_row", f"kind IN ({words})")


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
