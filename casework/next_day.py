"""A clock that stands, brought to the next morning: the day's tick and its post, as if the night had passed."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import Connection, select

from casework.call import Call
from casework.history import ENTRY
from casework.home_clock import CLOCK, set_clock
from casework.ledger import RunDone, run_flow
from kit.database import Database
from kit.settings import Settings
from notifications.announcements import MORNING
from rules.reasons import Reason, Refused
from rules.windows import day_start, local_day

_DAY = timedelta(days=1)


def next_day(database: Database, settings: Settings, call: Call) -> RunDone | None:
    """Let the home's clock stand at the next morning, run the tick and send what it brings; gives the tick's run.

    None: the same request came before and its day was begun then. A mail server that is away stops nothing: the tick
    counts, and its letters wait.

    Raises:
        Refused: no administrator; the clock runs with the wall's.
        StorageTrouble: the home could not be read or written.
        Exception: whatever the tick raised, noted in the ledger.
    """
    with database.read() as connection:
        if _asked_before(connection, call):
            return None
        row = connection.execute(select(CLOCK.c.mode, CLOCK.c.stands_at)).first()
    if row is None or row.mode == "real":
        raise Refused([Reason("clock_not_standing")])
    morning = day_start(local_day(row.stands_at) + _DAY) + MORNING
    set_clock(database, "fixed", morning, call)
    ticked = run_flow(database, settings, "tick", via=call.via)
    # Why letters could not be made or sent stands in the ledger; the next round takes them up.
    with suppress(Refused):
        run_flow(database, settings, "deliver", via=call.via)
    return ticked


def _asked_before(connection: Connection, call: Call) -> bool:
    """Whether the clock was set by this very request: the morning after is another one by now."""
    query = select(ENTRY.c.seq).where(ENTRY.c.request_key == call.key, ENTRY.c.event == "set_clock")
    return connection.execute(query).first() is not None
