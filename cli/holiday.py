"""Public holidays, a file for each year: checked, published, listed and shown."""

from __future__ import annotations

import typer

from cli import exits, options
from cli.group import Command, noun
from cli.regulation import check_file, list_published, publish_file
from cli.screen import Column
from cli.terminal import Terminal

commands = noun("holidays")


@commands.command("check", cls=Command)
def check(ctx: typer.Context, file: options.RegulationFile) -> int:
    return check_file(ctx.obj, "holidays", file)


@commands.command("publish", cls=Command)
def publish(
    ctx: typer.Context,
    file: options.RegulationFile,
    person: options.As = None,
    dry_run: options.DryRun = False,
) -> int:
    return publish_file(ctx.obj, "holidays", file, person, dry_run)


@commands.command("list", cls=Command)
def list_(ctx: typer.Context) -> int:
    return list_published(ctx.obj, "holidays")


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
