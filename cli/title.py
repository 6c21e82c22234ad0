"""Titles and forms of commendation: the catalogue in force."""

from __future__ import annotations

import typer

from cli import exits, options
from cli.group import Command
from cli.regulation import regulation_noun
from cli.screen import Column
from cli.terminal import Terminal

commands = regulation_noun("titles", "titles")


@commands.command("show", cls=Command)
def show(ctx: typer.Context, level: options.OfLevel = None) -> int:
    from casework.home_clock import business_now
    from casework.views.regulations import list_titles
    from rules.windows import local_day

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        day = local_day(business_now(connection))
        rows = list_titles(connection, terminal.lang, day, level)
    if terminal.json:
        terminal.screen.data({"on": day.isoformat(), "titles": rows})
        return exits.DONE
    say = terminal.say
    terminal.screen.table(
        (
            Column(say("code"), whole=True),
            Column(say("name"), share=4),
            Column(say("level"), whole=True),
            Column(say("for_whom"), share=2),
            Column(say("decided_by"), share=4),
            Column(say("lower"), share=1),
        ),
        (
            (
                row["code"],
                row["name"],
                terminal.word("levels", row["level"]),
                terminal.word("subjects", row["subject"]),
                ", ".join(row["decided_by"]) or say("nobody_on_this_day"),
                row["lower"] or "",
            )
            for row in rows
        ),
        say("titles_title", day=day, count=len(rows)),
    )
    return exits.DONE
