"""Public holidays, a file for each year: checked, published, listed and shown."""

from __future__ import annotations

import typer

from cli import exits, options
from cli.group import Command
from cli.regulation import regulation_noun
from cli.screen import Column
from cli.terminal import Terminal

commands = regulation_noun("holidays", "holidays")


@commands.command("show", cls=Command)
def show(ctx: typer.Context, name: options.RegulationName) -> int:
    from casework.views.regulations import show_holidays

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        found = show_holidays(connection, name, terminal.lang)
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    say = terminal.say
    terminal.screen.title(say("holidays_title", year=found["name"]))
    terminal.screen.line(say("source_line", source=found["source"], sha256=found["sha256"]))
    if not found["verified"]:
        terminal.screen.line(say("source_unverified"))
    terminal.screen.table(
        (
            Column(say("day_column"), whole=True),
            Column(say("off_or_worked"), whole=True),
            Column(say("name")),
        ),
        (
            (
                say("deadline_day", day=row["day"]),
                say("day_worked" if row["worked"] else "day_off"),
                row["name"],
            )
            for row in found["days"]
        ),
    )
    return exits.DONE
