"""The dossiers that a person may see: a page of them, and batch by batch for an export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from casework.load import DOSSIER
from casework.regulations import chart_of, published
from casework.sight import Sight, sees
from casework.views.bounded import PAGE, Bounded, counted
from casework.views.dossiers import Filter, conditions_of, rows_shown
from kit.database import Database
from models.base import values_of

#: rows of an export, and how many of them are read at once
EXPORTED = 5_000
_BATCH = 500


def seen_dossiers(
    connection: Connection, sight: Sight, wanted: Filter, now: datetime, lang: str, *, start: int = 0
) -> Bounded:
    """A page of what a person may see, the newest first.

    Raises:
        Refused: the filter names a unit that does not exist.
    """
    conditions = _conditions(connection, sight, wanted, now)
    # Keys first: those of a few units stand side by side in an index, and only the rows of the page are read.
    newest = DOSSIER.c.id.desc()
    keys = select(DOSSIER.c.id).where(*conditions).order_by(newest).limit(PAGE).offset(start)
    query = select(DOSSIER).where(DOSSIER.c.id.in_(keys)).order_by(newest)
    rows = [values_of(row) for row in connection.execute(query)]
    return Bounded(rows_shown(connection, rows, now, lang), counted(connection, conditions))


def exported_dossiers(
    database: Database, sight: Sight, wanted: Filter, now: datetime, lang: str
) -> Iterator[list[dict[str, Any]]]:
    """The same, in batches, `EXPORTED` rows and one more at most: the one more tells that there are others.

    Each batch is read by itself: a reader with a slow line holds no connection.

    Raises:
        Refused: the filter names a unit that does not exist.
        StorageTrouble: the database cannot be read.
    """
    last, left = None, EXPORTED + 1
    while left:
        with database.read() as connection:
            conditions = _conditions(connection, sight, wanted, now)
            if last is not None:
                conditions.append(DOSSIER.c.id < last)
            query = select(DOSSIER).where(*conditions).order_by(DOSSIER.c.id.desc())
            rows = [values_of(row) for row in connection.execute(query.limit(min(_BATCH, left)))]
            shown = rows_shown(connection, rows, now, lang)
        yield shown
        if len(rows) < min(_BATCH, left):
            return
        last, left = rows[-1]["id"], left - len(rows)


def may_open(connection: Connection, sight: Sight) -> bool:
    """Whether the person holds a duty of the desk at which a published procedure begins."""
    held = {holding.duty for holding in sight.holdings}
    for _, sha256 in published(connection, "procedure"):
        procedure = chart_of(connection, sha256).procedure
        if not held.isdisjoint(procedure.desks[procedure.states[procedure.initial].desk].duties):
            return True
    return False


def _conditions(
    connection: Connection, sight: Sight, wanted: Filter, now: datetime
) -> list[ColumnElement[bool]]:
    return [sees(sight), *conditions_of(connection, wanted, now)]
