"""What waits for one person: the dossiers on her desks, bounded, however many there are elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, false, or_, select

from casework.load import DOSSIER
from casework.reads import Reads
from casework.regulations import REGULATION, chart_of
from casework.sight import Sight, sees
from casework.views.at_once import events_at_once
from casework.views.bounded import PAGE, Bounded, counted
from casework.views.dossiers import Filter, conditions_of, rows_shown
from casework.views.since import changes_since
from models.base import values_of
from models.dossier import UNFINISHED
from rules.windows import local_day


def queue_of(
    connection: Connection,
    sight: Sight,
    now: datetime,
    lang: str,
    wanted: Filter | None = None,
    *,
    limit: int = PAGE,
    start: int = 0,
) -> Bounded:
    """The dossiers at a desk of the person's duties, those that have waited longest first.

    Raises:
        Refused: the filter names a unit that does not exist.
    """
    conditions = _waiting(connection, sight, now, wanted)
    rows = _longest_first(connection, conditions, limit, start)
    shown = rows_shown(connection, rows, now, lang, Reads(connection, local_day(now)))
    return Bounded(shown, counted(connection, conditions))


def worklist_of(
    connection: Connection, sight: Sight, now: datetime, lang: str, wanted: Filter, *, start: int = 0
) -> Bounded:
    """The queue as one works through it: each row also with ``since``, what changed after the person's own last act
    (`casework/views/since.py`), and ``at_once``, the events that may be taken for many (`casework/views/at_once.py`).

    Raises:
        Refused: the filter names a unit that does not exist.
    """
    conditions = _waiting(connection, sight, now, wanted)
    rows = _longest_first(connection, conditions, PAGE, start)
    shown = rows_shown(connection, rows, now, lang, Reads(connection, local_day(now)))
    since = changes_since(connection, sight.person, rows)
    for row, dossier in zip(shown, rows, strict=True):
        row["since"] = since.get(dossier["id"])
        row["at_once"] = events_at_once(connection, sight, dossier)
    return Bounded(shown, counted(connection, conditions))


def next_in_queue(
    connection: Connection,
    sight: Sight,
    now: datetime,
    wanted: Filter,
    code: str,
    waited_since: datetime | None = None,
) -> str | None:
    """The code of the dossier that comes after ``code`` in the queue; the first of all where it was the last.

    ``waited_since`` is when it began to wait there: who left some in front of it aside is not led back to them first.

    Raises:
        Refused: the filter names a unit that does not exist.
    """
    conditions = [*_waiting(connection, sight, now, wanted), DOSSIER.c.code != code]
    order: list[Any] = [DOSSIER.c.changed_at, DOSSIER.c.id]
    if waited_since is not None:
        place = select(DOSSIER.c.id).where(DOSSIER.c.code == code).scalar_subquery()
        same = and_(DOSSIER.c.changed_at == waited_since, DOSSIER.c.id > place)
        order.insert(0, case((or_(DOSSIER.c.changed_at > waited_since, same), 0), else_=1))
    return connection.execute(select(DOSSIER.c.code).where(*conditions).order_by(*order).limit(1)).scalar()


def desks_served(connection: Connection, sight: Sight) -> frozenset[str]:
    """The desks whose duties the person holds somewhere."""
    held = {holding.duty for holding in sight.holdings}
    desks = _duties_of_desks(connection)
    return frozenset(desk for desk, duties in desks.items() if not duties.isdisjoint(held))


def _waiting(
    connection: Connection, sight: Sight, now: datetime, wanted: Filter | None
) -> list[ColumnElement[bool]]:
    # What lies at her desk has come to her unit, so `sees` adds nothing; it is the one rule, and stands here too.
    return [
        _on_desks_of(connection, sight),
        sees(sight),
        *conditions_of(connection, wanted or Filter(), now),
    ]


def _longest_first(
    connection: Connection, conditions: Sequence[ColumnElement[bool]], limit: int, start: int
) -> list[dict[str, Any]]:
    query = (
        select(DOSSIER)
        .where(*conditions)
        .order_by(DOSSIER.c.changed_at, DOSSIER.c.id)
        .limit(limit)
        .offset(start)
    )
    return [values_of(row) for row in connection.execute(query)]


def _on_desks_of(connection: Connection, sight: Sight) -> ColumnElement[bool]:
    """The condition on dossiers that lie at a desk whose duties the person holds, and are not finished.

    Desks are named by the procedures; the same duty at the same unit may serve several.
    """
    by_unit: dict[int, set[str]] = {}
    for holding in sight.holdings:
        by_unit.setdefault(holding.unit_id, set()).add(holding.duty)
    desks = _duties_of_desks(connection)
    conditions = []
    for unit, duties in sorted(by_unit.items()):
        mine = sorted(desk for desk, served in desks.items() if not served.isdisjoint(duties))
        if mine:
            conditions.append(and_(DOSSIER.c.desk_unit_id == unit, DOSSIER.c.desk.in_(mine)))
    if not conditions:
        return false()
    return and_(or_(*conditions), UNFINISHED)


def _duties_of_desks(connection: Connection) -> dict[str, set[str]]:
    """Desk → the duties that serve it, over every version of every procedure."""
    found: dict[str, set[str]] = {}
    query = select(REGULATION.c.sha256).where(REGULATION.c.kind == "procedure")
    for sha256 in connection.execute(query).scalars():
        for desk in chart_of(connection, sha256).procedure.desks.values():
            found.setdefault(desk.name, set()).update(desk.duties)
    return found
