"""Stages of exemplars by their exemplar: a bloc's summary read those of every unit in its years."""

from __future__ import annotations

from alembic import op

revision = "20261127_stages_by_exemplar"
down_revision = "20261126_collectives"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_exemplar_stage_reached_on", table_name="exemplar_stage")
    op.create_index(
        "ix_exemplar_stage_exemplar_id",
        "exemplar_stage",
        ["exemplar_id", "stage", "reached_on"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_exemplar_stage_exemplar_id", table_name="exemplar_stage")
    op.create_index("ix_exemplar_stage_reached_on", "exemplar_stage", ["reached_on"], unique=False)
