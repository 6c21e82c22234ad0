"""Flows that somebody started from a page: in the request while they are short, and on their own when they are not."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from casework.ledger import RunDone, known_flow, run_flow
from casework.running import RUNS
from kit.database import Database
from kit.settings import Settings

#: seconds that a reader waits for a run; a longer one goes on, and its own page tells how it stands
PATIENCE = 15.0


@dataclass
class _Begun:
    """A run under way: its number in the ledger once it has one."""

    future: Future[RunDone] | None = None
    number: int = 0


@dataclass
class AtWork:
    """What this server has under way, one run of a flow at a time."""

    database: Database
    settings: Settings
    _begun: dict[str, _Begun] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(len(RUNS), thread_name_prefix="run")
    )

    def run(self, flow: str, patience: float = PATIENCE, *, anew: bool = False) -> int:
        """Run a flow through the ledger, or wait for the run of it that is under way; gives its number in the ledger.

        How it went stands there, a failure too. 0: it waits for the database so long that it has no number yet. With
        ``anew`` a run that began before this moment is let end, and another one begun.

        Raises:
            Refused: there is no such flow.
            StorageTrouble: not even the ledger could be written.
        """
        flow = known_flow(flow)
        before = self._begun.get(flow)
        if anew and before is not None and before.future is not None:
            wait([before.future], timeout=patience)
        with self._lock:
            begun = self._begun.get(flow)
            if begun is None or begun.future is None or begun.future.done():
                begun = self._begun[flow] = _Begun()
                begun.future = self._threads.submit(self._run, flow, begun)
        assert begun.future is not None  # noqa: S101  (set under the lock)
        wait([begun.future], timeout=patience)
        if begun.future.done() and not begun.number:
            begun.future.result()
        return begun.number

    def _run(self, flow: str, begun: _Begun) -> RunDone:
        def note(number: int) -> None:
            begun.number = number

        return run_flow(self.database, self.settings, flow, via="web", begun=note)
