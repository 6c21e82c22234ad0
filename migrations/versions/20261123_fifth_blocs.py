"""A bloc's year: meetings, covenants, score sheets, what was settled, who leads, its own certificates."""

from __future__ import annotations

revision = "20261123_blocs"
down_revision = "20261123_kinds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
