"""The paper store of the home, and files as they are named on a command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from cli.values import BadValue, shortened
from notifications.words import say

if TYPE_CHECKING:
    from documents.store import PaperStore
    from kit.settings import Settings

Row = TypeVar("Row")


def paper_store(settings: Settings) -> PaperStore:
    """Where this home keeps its papers."""
    from documents.store import PaperStore

    return PaperStore(settings.home / "papers", settings.paper_limit_mb * 1_000_000)


def refuse_unreadable(file: Path) -> None:
    """A usage fault where the file is none, before anything is opened."""
    if not file.is_file():
        raise BadValue("no_such_file", file=shortened(str(file)))


def listed_in(
    file: Path, most: int, read: Callable[[Sequence[Sequence[str]]], list[Row]], lang: str
) -> list[Row]:
    """The rows of a list in a .csv file, as ``read`` understands them; a file that brings none is a usage fault."""
    from documents.table_text import NotReadable, rows_of, text_of

    refuse_unreadable(file)
    try:
        listed = read(rows_of(text_of(file.read_bytes()), most))
        if not listed:
            raise NotReadable("no_rows")
    except NotReadable as trouble:
        raise BadValue("list_not_readable", why=say(f"fields.{trouble.code}", {}, lang)) from None
    return listed


def brought_paper(settings: Settings, file: Path | None) -> tuple[PaperStore | None, dict[str, Any]]:
    """The store, and what an act that may bring a paper is told of it; nothing of both where none was named."""
    if file is None:
        return None, {}
    refuse_unreadable(file)
    return paper_store(settings), {"paper": file, "name": file.name}


def read_regulation(file: Path) -> bytes:
    """The bytes of a file to be published; no more than can be published."""
    from kit.strict_yaml import LIMIT

    refuse_unreadable(file)
    with file.open("rb") as stream:
        return stream.read(LIMIT + 1)
