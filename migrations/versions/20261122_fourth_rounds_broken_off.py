"""A run of the ledger that was broken off has a standing of its own; those of before get it too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "20261122_broken_off"
down_revision = "20261122_accounts"
branch_labels = None
depends_on = None

_RUN = sa.table(
    "flow_run",
    sa.column("id", sa.Integer()),
    sa.column("flow", sa.String()),
    sa.column("standing", sa.String()),
    sa.column("summary", sa.JSON()),
)


def upgrade() -> None:
    _known("'running', 'done', 'broken_off', 'failed'")
    connection = op.get_bind()
    done = sa.select(_RUN.c.id, _RUN.c.summary).where(_RUN.c.flow == "deliver", _RUN.c.standing == "done")
    broken_off = [row.id for row in connection.execute(done) if (row.summary or {}).get("stopped")]
    for run in broken_off:
        connection.execute(sa.update(_RUN).where(_RUN.c.id == run).values(standing="broken_off"))


def downgrade() -> None:
    op.get_bind().execute(sa.update(_RUN).where(_RUN.c.standing == "broken_off").values(standing="done"))
    _known("'running', 'done', 'failed'")


def _known(standings: str) -> None:
    with op.batch_alter_table("flow_run", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_flow_run_standing_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_flow_run_standing_known"), f"standing IN ({standings})")
