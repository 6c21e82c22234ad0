"""Initiatives and their authors, as nominees of a dossier."""

from __future__ import annotations

revision = "20261123_initiatives"
down_revision = "20261123_councils"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
