"""People: where they work and which duties they hold."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli import exits, options, values
from cli.group import Command, noun
from cli.screen import Column
from cli.status import period
from cli.terminal import Terminal
from states.vocabulary import DUTIES

commands = noun("person")


@commands.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    unit: options.InUnit = None,
    duty: Annotated[
        str | None, typer.Option("--duty", metavar="DUTY", help="with_duty", parser=values.one_of(DUTIES))
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="TEXT", help="name_part", parser=values.words(120))
    ] = None,
    limit: options.Limit = 200,
) -> int:
    from casework.home_clock import business_now
    from casework.views.office import list_people
    from rules.windows import local_day

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        day = local_day(business_now(connection))
        rows, total = list_people(connection, day, unit=unit, duty=duty, name=name, limit=limit)
    if terminal.json:
        terminal.screen.data({"on": day.isoformat(), "total": total, "people": rows})
        return exits.DONE
    say = terminal.say
    if not rows:
        terminal.screen.line(say("no_people"))
        return exits.DONE
    terminal.screen.table(
        (Column(say("code"), whole=True), Column(say("name"), share=3), Column(say("works_at"), share=4)),
        ((row["code"], row["name"], row["unit_name"] or "") for row in rows),
        say("people_title", day=day, count=total),
    )
    if total > len(rows):
        terminal.screen.line(say("more_rows", count=total - len(rows)))
    return exits.DONE


@commands.command("show", cls=Command)
def show(ctx: typer.Context, who: options.PersonCode) -> int:
    terminal: Terminal = ctx.obj
    found = _found(terminal, who)
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    say = terminal.say
    terminal.screen.title(f"{found['name']} ({found['code']})")
    if found["erased"]:
        terminal.screen.line(say("erased"))
    if found["email"]:
        terminal.screen.line(found["email"])
    for work in found["works_at"]:
        terminal.screen.line(f"{work['name']} ({work['code']}) · {period(terminal, work)}")
    _show_duties(terminal, found)
    return exits.DONE


@commands.command("duties", cls=Command)
def duties(ctx: typer.Context, who: options.PersonCode) -> int:
    terminal: Terminal = ctx.obj
    found = _found(terminal, who)
    if terminal.json:
        terminal.screen.data({name: found[name] for name in ("code", "name", "duties", "delegations")})
    else:
        terminal.screen.title(f"{found['name']} ({found['code']})")
        _show_duties(terminal, found)
    return exits.DONE


def _found(terminal: Terminal, who: str) -> dict[str, Any]:
    from casework.home_clock import business_now
    from casework.views.office import show_person
    from rules.windows import local_day

    with terminal.reading() as connection:
        return show_person(connection, who, local_day(business_now(connection)))


def _show_duties(terminal: Terminal, found: dict[str, Any]) -> None:
    say = terminal.say
    if not found["duties"] and not found["delegations"]:
        terminal.screen.line(say("no_duties"))
        return
    if found["duties"]:
        terminal.screen.line()
        terminal.screen.table(
            (
                Column(say("duty"), share=3),
                Column(say("unit"), share=4),
                Column(say("period"), share=3),
                Column(say("standing"), share=2),
            ),
            (
                (
                    terminal.word("duties", row["duty"]),
                    row["unit"]["name"],
                    period(terminal, row),
                    say("duty_in_force" if row["in_force"] else "duty_not_in_force"),
                )
                for row in found["duties"]
            ),
            say("duties_title"),
        )
    if found["delegations"]:
        terminal.screen.line()
        terminal.screen.table(
            (
                Column(say("number"), number=True),
                Column(say("duty"), share=3),
                Column(say("delegation_from"), share=3),
                Column(say("delegation_to"), share=3),
                Column(say("period"), share=3),
            ),
            (
                (
                    row["id"],
                    terminal.word("duties", row["duty"]),
                    row["from"]["name"],
                    row["to"]["name"],
                    period(terminal, row),
                )
                for row in found["delegations"]
            ),
            say("delegations_title"),
        )
