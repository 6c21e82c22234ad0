"""The day on which a verdict was asked for, beside the legal day of its rulebook."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261125_asked_on"
down_revision = "20261124_awards_of_movements"
branch_labels = None
depends_on = None

#: SQLite copies the table; of those to which it refers nothing has to be read
_ALONE = {"resolve_fks": False}


def upgrade() -> None:
    op.add_column("verdict", sa.Column("asked_on", sa.Date(), nullable=True))
    op.execute("UPDATE verdict SET asked_on = legal_day")
    with op.batch_alter_table("verdict", schema=None, reflect_kwargs=_ALONE) as batch_op:
        batch_op.alter_column("asked_on", existing_type=sa.Date(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("verdict", schema=None, reflect_kwargs=_ALONE) as batch_op:
        batch_op.drop_column("asked_on")
