"""Opening verdicts again: a fact on which they were built has changed."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, func, select, update

from casework.call import Call
from models.verdict import Verdict, VerdictBasis

VERDICT, BASIS = Verdict.__table__, VerdictBasis.__table__
#: keys that are asked for in one statement
_BATCH = 500

_BUILT = (
    select(BASIS.c.verdict_id, func.min(BASIS.c.key).label("key"))
    .join(VERDICT, VERDICT.c.id == BASIS.c.verdict_id)
    .where(BASIS.c.key.in_(bindparam("keys", expanding=True)), VERDICT.c.reopened_at.is_(None))
    .group_by(BASIS.c.verdict_id)
)
_REOPEN = (
    update(VERDICT)
    .where(VERDICT.c.id == bindparam("b_verdict"))
    .values(reopened_at=bindparam("b_at"), reopened_by=bindparam("b_key"))
)


def facts_changed(connection: Connection, keys: Iterable[str], call: Call) -> list[int]:
    """Open again exactly the verdicts that were built on one of ``keys`` and still stand; gives their ids.

    Called at the end of each act that changes a fact, within its transaction.
    """
    reopened: dict[int, str] = {}
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), _BATCH):
        for row in connection.execute(_BUILT, {"keys": wanted[start : start + _BATCH]}):
            reopened.setdefault(row.verdict_id, row.key)
    if reopened:
        rows = [{"b_verdict": n, "b_key": key, "b_at": call.now} for n, key in sorted(reopened.items())]
        connection.execute(_REOPEN, rows)
    return sorted(reopened)
