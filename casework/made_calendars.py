"""Calendars that no file publishes: what movements ask for, and the windows of councils' sessions.

An act makes each of them; it is read from its rows whenever it is asked for, and is owed, reminded and shown like any
other.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, or_

from casework.council.lying_open import PREFIX as OF_SESSIONS
from casework.council.lying_open import session_calendars, session_of
from casework.movements.calendar_of import PREFIX as OF_MOVEMENTS
from casework.movements.calendar_of import movement_calendars, movement_of
from published.calendar import Calendar


def made_calendars(
    connection: Connection, names: Collection[str], *, over_too: bool = False
) -> dict[str, Calendar]:
    """Those of some calendars that acts made, by name; what was ended or annulled asks for nothing and is missing,
    unless ``over_too``."""
    movements = movement_calendars(connection, names, ended_too=over_too)
    return movements | session_calendars(connection, names, annulled_too=over_too)


def was_made(calendar: str) -> bool:
    """Whether it is the name of a calendar that an act made."""
    return movement_of(calendar) is not None or session_of(calendar) is not None


def made_in(column: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition on a column that it names such a calendar."""
    return or_(column.startswith(OF_MOVEMENTS), column.startswith(OF_SESSIONS))
