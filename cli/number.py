"""The four numbers of each title: registered, proposed, appraised, decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from cli import exits, options
from cli.group import Command
from cli.screen import Column
from cli.terminal import Terminal


def add_to(app: typer.Typer) -> None:
    """Put `numbers` beside the nouns."""
    app.command("numbers", cls=Command)(numbers)


def numbers(
    ctx: typer.Context,
    school_year: options.OfYear = None,
    level: options.OfLevel = None,
    unit: options.InUnit = None,
) -> int:
    from casework.home_clock import business_now
    from casework.views.dossiers import units_under
    from casework.views.numbers import four_numbers

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        units = units_under(connection, unit, business_now(connection)) if unit is not None else None
        rows = four_numbers(connection, terminal.lang, school_year=school_year, level=level, units=units)
    if terminal.json:
        terminal.screen.data({"titles": rows})
        return exits.DONE
    if not rows:
        terminal.screen.line(terminal.say("no_dossier"))
        return exits.DONE
    show_numbers(terminal, rows, terminal.say("numbers_title"))
    return exits.DONE


def show_numbers(terminal: Terminal, rows: Sequence[Mapping[str, Any]], title: str) -> None:
    """The four numbers of titles, and their sums, as a table."""
    from casework.views.numbers import NUMBERS

    say = terminal.say
    # An initiative is neither a person nor a collective: their numbers are no part of one sum.
    for part, heading in (
        ([row for row in rows if not row["initiatives"]], title),
        ([row for row in rows if row["initiatives"]], say("numbers_of_initiatives")),
    ):
        if not part:
            continue
        terminal.screen.table(
            (
                Column(say("title"), share=1),
                *(Column(say(name), number=True, whole=True) for name in NUMBERS),
            ),
            (
                *((row["name"], *(row[name] for name in NUMBERS)) for row in part),
                (say("total"), *(sum(row[name] for row in part) for name in NUMBERS)),
            ),
            heading,
        )
