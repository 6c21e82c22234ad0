"""A paper beside each item of a score sheet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261124_evidence"
down_revision = "20261123_movements"
branch_labels = None
depends_on = None

_CHECK = ("ck_sheet_line_name_of_a_paper", "paper_name = '' OR paper_sha256 IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("sheet_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paper_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("paper_name", sa.String(length=200), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            batch_op.f("fk_sheet_line_paper_sha256"), "stored_file", ["paper_sha256"], ["sha256"]
        )
        batch_op.create_check_constraint(batch_op.f(_CHECK[0]), _CHECK[1])
    # What was there has no paper; from now on every row says its own.
    with op.batch_alter_table("sheet_line", schema=None) as batch_op:
        batch_op.alter_column("paper_name", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("sheet_line", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(_CHECK[0]), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_sheet_line_paper_sha256"), type_="foreignkey")
        batch_op.drop_column("paper_name")
        batch_op.drop_column("paper_sha256")
