"""Papers, the bytes behind them, and the notes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, select

from casework.doctor.finding import fault
from casework.doctor.view import View, named
from casework.history import ENTRY, NOTE
from casework.load import PAPER
from models.paper import StoredFile

STORED_FILE = StoredFile.__table__


def paper_without_file(view: View) -> Iterator[str]:
    """A paper's bytes were never stored."""
    query = select(PAPER.c.id).outerjoin(STORED_FILE, STORED_FILE.c.sha256 == PAPER.c.sha256)
    yield from view.ids("paper", query.where(STORED_FILE.c.sha256.is_(None)).order_by(PAPER.c.id))


def paper_removed_before_added(view: View) -> Iterator[str]:
    """A paper was taken out before it was put in."""
    yield from view.ids("paper", select(PAPER.c.id).where(PAPER.c.removed_at < PAPER.c.added_at))


def file_lost(view: View) -> Iterator[str]:
    """The bytes of a stored file are not in the store."""
    if view.store is None:
        return
    there = set(view.store.addresses())
    for row in view.rows(select(STORED_FILE.c.sha256).order_by(STORED_FILE.c.sha256)):
        if row["sha256"] not in there:
            yield f"file:{row['sha256']}"


def file_damaged(view: View) -> Iterator[str]:
    """The bytes of a stored file are not those that its address names."""
    if view.store is None or not view.read_papers:
        return
    for row in view.rows(select(STORED_FILE.c.sha256).order_by(STORED_FILE.c.sha256)):
        if view.store.check(row["sha256"]) == "damaged":
            yield f"file:{row['sha256']}"


def note_erased_without_act(view: View) -> Iterator[str]:
    """A note is marked as erased, and no act erased it."""
    told = exists().where(ENTRY.c.subject == named("note", NOTE.c.id))
    yield from view.ids("note", select(NOTE.c.id).where(NOTE.c.erased_at.is_not(None), ~told))


def erased_note_has_text(view: View) -> Iterator[str]:
    """A note was erased, and its text is still there."""
    yield from view.ids("note", select(NOTE.c.id).where(NOTE.c.erased_at.is_not(None), NOTE.c.text != ""))


INVARIANTS = (
    fault(paper_without_file),
    fault(paper_removed_before_added),
    fault(file_lost),
    fault(file_damaged),
    fault(note_erased_without_act),
    fault(erased_note_has_text),
)
