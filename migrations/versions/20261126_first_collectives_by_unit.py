"""Nominations of collectives by their unit: what a record of one is read by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261126_collectives"
down_revision = "20261125_initiatives_taken_over"
branch_labels = None
depends_on = None

_COLLECTIVES = sa.text("coalesce(person_id, initiative_id) IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_nomination_collective",
        "nomination",
        ["unit_id"],
        unique=False,
        sqlite_where=_COLLECTIVES,
        postgresql_where=_COLLECTIVES,
    )


def downgrade() -> None:
    op.drop_index("ix_nomination_collective", "nomination")
