"""Movements, the plans that answer them, exemplars; counts of titles from files."""

from __future__ import annotations

revision = "20261123_movements"
down_revision = "20261123_initiatives"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
