"""How much one network may send in a while, where nobody is signed in. Kept in memory: a restart forgets it."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock

#: networks that are remembered; beyond them the one that was heard of longest ago is forgotten
_MOST_NETWORKS = 10_000


class Bound:
    """At most ``most`` of something from one network within ``within``, by real time."""

    def __init__(self, most: int, within: timedelta) -> None:
        self.most, self.within = most, within
        self._taken: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def take(self, network: str, now: datetime) -> datetime | None:
        """Take one more; where there were too many, take nothing and give the instant from which there is room."""
        with self._lock:
            taken = self._taken.setdefault(network, deque())
            self._taken.move_to_end(network)
            while taken and taken[0] <= now - self.within:
                taken.popleft()
            if len(taken) >= self.most:
                return taken[0] + self.within
            taken.append(now)
            self._forget(now)
            return None

    def _forget(self, now: datetime) -> None:
        """Forget networks that count no more: those that were heard of longest ago stand first."""
        while True:
            oldest = next(iter(self._taken))
            taken = self._taken[oldest]
            if len(self._taken) <= _MOST_NETWORKS and taken and taken[-1] > now - self.within:
                return
            del self._taken[oldest]
