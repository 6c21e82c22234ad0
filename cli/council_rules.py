"""The rules of councils: checked, published, listed and shown."""

from __future__ import annotations

from typing import Any

import typer

from cli import exits, options
from cli.group import Command
from cli.regulation import regulation_noun
from cli.screen import Column
from cli.terminal import Terminal

commands = regulation_noun("council-rules", "council")


@commands.command("show", cls=Command)
def show(ctx: typer.Context, name: options.RegulationName) -> int:
    from casework.views.council_rules import show_council_rules

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        found = show_council_rules(connection, name, terminal.lang)
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    say = terminal.say
    terminal.screen.title(found["title"])
    terminal.screen.line(say("source_line", source=found["source"], sha256=found["sha256"]))
    if not found["verified"]:
        terminal.screen.line(say("source_unverified"))
    one, award = found["quorum"], found["award_quorum"]
    terminal.screen.line(say("council_quorum", share=share_said(terminal, one), article=one["source"]))
    terminal.screen.line(
        say("council_award_quorum", share=share_said(terminal, award), article=award["source"])
    )
    asked = found["absent"]["how"] == "written"
    terminal.screen.line(say("council_absent_written" if asked else "council_absent_none"))
    stays = found["recusal"]["base"] == "stays"
    terminal.screen.line(say("council_base_stays" if stays else "council_base_shrinks"))
    terminal.screen.table(
        (
            Column(say("council_titles"), share=3),
            Column(say("council_share"), whole=True),
            Column(say("council_ballot"), whole=True),
            Column(say("council_examples"), share=3),
            Column(say("council_article"), share=4),
        ),
        (
            (
                ", ".join(row["titles"]) or say("council_rest"),
                share_said(terminal, row),
                say("council_secret" if row["secret"] else "council_open"),
                ", ".join(f"{e['needed']}/{e['members']}" for e in row["examples"]),
                row["source"] + ("" if row["verified"] else f" ({say('council_unverified')})"),
            )
            for row in found["thresholds"]
        ),
    )
    return exits.DONE


def share_said(terminal: Terminal, row: dict[str, Any]) -> str:
    """A share in words: a fraction as it is, or "more than half"."""
    return terminal.say("council_half") if row["half"] else str(row["share"])
