"""The clock of a home: real, or fixed and advanced by an act. All business time is read here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, not_, or_, select

from casework.access import administrators_only
from casework.act import Done, do_act
from casework.call import Call
from casework.history import ENTRY
from kit.clock import wall_now
from kit.database import Database
from models.home import CLOCK_MODES, HomeClock
from rules.reasons import Reason, refuse_if

CLOCK = HomeClock.__table__
#: made once, as every page and every act asks it
_CLOCK = select(CLOCK.c.mode, CLOCK.c.stands_at)
_PREPARED = or_(*(ENTRY.c.subject.startswith(kind) for kind in ("home:", "regulation:")))
_ACTED = select(func.max(ENTRY.c.at)).where(not_(_PREPARED))
_ACTED_SINCE = _ACTED.where(ENTRY.c.at > bindparam("stood_at"))


def business_now(connection: Connection) -> datetime:
    """This instant by the home's clock, aware, in UTC. A home without a clock of its own uses the wall's."""
    return now_and_whether_it_stands(connection)[0]


def now_and_whether_it_stands(connection: Connection) -> tuple[datetime, bool]:
    """The same, and whether the clock stands there."""
    row = connection.execute(_CLOCK).first()
    if row is None or row.mode == "real":
        return wall_now(), False
    return row.stands_at, True


def _time_reached(connection: Connection) -> datetime | None:
    """The latest business time that the home has seen: of its last act, or of the clock that stands.

    Preparing a home is no business yet: its own chain and publications do not count, so that whoever prepares one today
    may let it begin in another year.
    """
    row = connection.execute(_CLOCK).first()
    stood_at = row.stands_at if row is not None and row.mode == "fixed" else None
    # An older act says nothing more, and what lies after it is found without reading the whole history.
    acted = _ACTED if stood_at is None else _ACTED_SINCE
    acted_at = connection.execute(acted, {"stood_at": stood_at} if stood_at is not None else {}).scalar()
    return max((at for at in (stood_at, acted_at) if at is not None), default=None)


def set_clock(database: Database, mode: str, stands_at: datetime | None, call: Call, **options: Any) -> Done:
    """Let the home's clock run with the wall's, or stand at an instant. Business time is never set back: not before
    an instant at which the clock stood, and not before an act that the history knows.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        reasons = administrators_only(connection, call)
        reached = _time_reached(connection)
        shows = wall_now() if mode == "real" else stands_at
        if reached is not None and shows is not None and shows < reached:
            reasons.append(Reason("clock_set_back", {"stands_at": reached.isoformat()}))
        if mode not in CLOCK_MODES:
            reasons.append(Reason("unknown_clock_mode", {"mode": mode}))
        if mode == "fixed" and stands_at is None:
            reasons.append(Reason("input_missing", {"input": "instant"}))
        refuse_if(reasons)
        connection.execute(delete(CLOCK))
        connection.execute(insert(CLOCK), {"id": 1, "mode": mode, "stands_at": stands_at})
        return "home:clock", {"mode": mode, "stands_at": stands_at.isoformat() if stands_at else None}

    return do_act(database, "set_clock", call, work, asked={"mode": mode, "stands_at": stands_at}, **options)
