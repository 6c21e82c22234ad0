"""Acts in the same moment, each in a thread of its own."""

from __future__ import annotations

import threading
from typing import Any

from rules.reasons import Refused


def at_once(*acts: Any) -> list[Any]:
    """Run some acts in the same moment; gives what each gave or raised."""
    barrier, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        barrier.wait()
        try:
            found[place] = acts[place]()
        except Refused as refusal:
            found[place] = refusal

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def codes_told(found: list[Any]) -> list[list[str]]:
    """The codes for which each of some acts at once was refused, none for one that was done; in a lasting order."""
    return sorted(
        [reason.code for reason in one.reasons] if isinstance(one, Refused) else [] for one in found
    )
