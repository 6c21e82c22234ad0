"""One process at a time in a folder: a lock of the operating system's, which goes with the process that holds it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

NAME = "thidua.lock"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, and since when; both None in the moment between locking and writing it down."""

    who: str | None
    since: datetime | None


@contextmanager
def one_at_a_time(folder: Path, who: str, now: datetime, waiting: Callable[[Holder], None]) -> Iterator[None]:
    """Hold the folder's lock. Where somebody else has it, ``waiting`` is told whom, and then the call waits.

    A killed process needs no clearing up: the system gives its lock back. The file itself stays, empty.

    Raises:
        OSError: the folder or the file cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o644), "r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting(_holder(file.read()))
            fcntl.flock(file, fcntl.LOCK_EX)
        try:
            _write(file, json.dumps({"who": who, "since": now.isoformat()}))
            yield
        finally:
            _write(file, "")


def _write(file: TextIO, text: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(text)
    file.flush()


def _holder(text: str) -> Holder:
    try:
        told = json.loads(text)
    except ValueError:
        return Holder(None, None)
    return Holder(told["who"], datetime.fromisoformat(told["since"]))
