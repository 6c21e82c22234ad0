"""Letters: the items of the outbox."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import exits, options, values
from cli.group import Command, noun
from cli.screen import Column
from cli.terminal import Terminal

_STANDINGS = ("queued", "struck", "sent")

commands = noun("letters")


@commands.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    person: options.ForPerson = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="letter_kind", parser=values.words(40))
    ] = None,
    standing: Annotated[
        str | None,
        typer.Option(
            "--standing", metavar="STANDING", help="letter_standing", parser=values.one_of(_STANDINGS)
        ),
    ] = None,
    limit: options.Limit = 200,
) -> int:
    from casework.views.letters import list_letters

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        rows, total = list_letters(connection, person=person, kind=kind, standing=standing, limit=limit)
    if terminal.json:
        terminal.screen.data({"total": total, "letters": rows})
        return exits.DONE
    if not rows:
        terminal.screen.line(terminal.say("no_letters"))
        return exits.DONE
    say = terminal.say
    terminal.screen.table(
        (
            Column(say("when"), whole=True),
            Column(say("to_whom"), share=3),
            Column(say("kind"), share=2),
            Column(say("about"), share=3),
            Column(say("standing"), whole=True),
        ),
        (
            (
                say("moment", at=row["queued_at"]),
                f"{row['person']['name']} ({row['person']['code']})",
                terminal.word("letters", row["kind"]),
                row["facts"].get("dossier", row["subject"]),
                terminal.word("letters", row["standing"]),
            )
            for row in rows
        ),
        say("letters_title", count=total),
    )
    if total > len(rows):
        terminal.screen.line(say("more_rows", count=total - len(rows)))
    return exits.DONE
