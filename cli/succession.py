"""Who succeeds offices that end: the map published and shown, and all that was left behind passed on."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import exits, options
from cli.group import Command
from cli.outcomes import show_outcomes
from cli.regulation import regulation_noun
from cli.screen import Column
from cli.terminal import Terminal

commands = regulation_noun("succession", "succession")


@commands.command("show", cls=Command)
def show(ctx: typer.Context, name: options.RegulationName) -> int:
    from casework.views.successions import show_succession

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        found = show_succession(connection, name, terminal.lang)
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    say = terminal.say
    terminal.screen.title(f"{found['name']} · {found['title']}")
    terminal.screen.line(say("source_line", source=found["source"], sha256=found["sha256"]))
    for part, title in (("kinds", "succession_kinds_title"), ("units", "succession_units_title")):
        terminal.screen.line()
        terminal.screen.table(
            (
                Column(say("predecessor"), share=3),
                Column(say("successor"), share=4),
                Column(say("since"), whole=True),
                Column(say("source"), share=4),
            ),
            (
                (
                    row["label"],
                    "\n".join(heir["label"] for heir in row["becomes"]),
                    say("day", day=row["since"]),
                    row["source"] if row["verified"] else f"{row['source']} ({say('unverified')})",
                )
                for row in found[part]
            ),
            say(title),
        )
    return exits.DONE


@commands.command("pass-on", cls=Command)
def pass_on(
    ctx: typer.Context,
    finished: Annotated[bool, typer.Option("--finished", help="finished")] = False,
    person: options.As = None,
    key: options.RequestKey = None,
    dry_run: options.DryRun = False,
) -> int:
    from casework.pass_on import pass_on_all

    terminal: Terminal = ctx.obj
    with terminal.database() as database:
        call = terminal.call(database, person, key)
        outcomes = pass_on_all(database, call, finished=finished, dry_run=dry_run)
        if not outcomes and not terminal.json:
            terminal.screen.line(terminal.say("nothing_left_behind"))
            return exits.DONE
        return show_outcomes(terminal, database, "pass_on", outcomes)
