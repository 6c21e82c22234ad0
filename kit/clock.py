"""The only file that reads the wall clock. Everywhere else time is an argument."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def wall_now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def stopwatch() -> float:
    """Seconds from an arbitrary start, for measuring how long a thing took."""
    return time.perf_counter()
