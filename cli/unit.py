"""Units: schools, blocs, offices, councils and committees."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import exits, options, values
from cli.group import Command, noun
from cli.screen import Column
from cli.status import period
from cli.terminal import Terminal
from states.vocabulary import UNIT_KINDS

commands = noun("unit")


@commands.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="unit_kind", parser=values.one_of(UNIT_KINDS))
    ] = None,
    under: Annotated[
        str | None, typer.Option("--under", metavar="UNIT", help="under", parser=values.words(120))
    ] = None,
) -> int:
    from casework.home_clock import business_now
    from casework.views.office import list_units
    from rules.windows import local_day

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        day = local_day(business_now(connection))
        rows = list_units(connection, day, kind=kind, under=under)
    if terminal.json:
        terminal.screen.data({"on": day.isoformat(), "units": rows})
        return exits.DONE
    say = terminal.say
    if not rows:
        terminal.screen.line(say("no_units"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(say("code"), whole=True),
            Column(say("name"), share=4),
            Column(say("kind"), share=3),
            Column("", share=2),
        ),
        (
            (row["code"], row["name"], terminal.word("unit_kinds", row["kind"]), _marks(terminal, row))
            for row in rows
        ),
        say("units_title", day=day, count=len(rows)),
    )
    return exits.DONE


@commands.command("show", cls=Command)
def show(ctx: typer.Context, unit: options.UnitCode) -> int:
    from casework.home_clock import business_now
    from casework.views.office import show_unit
    from rules.windows import local_day

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        found = show_unit(connection, unit, local_day(business_now(connection)))
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    say = terminal.say
    terminal.screen.title(f"{found['code']} · {found['name']}")
    facts = [terminal.word("unit_kinds", found["kind"]), _marks(terminal, found)]
    terminal.screen.line(" · ".join(filter(None, facts)))
    terminal.screen.line(say("staff_line", count=found["staff"]))
    for key in ("under", "below"):
        if found[key]:
            terminal.screen.line(say(key) + " " + ", ".join(f"{u['name']} ({u['code']})" for u in found[key]))
    if found["duties"]:
        terminal.screen.line()
        terminal.screen.table(
            (Column(say("duty"), share=3), Column(say("who"), share=4), Column(say("period"), share=3)),
            (
                (
                    terminal.word("duties", row["duty"]),
                    f"{row['person']['name']} ({row['person']['code']})",
                    period(terminal, row),
                )
                for row in found["duties"]
            ),
            say("duties_title"),
        )
    return exits.DONE


def _marks(terminal: Terminal, row: dict[str, object]) -> str:
    if row["invented"]:
        return terminal.say("invented")
    return "" if row["verified"] else terminal.say("unverified")
