"""`python -m bench`: every measurement, a table each. `--quick` is for trying out; a name measures that alone.

`python -m bench pages` fills an office of 200,000 dossiers: some minutes; `blocs` measures of its pages, on PostgreSQL,
those that came with blocs. `python -m bench favours`
scores some ten thousand blocs, by the dice of ``--seed N``: some minutes too, and no database.
`python -m bench verdicts --nominations 1000000` looks once at an office of that size beside the smaller one.
"""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.acts import Ratio, fsync_ms, measure, sqlite_url, temporary_folder
from bench.favours import SEED, print_favours
from bench.letters import letter_shares, measure_letters
from bench.pages import (
    CONNECTIONS,
    LARGE,
    LONG,
    MOST_MS,
    MOST_MS_OF_AN_ACT,
    QUICK,
    ROUNDS,
    SMALL,
    Asked,
    measure_pages,
)
from bench.postgres import new_database, postgres_server
from bench.ticks import DUE, SIZES, Ticked, measure_ticks
from bench.verdicts import QUICK as VERDICTS_QUICK
from bench.verdicts import ROUNDS as ROUNDS_OF_VERDICTS
from bench.verdicts import SIZES as VERDICT_SIZES
from bench.verdicts import measure_verdicts, verdict_table
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


def _pages_table(name: str, lines: list[Asked]) -> Table:
    table = Table(
        title=f"Pages and an act, {name}: milliseconds alone and with {CONNECTIONS} connections at once "
        f"(asked: outside SQL at most {MOST_MS:.0f}, an act {MOST_MS_OF_AN_ACT:.0f}; the larger office at most 1.5 ×)"
    )
    for heading in (
        "page",
        "by",
        "dossiers",
        "SQL",
        "kB",
        "floor",
        "page ms",
        "outside",
        "at once",
        "×",
        "× at once",
    ):
        table.add_column(heading, justify="left" if heading in ("page", "by") else "right")
    first: dict[tuple[str, str], Asked] = {}
    for line in lines:
        before = first.setdefault((line.page, line.person), line)
        faults = ", ".join(line.faults)
        table.add_row(
            f"{line.page} NOT REACHED: {faults}" if faults else line.page,
            line.person,
            f"{line.dossiers:,}",
            str(line.statements),
            f"{line.size / 1000:.0f}",
            f"{line.floor_ms:.1f}",
            f"{line.page_ms:.1f}",
            f"{line.outside_ms:.1f}",
            f"{line.eight_ms:.0f}",
            f"{line.page_ms / before.page_ms:.2f}",
            f"{line.eight_ms / before.eight_ms:.2f}",
        )
    return table


def _pages(console: Console, folder: Path, postgres: str, quick: bool) -> None:
    """Pages on both databases: 2,000 and 20,000 dossiers on SQLite, 2,000 and 200,000 on PostgreSQL."""
    rounds = 5 if quick else ROUNDS
    on_sqlite, on_postgres = (QUICK, QUICK) if quick else ((SMALL, LONG), (SMALL, LARGE))
    offices = [(sqlite_url(folder, f"pages-{size.dossiers}"), size) for size in on_sqlite]
    console.print(_pages_table("SQLite FULL", measure_pages(offices, folder, rounds=rounds)))
    offices = [(new_database(postgres, f"pages_{size.dossiers}"), size) for size in on_postgres]
    console.print(_pages_table("PostgreSQL", measure_pages(offices, folder, rounds=rounds)))
    console.print(
        "floor: the page's SQL by itself on the driver. outside: processor time of the page beyond that of the floor."
    )


def _blocs(console: Console, folder: Path, postgres: str, quick: bool) -> None:
    """Of the pages those that came with blocs, on PostgreSQL alone."""
    sizes = QUICK if quick else (SMALL, LARGE)
    offices = [(new_database(postgres, f"blocs_{size.dossiers}"), size) for size in sizes]
    rounds = 5 if quick else ROUNDS
    console.print(_pages_table("PostgreSQL", measure_pages(offices, folder, rounds=rounds, blocs_alone=True)))


def _ticks(console: Console, folder: Path, postgres: str, quick: bool) -> None:
    sizes = SIZES[:2] if quick else SIZES
    ticks = measure_ticks(sqlite_url(folder, "ticks"), "SQLite FULL", "FULL", sizes)
    ticks += measure_ticks(new_database(postgres, "ticks"), "PostgreSQL", "FULL", sizes)
    console.print(_tick_table(ticks))


def _acts(console: Console, folder: Path, postgres: str, quick: bool) -> None:
    singles, bulk = (60, 200) if quick else (200, 1000)
    letters = 200 if quick else 1000
    rows: list[Ratio] = []
    console.print(f"One write of 4 kB with fsync in {folder.parent}: median {fsync_ms(folder):.3f} ms")
    for synchronous in ("FULL", "NORMAL"):
        url = sqlite_url(folder, synchronous.lower())
        rows += measure(url, f"SQLite {synchronous}", synchronous, singles, bulk, (0.12, 0.25))
        posted = sqlite_url(folder, f"letters-{synchronous.lower()}")
        rows.append(measure_letters(posted, f"SQLite {synchronous}", synchronous, letters))
    rows += measure(postgres, "PostgreSQL", "FULL", singles, bulk, (0.30, 0.25))
    rows.append(measure_letters(postgres, "PostgreSQL", "FULL", letters))
    where_letters = letter_shares(folder, letters)
    where = shares(folder, 60 if quick else 200)
    console.print(_table(rows))
    missed = [row.what for row in rows if row.ratio < row.aim]
    console.print(f"Not reached: {', '.join(missed) or 'nothing'}.")
    console.print("Where a single act's time goes (SQLite FULL, by the profiler):")
    for part, share in where:
        console.print(f"  {share:4.0%}  {part}")
    console.print("Where a letter's time goes (the same):")
    for part, share in where_letters:
        console.print(f"  {share:4.0%}  {part}")


def _verdicts(console: Console, folder: Path, postgres: str, quick: bool) -> None:
    given = _number(sys.argv, "--nominations")
    sizes = (VERDICT_SIZES[0], given) if given else VERDICTS_QUICK if quick else VERDICT_SIZES
    offices = [(new_database(postgres, f"verdicts_{size}"), size) for size in sizes]
    lines = measure_verdicts(offices, rounds=1 if given else ROUNDS_OF_VERDICTS)
    console.print(verdict_table(lines))
    console.print(f"What they came to: {lines[-1].answers}")


def _number(arguments: list[str], name: str) -> int | None:
    return int(arguments[arguments.index(name) + 1]) if name in arguments else None


_MEASURED = {"acts": _acts, "ticks": _ticks, "pages": _pages, "verdicts": _verdicts}
#: what is a part of another measurement, and so runs only when it is named
_PARTS = {"blocs": _blocs}
_FAVOURS = "favours"


def main(arguments: list[str]) -> None:
    """Measure and print; exit code 0 whatever was reached: the reader judges."""
    known = _MEASURED | _PARTS
    named = [name for name in arguments if name in (*known, _FAVOURS)] or [*_MEASURED, _FAVOURS]
    quick = "--quick" in arguments
    console = Console(width=120)
    if on_databases := [name for name in named if name in known]:
        with temporary_folder() as folder, postgres_server(Path(folder)) as postgres:
            for name in on_databases:
                known[name](console, Path(folder), postgres, quick)
    if _FAVOURS in named:
        seed = _number(arguments, "--seed")
        print_favours(console, quick=quick, seed=SEED if seed is None else seed)


if __name__ == "__main__":
    main(sys.argv[1:])
