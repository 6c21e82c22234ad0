"""Two indexes know a little more, so that what an administrator sees first is counted among their keys alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261124_covering"
down_revision = "20261123_movements"
branch_labels = None
depends_on = None

_UNFINISHED = sa.text("state_kind NOT IN ('decided', 'withdrawn', 'lapsed', 'declined', 'revoked')")


def upgrade() -> None:
    op.drop_index("ix_letter_standing_not_before", "letter")
    op.create_index("ix_letter_standing_not_before_day", "letter", ["standing", "not_before", "day"])
    op.drop_index("ix_dossier_unfinished_procedure_sha256", "dossier")
    _partial("ix_dossier_unfinished_place", ["procedure_sha256", "desk", "desk_unit_id"])


def downgrade() -> None:
    op.drop_index("ix_dossier_unfinished_place", "dossier")
    _partial("ix_dossier_unfinished_procedure_sha256", ["procedure_sha256"])
    op.drop_index("ix_letter_standing_not_before_day", "letter")
    op.create_index("ix_letter_standing_not_before", "letter", ["standing", "not_before"])


def _partial(name: str, columns: list[str]) -> None:
    op.create_index(name, "dossier", columns, sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED)
