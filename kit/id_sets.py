"""Rows whose id is one of many, as one parameter: a statement's text is the same for five ids and for five thousand.

An expanded IN list of hundreds of parameters is parsed anew by the driver each time, which costs more than the rows.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine


class IdSet(TypeDecorator[Collection[int]]):
    """Ids as PostgreSQL's array, or as JSON text on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Integer()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        ids = sorted(value or ())
        return ids if dialect.name == "postgresql" else json.dumps(ids)


class _Among(FunctionElement[bool]):
    """`column` is one of the ids bound to a parameter."""

    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> _Among:
        """Itself: SQLAlchemy would write `… = 1` beside a truth of SQLite, and no index is used for that."""
        return self


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The condition that ``column`` is one of the ids given as the parameter ``name`` when the statement runs."""
    return _Among(column, bindparam(name, type_=IdSet()))


@compiles(_Among, "postgresql")
def _any(element: _Among, compiler: Any, **more: Any) -> str:
    column, ids = element.clauses
    return f"{compiler.process(column, **more)} = ANY ({compiler.process(ids, **more)})"


@compiles(_Among, "sqlite")
def _each(element: _Among, compiler: Any, **more: Any) -> str:
    column, ids = element.clauses
    told = compiler.process(column, **more), compiler.process(ids, **more)
    return "{} IN (SELECT value FROM json_each({}))".format(*told)  # noqa: S608  (both sides are compiled by SQLAlchemy)
