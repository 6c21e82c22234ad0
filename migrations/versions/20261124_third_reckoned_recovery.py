"""What the money sheet said when a revocation demanded something back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261124_reckoned"
down_revision = "20261124_law"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reckoned_recovery",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("money", sa.BigInteger(), nullable=False),
        sa.Column("items", sa.String(length=400), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("money >= 0", name=op.f("ck_reckoned_recovery_money_not_negative")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_reckoned_recovery_decision_id")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_reckoned_recovery_dossier_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_reckoned_recovery_note_id")),
        sa.PrimaryKeyConstraint("dossier_id", "decision_id", name=op.f("pk_reckoned_recovery")),
    )


def downgrade() -> None:
    op.drop_table("reckoned_recovery")
