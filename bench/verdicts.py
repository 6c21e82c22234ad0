"""Verdicts on offices of different sizes, a batch in memory at a time, beside a floor that only streams the same rows.

Each run is a process of its own, so that its memory is its own. The floor asks the same statements of the driver and
reads every row; what the verdicts cost beyond it is ours.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from bench.asking import statements
from bench.careers import ON, YEAR, fill_careers
from casework.law.judging import judge_all
from kit.clock import stopwatch
from kit.database import Database

SIZES, QUICK = (10_000, 200_000), (410, 2_050)
ROUNDS = 3
#: asked: cost of a nomination and peak memory, the larger office against the smaller
MOST = 1.3


@dataclass(frozen=True, slots=True)
class Taken:
    """One size: nominations, microseconds a nomination of the program and of the floor, peak memory in MB, answers."""

    nominations: int
    each_us: float
    floor_us: float
    peak_mb: float
    answers: dict[str, int]


def run(url: str, kind: str) -> dict[str, Any]:
    """One run in this process: seconds, nominations, peak memory in KiB; ``kind`` is `verdicts` or `floor`."""
    database = Database(url)
    answers: Counter[str] = Counter()
    with database.read() as connection:
        # What is read once a process is read before the watch begins: regulations, their parsing, the imports.
        next(iter(judge_all(connection, YEAR, ON, batch=1)), None)
        begun = stopwatch()
        if kind == "verdicts":
            for judged in judge_all(connection, YEAR, ON):
                answers[judged.verdict.outcome if judged.verdict else "none"] += 1
        seconds = stopwatch() - begun
    if kind == "floor":
        seconds, answers["rows"] = _floor(database)
    database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "answers": dict(answers), "peak_kb": peak}


def _floor(database: Database) -> tuple[float, int]:
    """The same statements on the driver's own connection, a batch after the other as the program asks them."""
    spent, rows = 0.0, 0
    with database.read() as connection, closing(database.engine.raw_connection()) as raw:
        cursor = raw.cursor()
        with statements(database.engine) as asked:
            for _ in judge_all(connection, YEAR, ON):
                if asked.said:
                    more, seconds = _replayed(cursor, asked.said)
                    rows, spent = rows + more, spent + seconds
                    asked.said.clear()
    return spent, rows


def _replayed(cursor: Any, said: Sequence[tuple[str, Any, bool]]) -> tuple[int, float]:
    begun, rows = stopwatch(), 0
    for statement, parameters, _ in said:
        cursor.execute(statement, parameters)
        rows += sum(1 for _ in cursor)
    return rows, stopwatch() - begun


def measure_verdicts(urls: Iterable[tuple[str, int]], rounds: int) -> list[Taken]:
    """Offices of some sizes at (address, nominations): filled, then measured in turn, medians of rounds."""
    offices = list(urls)
    for url, nominations in offices:
        fill_careers(url, nominations)
    told: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for _ in range(rounds):
        for url, _ in offices:
            for kind in ("floor", "verdicts"):
                told.setdefault((url, kind), []).append(_in_a_process(url, kind))
    return [_taken(told[url, "verdicts"], told[url, "floor"]) for url, _ in offices]


def _taken(runs: Sequence[dict[str, Any]], floors: Sequence[dict[str, Any]]) -> Taken:
    answers = runs[0]["answers"]
    count = sum(answers.values())
    return Taken(
        count,
        statistics.median(r["seconds"] for r in runs) / count * 1e6,
        statistics.median(r["seconds"] for r in floors) / count * 1e6,
        statistics.median(r["peak_kb"] for r in runs) / 1024,
        answers,
    )


def _in_a_process(url: str, kind: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.verdicts", url, kind]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def verdict_table(lines: Sequence[Taken]) -> Table:
    """The lines beside each other, each with what it is of the first."""
    table = Table(
        title="Verdicts with ten years of history, PostgreSQL, in batches "
        f"(asked: a nomination and the memory at most {MOST} × the first line's)"
    )
    for heading in (
        "nominations",
        "µs each",
        "floor µs",
        "× floor",
        "peak MB",
        "× cost",
        "× memory",
    ):
        table.add_column(heading, justify="right")
    for cells in _rows(lines):
        table.add_row(*cells)
    return table


def _rows(lines: Sequence[Taken]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        yield (
            f"{line.nominations:,}",
            f"{line.each_us:.0f}",
            f"{line.floor_us:.0f}",
            f"{line.each_us / line.floor_us:.2f}",
            f"{line.peak_mb:.0f}",
            f"{line.each_us / lines[0].each_us:.2f}",
            f"{line.peak_mb / lines[0].peak_mb:.2f}",
        )


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], sys.argv[2])))
