"""The home's clock: shown, set, advanced. All business time is read from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer

from cli import exits, values
from cli.act import Act, office_act
from cli.group import Command, noun
from cli.terminal import Terminal

commands = noun("clock")


@commands.command("show", cls=Command)
def show(ctx: typer.Context) -> int:
    from sqlalchemy import select

    from casework.home_clock import CLOCK, business_now

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        now = business_now(connection)
        mode = connection.execute(select(CLOCK.c.mode)).scalar() or "real"
    if terminal.json:
        terminal.screen.data({"mode": mode, "now": now.isoformat()})
    else:
        terminal.screen.line(terminal.say(f"clock_{mode}", now=now, day=now))
    return exits.DONE


@commands.command("set", cls=Command)
@office_act
def set_(
    ctx: typer.Context,
    instant: Annotated[
        datetime | None, typer.Argument(metavar="INSTANT", help="instant", parser=values.instant)
    ] = None,
    real: Annotated[bool, typer.Option("--real", help="real_clock")] = False,
) -> Act:
    if real == (instant is not None):
        raise values.BadValue("instant_or_real")
    mode = "real" if real else "fixed"
    return _set(mode, instant)


@commands.command("advance", cls=Command)
@office_act
def advance(
    ctx: typer.Context,
    days: Annotated[
        int, typer.Option("--days", metavar="NUMBER", help="days", parser=values.whole(0, 3660))
    ] = 0,
    hours: Annotated[
        int, typer.Option("--hours", metavar="NUMBER", help="hours", parser=values.whole(0, 10_000))
    ] = 0,
) -> Act:
    from casework.home_clock import CLOCK

    terminal: Terminal = ctx.obj
    if not days and not hours:
        raise values.BadValue("advance_by_nothing")
    with terminal.reading() as connection:
        row = connection.execute(CLOCK.select()).first()
    if row is None or row.mode == "real":
        raise values.BadValue("real_clock_runs")
    stands_at = row.stands_at + timedelta(days=days, hours=hours)
    return _set("fixed", stands_at)


def _set(mode: str, instant: datetime | None) -> Act:
    from casework.home_clock import set_clock

    return lambda d, c, **o: set_clock(d, mode, instant, c, **o)
