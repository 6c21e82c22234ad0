"""What the doctor looks at: one database at one instant, and what several invariants need of it, read once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, String, cast, literal, or_, select
from sqlalchemy.exc import NoResultFound

from casework.load import DOSSIER
from casework.regulations import REGULATION, Unsound, chart_of, titles_in_force
from casework.routing import UNIT
from documents.store import PaperStore
from kit.clock import wall_now
from published.titles import Title
from rules.reasons import Refused
from rules.windows import local_day
from states.chart import Chart

if TYPE_CHECKING:
    from casework.doctor.judged_again import Otherwise
    from casework.doctor.replay import Replayed

BATCH = 500


@dataclass
class View:
    """``now`` is the home's business time. ``store`` holds the papers' bytes, where they shall be looked at;
    ``read_papers`` says whether each is read and hashed, which takes its time."""

    connection: Connection
    now: datetime
    store: PaperStore | None = None
    read_papers: bool = False
    #: real time, by which letters are leased
    wall: datetime = field(default_factory=wall_now)
    _charts: dict[str, Chart | None] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The local day of ``now``."""
        return local_day(self.now)

    def rows(self, query: Select[Any]) -> Iterator[RowMapping]:
        """The rows of a query as a stream."""
        yield from self.connection.execute(query.execution_options(yield_per=BATCH)).mappings()

    def ids(self, kind: str, query: Select[Any]) -> Iterator[str]:
        """The first column of a query's rows, as kind and id."""
        for row in self.connection.execute(query.execution_options(yield_per=BATCH)):
            yield f"{kind}:{row[0]}"

    def dossiers(self) -> Iterator[RowMapping]:
        """Every dossier."""
        return self.rows(select(DOSSIER).order_by(DOSSIER.c.id))

    def chart(self, sha256: str) -> Chart | None:
        """The chart of a procedure; None where there is none, or none that can be read."""
        if sha256 not in self._charts:
            try:
                self._charts[sha256] = chart_of(self.connection, sha256)
            except (NoResultFound, Unsound):
                self._charts[sha256] = None
        return self._charts[sha256]

    def charted(self) -> Iterator[tuple[RowMapping, Chart]]:
        """Every dossier whose procedure can be read and knows the dossier's state, with its chart."""
        for row in self.dossiers():
            chart = self.chart(row["procedure_sha256"])
            if chart is not None and row["state"] in chart.procedure.states:
                yield row, chart

    @cached_property
    def replayed(self) -> list[Replayed]:
        """Every dossier that is not what its history says, with what differs; read in one walk."""
        # Imported here because replaying looks at this view.
        from casework.doctor.replay import replay

        return list(replay(self))

    @cached_property
    def judged_again(self) -> list[Otherwise]:
        """Every nomination on its way of which the newest verdict is otherwise today; judged in one walk."""
        # Imported here because judging looks at this view.
        from casework.doctor.judged_again import judge_again

        return list(judge_again(self))

    @cached_property
    def units(self) -> dict[int, str]:
        """Kind of every unit, by id."""
        return {row.id: row.kind for row in self.connection.execute(select(UNIT.c.id, UNIT.c.kind))}

    @cached_property
    def titles(self) -> dict[str, Title]:
        """The catalogue of titles in force; empty where none was published or it cannot be read."""
        try:
            return titles_in_force(self.connection)
        except (Refused, Unsound):
            return {}

    @cached_property
    def regulations(self) -> list[Any]:
        """Every published regulation."""
        query = select(REGULATION).order_by(REGULATION.c.kind, REGULATION.c.name, REGULATION.c.version)
        return list(self.connection.execute(query))


def payload_of(text: str | None) -> dict[str, Any] | None:
    """What an entry tells; None where there is none, or it was forged, which `audit verify` names."""
    try:
        found = json.loads(text or "null")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def named(kind: str, column: ColumnElement[Any]) -> ColumnElement[str]:
    """Kind and id of a row as the history and the outbox write them: dossier:12."""
    return literal(f"{kind}:", String) + cast(column, String)


def share_a_day(one: Any, other: Any) -> ColumnElement[bool]:
    """Whether two periods (``since``, ``until`` or open, both included) have a day in common."""
    return or_(one.c.until.is_(None), one.c.until >= other.c.since) & or_(
        other.c.until.is_(None), other.c.until >= one.c.since
    )
