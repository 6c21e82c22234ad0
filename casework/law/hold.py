"""Facts and the verdicts on them do not pass each other by: who judges holds the facts still, who changes them waits.

A verdict is kept with the keys of the facts that it looked at, and a correction looks for those keys. Were both under
way at once, the correction would not find keys that are not committed yet, and the verdict would rest on what is not so
any more. Those who judge share the hold; who changes a fact has it alone, from before it looks for verdicts until it
commits.

The hold is taken after every row that an act locks: dossiers, then units, then this.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select

# PostgreSQL's advisory locks are numbers; others are in `casework/career/in_turn.py`, `casework/begin_office.py` and
# `casework/accounts/guard.py`.
_NUMBER = 20_180_622


def hold_facts(connection: Connection, *, shared: bool = False) -> None:
    """Hold the facts until the transaction ends. On SQLite every writer has the whole database alone already."""
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        connection.execute(select(lock(_NUMBER)))
