"""Councils: members, sessions, who was there, recusals, ballots."""

from __future__ import annotations

revision = "20261123_councils"
down_revision = "20261123_blocs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
