"""Where the time of a single act goes, from the profiler: shares of the whole, not milliseconds (a profiler slows)."""

from __future__ import annotations

import cProfile
import pstats
from pathlib import Path

from bench.acts import sqlite_url
from bench.stage import APPROVALS, Stage
from casework.take_step import take_step

# What is counted → (file, function) whose cumulative time it is.
PARTS = {
    "reading the dossier": ("load.py", "dossier_by_code"),
    "reading who holds which duty": ("reads.py", "fetch_posts"),
    "deciding: route and checks": ("chart.py", "advance"),
    "making the history entry and its hash": ("history.py", "make_entry"),
    "writing row, history and outbox": ("record_step.py", "record_step"),
    "commit, fsync included": ("default.py", "do_commit"),
}


def shares(folder: Path, dossiers: int) -> list[tuple[str, float]]:
    """(part, share of the whole time) of single acts on SQLite with synchronous=FULL; the rest comes last."""
    stage = Stage(sqlite_url(folder, "where"), "FULL")
    for warm_up, codes in ((True, stage.refill(20)), (False, stage.refill(dossiers))):
        profile = cProfile.Profile()
        profile.enable()
        for desk in APPROVALS:
            for code in codes:
                take_step(stage.database, code, "endorse", stage.call(desk, f"where/{warm_up}/{code}/{desk}"))
        profile.disable()
    stage.database.close()
    stats = pstats.Stats(profile)
    times = {(Path(file).name, name): row[3] for (file, _, name), row in stats.stats.items()}  # type: ignore[attr-defined]
    whole = times[("take_step.py", "take_step")]
    parts = {part: times.get(key, 0.0) for part, key in PARTS.items()}
    # The entry is made inside the writing: it is shown by itself.
    parts["writing row, history and outbox"] -= parts["making the history entry and its hash"]
    found = [(part, seconds / whole) for part, seconds in parts.items()]
    return [*found, ("the rest: connection, access, outbox items", 1 - sum(share for _, share in found))]
