"""Annual grades looked at: how many have the highest one beside how many may."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli import exits, options, values
from cli.group import Command, noun
from cli.screen import Column
from cli.terminal import Terminal
from notifications.words import say

commands = noun("grades")

SchoolYear = Annotated[str, typer.Argument(metavar="YEAR", help="school_year", parser=values.school_year)]


@commands.command("check", cls=Command)
def check(
    ctx: typer.Context, unit: options.UnitCode, school_year: SchoolYear, person: options.As = None
) -> int:
    from casework.home_clock import business_now
    from casework.law.grade_lines import shares_told
    from casework.law.grade_shares import shares_of
    from casework.people import person_by_code
    from casework.sight import sight_of
    from rules.windows import local_day

    terminal: Terminal = ctx.obj
    lang = terminal.lang
    with terminal.reading() as connection:
        day = local_day(business_now(connection))
        sight = (
            sight_of(connection, person_by_code(connection, person)["id"], day)
            if person is not None
            else None
        )
        found = shares_of(connection, unit, school_year, lang, day, sight)
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    screen = terminal.screen
    screen.title(say("grade_shares.title", {"unit": found["unit"]["name"], "year": school_year}, lang))
    for line in shares_told(found, lang):
        screen.line(line)
    if found["findings"]:
        screen.table(
            (
                Column(say("grade_shares.rule", None, lang), share=3),
                Column(say("grade_shares.have", None, lang), number=True, whole=True),
                Column(say("grade_shares.most", None, lang), number=True, whole=True),
                Column(say("grade_shares.base", None, lang), share=3),
                Column(say("grade_shares.outcome", None, lang), share=2),
                Column(say("grade_shares.article", None, lang), share=3),
            ),
            (_cells(row) for row in found["findings"]),
        )
    return exits.DONE


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["label"], row["have"], row["most"], row["base"], row["said"], row["article"]
