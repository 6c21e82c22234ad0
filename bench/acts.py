"""Single and bulk approvals beside the floor, in interleaved pairs; medians and ratios."""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.floor import Floor
from bench.stage import APPROVALS, Stage
from casework.bulk import take_steps
from casework.inputs import Inputs
from casework.take_step import take_step
from kit.clock import stopwatch

PAIRS = 5


@dataclass(frozen=True)
class Ratio:
    """One line of the table: milliseconds per act of the floor and of the program, and floor over program."""

    what: str
    floor_ms: float
    program_ms: float
    ratio: float
    lowest: float
    highest: float
    aim: float


def fsync_ms(folder: Path, times: int = 200) -> float:
    """The median time of one small write with fsync in ``folder``, in milliseconds."""
    spans = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(times):
            start = stopwatch()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            spans.append((stopwatch() - start) * 1000)
    return statistics.median(spans)


def _timed(work: Callable[[], None], acts: int) -> float:
    start = stopwatch()
    work()
    return (stopwatch() - start) * 1000 / acts


def _single(stage: Stage, codes: list[str]) -> None:
    for desk in APPROVALS:
        for code in codes:
            take_step(stage.database, code, "endorse", stage.call(desk, f"single/{code}/{desk}"))


def _bulk(stage: Stage, codes: list[str]) -> None:
    for desk in APPROVALS:
        outcomes = take_steps(
            stage.database, codes, "endorse", stage.call(desk, f"bulk/{codes[0]}/{desk}"), Inputs()
        )
        if any(outcome.receipt is None for outcome in outcomes):
            raise RuntimeError(f"a bulk act was refused: {outcomes[0].reasons}")


def _paired(
    what: str,
    stage: Stage,
    floor: Callable[[list[str]], None],
    program: Callable[[list[str]], None],
    count: int,
    aim: float,
) -> Ratio:
    acts = count * len(APPROVALS)
    floor(stage.refill(20))
    program(stage.refill(20))
    pairs = []
    for _ in range(PAIRS):
        low, own = stage.refill(count), stage.refill(count)
        pairs.append((_timed(lambda: floor(low), acts), _timed(lambda: program(own), acts)))  # noqa: B023
    ratios = [f / p for f, p in pairs]
    return Ratio(
        what,
        statistics.median(f for f, _ in pairs),
        statistics.median(p for _, p in pairs),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        aim,
    )


def measure(
    url: str, name: str, synchronous: str, singles: int, bulk: int, aims: tuple[float, float]
) -> list[Ratio]:
    """Single and bulk approvals on one database."""
    stage = Stage(url, synchronous)
    floor = Floor(stage, synchronous)

    def each_desk(write: Callable[[list[str], str], None]) -> Callable[[list[str]], None]:
        def run(codes: list[str]) -> None:
            for desk in APPROVALS:
                write(codes, desk)

        return run

    try:
        return [
            _paired(
                f"{name}, single acts",
                stage,
                each_desk(floor.single),
                lambda c: _single(stage, c),
                singles,
                aims[0],
            ),
            _paired(
                f"{name}, bulk of {bulk}",
                stage,
                each_desk(floor.bulk),
                lambda c: _bulk(stage, c),
                bulk,
                aims[1],
            ),
        ]
    finally:
        floor.close()
        stage.database.close()


def sqlite_url(folder: Path, name: str) -> str:
    """The address of a new SQLite file."""
    return f"sqlite:///{folder / name}.sqlite3"


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that is removed afterwards."""
    return tempfile.TemporaryDirectory(prefix="thidua-bench-")
