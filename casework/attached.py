"""A paper that comes with an act outside of a dossier: received before the transaction, kept within it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from casework.call import Call
from casework.papers import write_stored
from documents.store import Incoming, PaperStore, Source
from rules.reasons import Reason


@dataclass(frozen=True, slots=True)
class Attached:
    """What was received; without a paper every answer is empty."""

    store: PaperStore | None = None
    incoming: Incoming | None = None

    @property
    def reasons(self) -> list[Reason]:
        """Why the paper cannot be taken."""
        return list(self.incoming.reasons) if self.incoming is not None else []

    @property
    def sha256(self) -> str | None:
        """The hash of its bytes, which belongs to what was asked for and to the chain."""
        return self.incoming.paper.sha256 if self.incoming is not None and self.incoming.paper else None

    @property
    def name(self) -> str:
        """The file's name: in the row, never in the chain, since it may hold a person's name."""
        return self.incoming.name if self.incoming is not None else ""

    def keep(self, connection: Connection, call: Call, *, dry_run: bool) -> dict[str, Any]:
        """Keep the bytes for good; gives the columns ``paper_sha256`` and ``paper_name`` of the row that names them,
        none without a paper.

        Raises:
            StorageTrouble: the store could not be written.
        """
        if self.store is None or self.incoming is None or self.incoming.paper is None:
            return {}
        if not dry_run:
            self.store.keep(self.incoming)
        write_stored(connection, self.incoming.paper, call.now)
        return {"paper_sha256": self.sha256, "paper_name": self.name}


@contextmanager
def receiving(store: PaperStore | None, paper: Source | None, name: str = "") -> Iterator[Attached]:
    """Receive a paper outside of any transaction: a slow upload holds no lock."""
    if store is None or paper is None:
        yield Attached()
        return
    with store.receive(paper, name) as incoming:
        yield Attached(store, incoming)


@contextmanager
def receiving_each(
    store: PaperStore | None, papers: Sequence[tuple[Source, str]]
) -> Iterator[tuple[Attached, ...]]:
    """Receive several papers, each with its name, in their order."""
    with ExitStack() as stack:
        yield tuple(stack.enter_context(receiving(store, paper, name)) for paper, name in papers)
