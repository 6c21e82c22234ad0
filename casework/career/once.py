"""Rows of which each may stand only once: in the file, and beside what is on record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from casework.career.seen import TAKEN, THERE, SeenRow
from rules.reasons import Reason


def each_once(
    rows: Iterable[SeenRow],
    key: Callable[[SeenRow], tuple[Any, ...]],
    there: Callable[[SeenRow], Collection[Any]],
    rest: Sequence[str],
    what: str,
) -> list[SeenRow]:
    """Rows of which each stands once in the file, and once on record; ``rest`` tells whether it is the same there."""
    first: dict[tuple[Any, ...], int] = {}
    found = []
    for row in rows:
        if not row.values or row.person is None:
            found.append(row)
            continue
        before = first.setdefault(key(row), row.line)
        if before != row.line:
            found.append(row.against(Reason("career_row_twice", {"line": row.line, "first": before})))
            continue
        known = there(row) if row.standing == TAKEN else ()
        if any(all(getattr(one, name) == row.values[name] for name in rest) for one in known):
            found.append(replace(row, standing=THERE))
        elif known:
            found.append(row.against(Reason("career_known_otherwise", {"line": row.line, "what": what})))
        else:
            found.append(row)
    return found
