"""`python -m bench`: every measurement, one table. `--quick` measures less, for trying out."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.acts import Ratio, fsync_ms, measure, sqlite_url, temporary_folder
from bench.letters import letter_shares, measure_letters
from bench.postgres import new_database, postgres_server
from bench.ticks import DUE, SIZES, Ticked, measure_ticks
from bench.where import shares


def _table(rows: list[Ratio]) -> Table:
    table = Table(
        title="Acts and letters beside raw SQL that writes the same rows (floor = 1; higher is better)"
    )
    for heading in ("measured", "floor ms", "program ms", "ratio", "least–most", "asked"):
        table.add_column(heading, justify="left" if heading == "measured" else "right")
    for row in rows:
        table.add_row(
            row.what,
            f"{row.floor_ms:.3f}",
            f"{row.program_ms:.3f}",
            f"{row.ratio:.2f}",
            f"{row.lowest:.2f}–{row.highest:.2f}",
            f"{row.aim:.2f} {'reached' if row.ratio >= row.aim else 'NOT REACHED'}",
        )
    return table


def _tick_table(lines: list[Ticked]) -> Table:
    table = Table(
        title=f"A tick of which {DUE:,} of so many open dossiers are due (asked: the last at most 2 × the first)"
    )
    for heading in ("database", "open dossiers", "floor ms", "tick ms", "floor / tick", "× the first"):
        table.add_column(heading, justify="left" if heading == "database" else "right")
    first: dict[str, float] = {}
    for line in lines:
        times = line.tick_ms / first.setdefault(line.name, line.tick_ms)
        table.add_row(
            line.name,
            f"{line.rows:,}",
            f"{line.floor_ms:.0f}",
            f"{line.tick_ms:.0f}",
            f"{line.ratio:.2f}",
            f"{times:.2f}",
        )
    return table


def main(arguments: list[str]) -> None:
    """Measure and print; exit code 0 whatever was reached: the reader judges."""
    quick = "--quick" in arguments
    singles, bulk = (60, 200) if quick else (200, 1000)
    letters = 200 if quick else 1000
    console = Console(width=110)
    sizes = SIZES[:2] if quick else SIZES
    rows: list[Ratio] = []
    ticks: list[Ticked] = []
    with temporary_folder() as name:
        folder = Path(name)
        console.print(f"One write of 4 kB with fsync in {folder.parent}: median {fsync_ms(folder):.3f} ms")
        for synchronous in ("FULL", "NORMAL"):
            url = sqlite_url(folder, synchronous.lower())
            rows += measure(url, f"SQLite {synchronous}", synchronous, singles, bulk, (0.12, 0.25))
            posted = sqlite_url(folder, f"letters-{synchronous.lower()}")
            rows.append(measure_letters(posted, f"SQLite {synchronous}", synchronous, letters))
        ticks += measure_ticks(sqlite_url(folder, "ticks"), "SQLite FULL", "FULL", sizes)
        with postgres_server(folder) as url:
            rows += measure(url, "PostgreSQL", "FULL", singles, bulk, (0.30, 0.25))
            rows.append(measure_letters(url, "PostgreSQL", "FULL", letters))
            ticks += measure_ticks(new_database(url, "ticks"), "PostgreSQL", "FULL", sizes)
        where_letters = letter_shares(folder, letters)
        where = shares(folder, 60 if quick else 200)
    console.print(_table(rows))
    missed = [row.what for row in rows if row.ratio < row.aim]
    console.print(f"Not reached: {', '.join(missed) or 'nothing'}.")
    console.print(_tick_table(ticks))
    console.print("Where a single act's time goes (SQLite FULL, by the profiler):")
    for part, share in where:
        console.print(f"  {share:4.0%}  {part}")
    console.print("Where a letter's time goes (the same):")
    for part, share in where_letters:
        console.print(f"  {share:4.0%}  {part}")


if __name__ == "__main__":
    main(sys.argv[1:])
