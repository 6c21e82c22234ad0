"""How much a long run still has before it, so that it can be followed from outside of its transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, func, select

from casework.home_clock import business_now
from casework.record_step import DOSSIER
from casework.running import settings_of
from casework.watch import LETTER
from kit.clock import wall_now
from kit.database import Database
from kit.settings import Settings
from models.obligation import Obligation
from rules.windows import local_day

OBLIGATION = Obligation.__table__


def _to_look_at(connection: Connection, now: datetime) -> int:
    return sum(
        int(
            connection.execute(
                select(func.count()).select_from(table).where(table.c.look_on <= local_day(now))
            ).scalar_one()
        )
        for table in (DOSSIER, OBLIGATION)
    )


def _to_send(connection: Connection, _now: datetime) -> int:
    # Letters wait by the wall's time.
    due = LETTER.c.standing.in_(("queued", "sending")) & (LETTER.c.not_before <= wall_now())
    return int(connection.execute(select(func.count()).select_from(LETTER).where(due)).scalar_one())


#: the flows that may take long
_COUNTS: dict[str, Callable[[Connection, datetime], int]] = {"tick": _to_look_at, "deliver": _to_send}


def remaining(connection: Connection, flow: str, now: datetime) -> int:
    """How many rows a flow still has before it at ``now`` (business time); 0 where it is none of the long ones."""
    return _COUNTS[flow](connection, now) if flow in _COUNTS else 0


def remaining_in_home(settings: Settings, flow: str, part: str = "") -> int:
    """How many rows a flow still has before it; 0 where it is none of the long ones, or there is no home.

    Raises:
        StorageTrouble: the home cannot be read.
    """
    settings = settings_of(settings, part)
    if flow not in _COUNTS or (
        not settings.database_url and not (settings.home / "thidua.sqlite3").is_file()
    ):
        return 0
    database = Database(settings.url, synchronous=settings.sqlite_synchronous)
    try:
        with database.read() as connection:
            return remaining(connection, flow, business_now(connection))
    finally:
        database.close()
