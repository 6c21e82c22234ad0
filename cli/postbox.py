"""The home's own postbox: what the mail server on the loopback was given."""

from __future__ import annotations

import typer

from cli import exits
from cli.group import Command, noun
from cli.letter import LetterNumber
from cli.screen import Column
from cli.terminal import Terminal

commands = noun("postbox")


@commands.command("list", cls=Command)
def list_(ctx: typer.Context) -> int:
    from notifications.postbox import letters_in

    terminal: Terminal = ctx.obj
    kept = list(letters_in(terminal.settings.home / "postbox"))
    if terminal.json:
        terminal.screen.data({"letters": [letter.as_dict() for letter in kept]})
        return exits.DONE
    say = terminal.say
    if not kept:
        terminal.screen.line(say("postbox_empty"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(say("number"), whole=True),
            Column(say("when"), whole=True),
            Column(say("to_whom"), share=2),
            Column(say("letter_subject"), share=3),
        ),
        (
            (
                str(letter.number),
                say("moment", at=letter.date) if letter.date else "–",
                letter.to,
                letter.subject,
            )
            for letter in kept
        ),
        say("postbox_title", count=len(kept)),
    )
    return exits.DONE


@commands.command("show", cls=Command)
def show(ctx: typer.Context, number: LetterNumber) -> int:
    from notifications.postbox import letters_in

    terminal: Terminal = ctx.obj
    found = next(
        (kept for kept in letters_in(terminal.settings.home / "postbox") if kept.number == number), None
    )
    if found is None:
        terminal.screen.complain(terminal.say("postbox_lacks", number=number))
        return exits.NOT_FOUND
    if terminal.json:
        terminal.screen.data(found.as_dict())
        return exits.DONE
    for name, value in found.headers:
        if name in ("From", "To", "Reply-To", "Subject", "Date", "Message-ID"):
            terminal.screen.line(f"{name}: {value}")
    terminal.screen.line("")
    terminal.screen.plain(found.text)
    return exits.DONE
