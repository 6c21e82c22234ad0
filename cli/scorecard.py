"""Scorecards of blocs: checked, published, listed, shown."""

from __future__ import annotations

from typing import Any

import typer

from cli import exits, options
from cli.group import Command
from cli.regulation import regulation_noun
from cli.screen import Column
from cli.terminal import Terminal
from rules.scorecard import BONUS, PENALTY

commands = regulation_noun("scorecard", "scorecard")


@commands.command("show", cls=Command)
def show(ctx: typer.Context, name: options.RegulationName) -> int:
    from casework.views.scorecards import show_scorecard

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        found = show_scorecard(connection, name, terminal.lang)
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    show_card(terminal, found)
    return exits.DONE


def group_called(terminal: Terminal, code: str) -> str:
    """A group of a card by its code; bonus and penalty, which every card has, in words."""
    return {BONUS: terminal.say("group_bonus"), PENALTY: terminal.say("group_penalty")}.get(code, code)


def show_card(terminal: Terminal, card: dict[str, Any]) -> None:
    """A scorecard as a table, with how it is settled and what its ranks bring."""
    say = terminal.say
    unverified = "" if card["verified"] else f" ({say('unverified')})"
    terminal.screen.title(f"{card['name']} · {card['title']}")
    terminal.screen.line(say("source_line", source=card["source"] + unverified, sha256=card["sha256"]))
    terminal.screen.line()
    terminal.screen.table(
        (
            Column(say("code"), whole=True),
            Column(say("criterion"), share=6),
            Column(say("most_points"), number=True),
        ),
        (
            row
            for group in card["groups"]
            for row in (
                (group["code"], group["label"], group["most"]),
                *((f"  {item['code']}", f"  {item['label']}", item["most"]) for item in group["items"]),
            )
        ),
        say("card_total", most=card["most"]),
    )
    terminal.screen.line(
        say("card_rules", scorers=card["scorers"], settle=terminal.word("settle_rules", card["settle"]))
    )
    if card["ties"]:
        ties = [group_called(terminal, tie) for tie in card["ties"]]
        terminal.screen.line(say("card_ties", ties=ties))
    for prize in card["prizes"]:
        terminal.screen.line(say("card_prize", rank=prize["rank"], title=prize["label"]))
    if card["certificate"]:
        terminal.screen.line(say("card_certificate", money=card["certificate"]["money"]))
