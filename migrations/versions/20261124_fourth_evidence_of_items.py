"""A paper beside each item of a score sheet; what words are looked for in, of an initiative; indexes of long lists."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "20261124_evidence"
down_revision = "20261124_reckoned"
branch_labels = None
depends_on = None

_CHECK = ("ck_sheet_line_name_of_a_paper", "paper_name = '' OR paper_sha256 IS NOT NULL")


# Index → table, columns, the rows that it holds (None: all).
_INDEXES = {
    "ix_nomination_dossier_initiative": (
        "nomination",
        ["dossier_id", "initiative_id"],
        "initiative_id IS NOT NULL",
    ),
    "ix_nomination_dossier_use": (
        "nomination",
        ["dossier_id", "uses_initiative_id"],
        "uses_initiative_id IS NOT NULL",
    ),
    "ix_movement_until": ("movement", ["until"], None),
    "ix_movement_dated_id": ("movement", ["dated", "id"], None),
}


def _bare(text: str) -> str:
    """As `casework/views/staff.py` had it on this day."""
    parts = unicodedata.normalize("NFD", " ".join(unicodedata.normalize("NFC", text).casefold().split()))
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).replace("đ", "d")


def upgrade() -> None:
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.add_column(sa.Column("searched", sa.String(length=500), nullable=False, server_default=""))
    initiative = sa.table("initiative", *(sa.column(name) for name in ("id", "code", "name", "searched")))
    connection = op.get_bind()
    rows = [
        {"b_id": row.id, "b_searched": _bare(f"{row.code} {row.name}")}
        for row in connection.execute(sa.select(initiative.c.id, initiative.c.code, initiative.c.name))
    ]
    if rows:
        words = sa.update(initiative).where(initiative.c.id == sa.bindparam("b_id"))
        connection.execute(words.values(searched=sa.bindparam("b_searched")), rows)
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.alter_column("searched", server_default=None)
    with op.batch_alter_table("sheet_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paper_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("paper_name", sa.String(length=200), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            batch_op.f("fk_sheet_line_paper_sha256"), "stored_file", ["paper_sha256"], ["sha256"]
        )
        batch_op.create_check_constraint(batch_op.f(_CHECK[0]), _CHECK[1])
    for name, (table, columns, rows_of) in _INDEXES.items():
        only = sa.text(rows_of) if rows_of else None
        op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)
    # What was there has no paper; from now on every row says its own.
    with op.batch_alter_table("sheet_line", schema=None) as batch_op:
        batch_op.alter_column("paper_name", server_default=None)


def downgrade() -> None:
    for name, (table, _, _) in _INDEXES.items():
        op.drop_index(name, table_name=table)
    with op.batch_alter_table("sheet_line", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(_CHECK[0]), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_sheet_line_paper_sha256"), type_="foreignkey")
        batch_op.drop_column("paper_name")
        batch_op.drop_column("paper_sha256")
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.drop_column("searched")
