"""Processes that act at the same moment, and what each of them was told."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from casework.bulk import Outcome
from kit.database import Database
from rules.reasons import Refused


@dataclass(frozen=True)
class Job:
    """One act: a function of `casework`, what it is given after the database, and what it is about."""

    act: Callable[..., Any]
    args: tuple[Any, ...]
    about: str = ""
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What came of a job: ``done`` is what the act gave back, ``reasons`` why it was refused, ``error`` the rest."""

    about: str
    done: Any = None
    reasons: tuple[str, ...] = ()
    error: str = ""

    @property
    def won(self) -> bool:
        """Whether the act changed something now."""
        return self.done is not None and not self.done.replayed


def _work(pipe: Connection) -> None:
    """The life of one racer: open what it is told to, wait for the others, act, tell."""
    opened: dict[str, Database] = {}
    while True:
        task = pipe.recv()
        if task is None:
            return
        url, synchronous, jobs = task
        if url not in opened:
            for database in opened.values():
                database.close()
            opened = {url: Database(url, synchronous=synchronous)}
        with opened[url].read():
            pass
        pipe.send("ready")
        pipe.recv()
        pipe.send([told for job in jobs for told in _tell(opened[url], job)])


def _tell(database: Database, job: Job) -> list[Told]:
    try:
        done = job.act(database, *job.args, **job.kwargs)
    except Refused as refusal:
        return [Told(job.about, None, tuple(sorted({reason.code for reason in refusal.reasons})))]
    except Exception as error:  # noqa: BLE001  (whatever it is, the race must report it, not hang)
        return [Told(job.about, None, (), f"{type(error).__name__}: {error}"[:500])]
    if isinstance(done, list) and all(isinstance(item, Outcome) for item in done):
        return [Told(o.dossier, o.receipt, tuple(sorted({r.code for r in o.reasons}))) for o in done]
    return [Told(job.about, done)]


class Racers:
    """Some processes that stay for many races, since starting one costs a second."""

    def __init__(self, number: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.number = number
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(number):
            here, there = context.Pipe()
            process = context.Process(target=_work, args=(there,), daemon=True)
            process.start()
            there.close()
            self._pipes.append(here)
            self._processes.append(process)

    def race(
        self, url: str, jobs: Sequence[Sequence[Job]], *, synchronous: str = "NORMAL"
    ) -> list[list[Told]]:
        """Let each process do its jobs, all starting at once; what each was told, in order."""
        assert len(jobs) == self.number
        for pipe, mine in zip(self._pipes, jobs, strict=True):
            pipe.send((url, synchronous, list(mine)))
        self._hear()
        for pipe in self._pipes:
            pipe.send("go")
        return self._hear()

    def _hear(self) -> list[Any]:
        heard = []
        for pipe in self._pipes:
            assert pipe.poll(300), "a racer hangs"
            heard.append(pipe.recv())
        return heard

    def dismiss(self) -> None:
        """Send everybody home."""
        for pipe in self._pipes:
            pipe.send(None)
        for process, pipe in zip(self._processes, self._pipes, strict=True):
            process.join(20)
            process.close()
            pipe.close()


def shuffled(items: Sequence[Any], seed: object) -> list[Any]:
    """The items in an order that the seed gives."""
    return random.Random(repr(seed)).sample(list(items), len(items))


def tally(answers: Sequence[Sequence[Told]]) -> Counter[str]:
    """How often what was told: won, replayed, a reason, an error."""
    return Counter(
        told.error or "+".join(told.reasons) or ("won" if told.won else "replayed")
        for mine in answers
        for told in mine
    )
