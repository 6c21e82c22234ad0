"""Lists that stay bounded however many rows there are: a page of them, counted so far and no further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from casework.load import DOSSIER

#: rows of one page of a list
PAGE = 50
#: no list counts further than this: whoever has more filters first
COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Bounded:
    """A page of a list; ``total`` counts to `COUNTED` and not beyond."""

    rows: list[dict[str, Any]]
    total: int

    @property
    def more_than_counted(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED


def counted(connection: Connection, conditions: Sequence[ColumnElement[bool]]) -> int:
    """How many dossiers there are under some conditions; `COUNTED` + 1 stands for all that are more."""
    return counted_rows(connection, select(DOSSIER.c.id).where(*conditions))


def counted_rows(connection: Connection, query: Select[Any]) -> int:
    """How many rows a query has; `COUNTED` + 1 stands for all that are more."""
    bounded = query.limit(COUNTED + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(bounded)).scalar_one())


def bounded_ids(connection: Connection, query: Select[Any], start: int, limit: int) -> tuple[list[int], int]:
    """A page of a query's ids in its order, and how many there are; `COUNTED` + 1 stands for all that are more.

    In one statement, for queries that work out a whole set before they give its first row.
    """
    ids = list(connection.execute(query.limit(max(COUNTED + 1, start + limit))).scalars())
    return ids[start : start + limit], min(len(ids), COUNTED + 1)
