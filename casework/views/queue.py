"""What waits for one person: the dossiers on her desks, bounded, however many there are elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, false, or_, select, union_all

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
    reads: Reads | None = None,
) -> Bounded:
    """The dossiers at a desk of the person's duties, those that have waited longest first. What is read of the office
    on the way stays in ``reads``.

    Raises:
        Refused: the filter names a unit that does not exist.
    """
    waiting = _waiting(connection, sight, now, wanted or Filter())
    rows = waiting.longest_first(connection, limit, start)
    shown = rows_shown(connection, rows, now, lang, reads)
    return Bounded(shown, counted(connection, waiting.conditions))


def worklist_of(
    connection: Connection, sight: Sight, now: datetime, lang: str, wanted: Filter, *, start: int = 0
) -> Bounded:
    """The queue as one works through it: each row also with ``since``, what changed after the person's own last act
    (`casework/views/since.py`), and ``at_once``, the events that may be taken for many (`casework/views/at_once.py`).

    Raises:
        Refused: the filter names a unit that does not exist.
    """
    waiting = _waiting(connection, sight, now, wanted)
    rows = waiting.longest_first(connection, PAGE, start)
    shown = rows_shown(connection, rows, now, lang, Reads(connection, local_day(now)))
    since = changes_since(connection, sight.person, rows)
    for row, dossier in zip(shown, rows, strict=True):
        row["since"] = since.get(dossier["id"])
        row["at_once"] = events_at_once(connection, sight, dossier)
    return Bounded(shown, counted(connection, waiting.conditions))


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
    conditions = [*_waiting(connection, sight, now, wanted).conditions, DOSSIER.c.code != code]
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


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What waits at some desks of units, each (unit, desk), and what else is asked of it."""

    desks: Sequence[tuple[int, str]]
    further: Sequence[ColumnElement[bool]]

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on rows of dossiers."""
        at = [and_(DOSSIER.c.desk_unit_id == unit, DOSSIER.c.desk == desk) for unit, desk in self.desks]
        return [or_(false(), *at), UNFINISHED, *self.further]

    def longest_first(self, connection: Connection, limit: int, start: int) -> list[dict[str, Any]]:
        """Rows of dossiers, those that have waited longest first.

        The first of each desk lie in the index in this order; of all desks at once a database would sort what waits.
        """
        order = (DOSSIER.c.changed_at, DOSSIER.c.id)
        firsts = [
            select(DOSSIER.c.id)
            .where(DOSSIER.c.desk_unit_id == unit, DOSSIER.c.desk == desk, UNFINISHED, *self.further)
            .order_by(*order)
            .limit(start + limit)
            .subquery()
            for unit, desk in self.desks
        ]
        if not firsts:
            return []
        found = union_all(*(select(first.c.id) for first in firsts))
        query = select(DOSSIER).where(DOSSIER.c.id.in_(found)).order_by(*order).limit(limit).offset(start)
        return [values_of(row) for row in connection.execute(query)]


def _waiting(connection: Connection, sight: Sight, now: datetime, wanted: Filter) -> _Waiting:
    """What lies at a desk whose duties the person holds, and is not finished.

    Desks are named by the procedures; the same duty at the same unit may serve several.
    """
    by_unit: dict[int, set[str]] = {}
    for holding in sight.holdings:
        by_unit.setdefault(holding.unit_id, set()).add(holding.duty)
    served = _duties_of_desks(connection)
    desks = [
        (unit, desk)
        for unit, held in sorted(by_unit.items())
        for desk, duties in sorted(served.items())
        if not duties.isdisjoint(held)
    ]
    # What lies at her desk has come to her unit, so `sees` adds nothing; it is the one rule, and stands here too.
    return _Waiting(desks, [sees(sight), *conditions_of(connection, wanted, now)])


def _duties_of_desks(connection: Connection) -> dict[str, set[str]]:
    """Desk → the duties that serve it, over every version of every procedure."""
    found: dict[str, set[str]] = {}
    query = select(REGULATION.c.sha256).where(REGULATION.c.kind == "procedure")
    for sha256 in connection.execute(query).scalars():
        for desk in chart_of(connection, sha256).procedure.desks.values():
            found.setdefault(desk.name, set()).update(desk.duties)
    return found
