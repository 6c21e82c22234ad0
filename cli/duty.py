"""Duties granted and ended, and lent to a colleague for some days."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import options, values
from cli.act import on_office
from cli.group import Command, noun

commands = noun("duty")
_delegations = noun("delegation")


def add_to(app: typer.Typer) -> None:
    """Put `delegate` and `delegation` beside the nouns."""
    app.command("delegate", cls=Command)(delegate)
    app.add_typer(_delegations)


@commands.command("grant", cls=Command)
def grant(
    ctx: typer.Context,
    who: options.PersonCode,
    unit: options.UnitCode,
    duty: options.DutyName,
    since: options.Since,
    until: options.OpenEnd = None,
    person: options.As = None,
    key: options.RequestKey = None,
    dry_run: options.DryRun = False,
) -> int:
    from casework.duties import grant_duty

    return on_office(
        ctx.obj, person, key, lambda d, c: grant_duty(d, who, unit, duty, since, until, c, dry_run=dry_run)
    )


@commands.command("end", cls=Command)
def end(
    ctx: typer.Context,
    who: options.PersonCode,
    unit: options.UnitCode,
    duty: options.DutyName,
    last_day: options.LastDay,
    person: options.As = None,
    key: options.RequestKey = None,
    dry_run: options.DryRun = False,
) -> int:
    from casework.duties import end_duty

    return on_office(
        ctx.obj, person, key, lambda d, c: end_duty(d, who, unit, duty, last_day, c, dry_run=dry_run)
    )


def delegate(
    ctx: typer.Context,
    unit: options.UnitCode,
    duty: options.DutyName,
    to: Annotated[str, typer.Option("--to", metavar="PERSON", help="delegate_to", parser=values.words(40))],
    since: options.Since,
    until: options.Until,
    person: options.As = None,
    key: options.RequestKey = None,
    dry_run: options.DryRun = False,
) -> int:
    from casework.duties import delegate

    return on_office(
        ctx.obj, person, key, lambda d, c: delegate(d, unit, duty, to, since, until, c, dry_run=dry_run)
    )


@_delegations.command("end", cls=Command)
def end_lending(
    ctx: typer.Context,
    delegation: Annotated[int, typer.Argument(metavar="NUMBER", help="delegation", parser=values.whole(1))],
    person: options.As = None,
    key: options.RequestKey = None,
    dry_run: options.DryRun = False,
) -> int:
    from casework.duties import end_delegation

    return on_office(ctx.obj, person, key, lambda d, c: end_delegation(d, delegation, c, dry_run=dry_run))
