"""What waits for one person: the dossiers on her desks, bounded, however many there are elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from casework.load import DOSSIER
from casework.reads import Reads
from casework.regulations import REGULATION, chart_of
from casework.sight import Sight
from casework.views.dossiers import rows_shown
from models.base import values_of
from rules.windows import local_day
from states.vocabulary import FINAL_KINDS

#: rows of one page of a list
PAGE = 50
#: no list counts further than this: whoever has more filters first
COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """Which of the waiting dossiers; what is None lets all through."""

    school_year: str | None = None
    level: str | None = None
    kind: str | None = None
    desk: str | None = None
    unit: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of what waits, the longest waiting first; ``total`` counts to `COUNTED` and not beyond."""

    rows: list[dict[str, Any]]
    total: int

    @property
    def more_than_counted(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED


def queue_of(
    connection: Connection,
    sight: Sight,
    now: datetime,
    lang: str,
    wanted: Waiting | None = None,
    *,
    limit: int = PAGE,
    start: int = 0,
) -> Queue:
    """The dossiers at a desk of the person's duties, those that have waited longest first."""
    conditions = [_on_desks_of(connection, sight), *_conditions(wanted or Waiting())]
    bounded = select(DOSSIER.c.id).where(*conditions).limit(COUNTED + 1).subquery()
    total = int(connection.execute(select(func.count()).select_from(bounded)).scalar_one())
    query = (
        select(DOSSIER)
        .where(*conditions)
        .order_by(DOSSIER.c.changed_at, DOSSIER.c.id)
        .limit(limit)
        .offset(start)
    )
    rows = [values_of(row) for row in connection.execute(query)]
    return Queue(rows_shown(connection, rows, now, lang, Reads(connection, local_day(now))), total)


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
    return and_(or_(*conditions), DOSSIER.c.state_kind.not_in(FINAL_KINDS))


def _duties_of_desks(connection: Connection) -> dict[str, set[str]]:
    """Desk → the duties that serve it, over every version of every procedure."""
    found: dict[str, set[str]] = {}
    query = select(REGULATION.c.sha256).where(REGULATION.c.kind == "procedure")
    for sha256 in connection.execute(query).scalars():
        for desk in chart_of(connection, sha256).procedure.desks.values():
            found.setdefault(desk.name, set()).update(desk.duties)
    return found


def _conditions(wanted: Waiting) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (DOSSIER.c.school_year, wanted.school_year),
            (DOSSIER.c.level, wanted.level),
            (DOSSIER.c.state_kind, wanted.kind),
            (DOSSIER.c.desk, wanted.desk),
            (DOSSIER.c.unit_id, wanted.unit),
        )
        if value is not None
    ]
    if wanted.text:
        conditions.append(DOSSIER.c.code.contains(wanted.text, autoescape=True))
    return conditions
