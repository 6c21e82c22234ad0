"""A clock that stands, brought to the next morning; what the day brings is the work of its flows."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, select

from casework.call import Call
from casework.history import ENTRY
from casework.home_clock import CLOCK, set_clock
from kit.database import Database
from notifications.announcements import MORNING
from rules.reasons import Reason, Refused
from rules.windows import day_start, local_day

_DAY = timedelta(days=1)


def to_next_morning(database: Database, call: Call) -> bool:
    """Let the home's clock stand at the morning after its day. False: the same request did it before.

    Raises:
        Refused: no administrator; the clock runs with the wall's.
        StorageTrouble: the home could not be read or written.
    """
    with database.read() as connection:
        if _asked_before(connection, call):
            return False
        row = connection.execute(select(CLOCK.c.mode, CLOCK.c.stands_at)).first()
    if row is None or row.mode == "real":
        raise Refused([Reason("clock_not_standing")])
    set_clock(database, "fixed", day_start(local_day(row.stands_at) + _DAY) + MORNING, call)
    return True


def _asked_before(connection: Connection, call: Call) -> bool:
    """Whether the clock was set by this very request: the morning after is another one by now."""
    query = select(ENTRY.c.seq).where(ENTRY.c.request_key == call.key, ENTRY.c.event == "set_clock")
    return connection.execute(query).first() is not None
