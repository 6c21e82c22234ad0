"""A list shown a page at a time: what is shown of how many, and the way to the pages beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

#: rows of a page
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Paging:
    """``first`` and ``last`` count from 1; ``before`` and ``after`` are paths, None where there is no such page."""

    first: int
    last: int
    total: int
    before: str | None
    after: str | None


def paging(path: str, asked: Mapping[str, str | None], start: int, total: int) -> Paging:
    """The pages beside the one that begins at row ``start`` of ``total``; ``asked`` are the filters of the list."""
    kept = {name: value for name, value in asked.items() if value}
    last = min(start + SHOWN, total)

    def at(begin: int) -> str:
        query = urlencode(kept | ({"start": str(begin)} if begin else {}))
        return f"{path}?{query}" if query else path

    return Paging(
        min(start + 1, total),
        last,
        total,
        at(max(start - SHOWN, 0)) if start else None,
        at(last) if last < total else None,
    )


def start_of(asked: int) -> int:
    """The row at which a page begins; an address that asks for less or for an absurd one is read as the first."""
    return asked if 0 <= asked < 2**31 else 0


def line_of(asked: str, longest: int = 100) -> str:
    """A line as an address brings it: short, without the signs that no database keeps."""
    return "".join(sign for sign in asked[:longest] if sign.isprintable()).strip()
