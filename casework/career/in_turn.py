"""Acts on histories, one after the other: of two at once the later one waits, and sees what the earlier one wrote.

That a row stands only once, or is annulled or ended only once, is looked for, and no index keeps it. The turn is taken
before anything is read or locked: nobody who waits for it holds a row that whoever has it could want.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, func, select

from casework.act import Done, do_act
from casework.call import Call
from kit.database import Database

# Beside those of `casework/law/hold.py`, `casework/begin_office.py` and `casework/accounts/guard.py`.
_NUMBER = 20_180_623
_TURN = select(func.pg_advisory_xact_lock(_NUMBER))


def act_in_turn(
    database: Database,
    event: str,
    call: Call,
    work: Callable[[Connection], tuple[str, dict[str, Any]]],
    **options: Any,
) -> Done:
    """What `do_act` does, once those before are done. On SQLite every writer has the whole database alone already.

    Raises:
        Refused: ``work`` refused; nothing was written.
        StorageTrouble: the database could not be written.
    """

    def in_turn(connection: Connection) -> tuple[str, dict[str, Any]]:
        if connection.dialect.name == "postgresql":
            connection.execute(_TURN)
        return work(connection)

    return do_act(database, event, call, in_turn, **options)
