"""A paper that comes with an act of a bloc: received before the transaction, kept in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from casework.call import Call
from casework.papers import write_stored
from documents.store import Incoming, PaperStore, Source
from rules.reasons import Reason


@dataclass(frozen=True, slots=True)
class Brought:
    """A paper that was received, or none. Every act of a bloc that takes one takes it so."""

    store: PaperStore | None = None
    incoming: Incoming | None = None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the paper cannot be kept."""
        return self.incoming.reasons if self.incoming is not None else ()

    @property
    def sha256(self) -> str | None:
        """The paper's hash; None where there is none, or it cannot be kept."""
        if self.incoming is None or self.incoming.paper is None:
            return None
        return self.incoming.paper.sha256

    def keep(self, connection: Connection, call: Call, *, dry_run: bool) -> dict[str, Any]:
        """Keep the bytes and their row; gives the columns ``paper_sha256`` and ``paper_name``, none without a paper."""
        if self.store is None or self.incoming is None or self.incoming.paper is None:
            return {}
        if not dry_run:
            self.store.keep(self.incoming)
        write_stored(connection, self.incoming.paper, call.now)
        return {"paper_sha256": self.incoming.paper.sha256, "paper_name": self.incoming.name}


@contextmanager
def brought(store: PaperStore | None, paper: Source | None, name: str) -> Iterator[Brought]:
    """A paper taken in outside of the transaction: a slow upload holds no lock."""
    if paper is None or store is None:
        yield Brought()
        return
    with store.receive(paper, name) as incoming:
        yield Brought(store, incoming)
