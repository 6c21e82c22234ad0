"""Duties granted and ended, and lent to a colleague for some days."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import options, values
from cli.act import Act, office_act
from cli.group import Command, noun

commands = noun("duty")
_delegations = noun("delegation")


def add_to(app: typer.Typer) -> None:
    """Put `delegate` and `delegation` beside the nouns."""
    app.command("delegate", cls=Command)(delegate)
    app.add_typer(_delegations)


@commands.command("grant", cls=Command)
@office_act
def grant(
    ctx: typer.Context,
    who: options.PersonCode,
    unit: options.UnitCode,
    duty: options.DutyName,
    since: options.Since,
    until: options.OpenEnd = None,
) -> Act:
    from casework.duties import grant_duty

    return lambda d, c, **o: grant_duty(d, who, unit, duty, since, until, c, **o)


@commands.command("end", cls=Command)
@office_act
def end(
    ctx: typer.Context,
    who: options.PersonCode,
    unit: options.UnitCode,
    duty: options.DutyName,
    last_day: options.LastDay,
    spell: Annotated[
        int | None, typer.Option("--spell", metavar="NUMBER", help="spell", parser=values.whole(1))
    ] = None,
) -> Act:
    from casework.duties import end_duty

    return lambda d, c, **o: end_duty(d, who, unit, duty, last_day, c, spell=spell, **o)


@office_act
def delegate(
    ctx: typer.Context,
    unit: options.UnitCode,
    duty: options.DutyName,
    to: Annotated[str, typer.Option("--to", metavar="PERSON", help="delegate_to", parser=values.words(40))],
    since: options.Since,
    until: options.Until,
) -> Act:
    from casework.duties import delegate

    return lambda d, c, **o: delegate(d, unit, duty, to, since, until, c, **o)


@_delegations.command("end", cls=Command)
@office_act
def end_lending(
    ctx: typer.Context,
    delegation: Annotated[int, typer.Argument(metavar="NUMBER", help="delegation", parser=values.whole(1))],
) -> Act:
    from casework.duties import end_delegation

    return lambda d, c, **o: end_delegation(d, delegation, c, **o)
