"""The calendar of a school year: published, shown, as windows of one unit, and extended for one unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import exits, options, values
from cli.act import Act, office_act
from cli.calendar_check import check_calendar
from cli.group import Command
from cli.obligation import show_effect
from cli.regulation import regulation_noun
from cli.screen import Column
from cli.terminal import Terminal

commands = regulation_noun("calendar", "calendar", check_calendar, show_effect)


@commands.command("show", cls=Command)
def show(ctx: typer.Context, name: options.RegulationName) -> int:
    from casework.views.regulations import show_calendar

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        found = show_calendar(connection, name, terminal.lang)
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    say = terminal.say
    terminal.screen.title(f"{found['name']} · {found['title']}")
    terminal.screen.line(say("source_line", source=found["source"], sha256=found["sha256"]))
    terminal.screen.table(
        (
            Column(say("milestone"), share=3),
            Column(say("owed_by"), share=3),
            Column(say("due"), share=4),
            Column(say("opens"), whole=True),
            Column(say("last_day"), whole=True),
        ),
        (
            (
                f"{m['label']} ({m['name']})",
                m["actor"],
                m["due"],
                say("day", day=m["opens"]),
                say("day", day=m["last_day"]),
            )
            for m in found["milestones"]
        ),
    )
    return exits.DONE


@commands.command("roll", cls=Command)
def roll(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="FROM", help="calendar", parser=values.words(80))],
    school_year: Annotated[str, typer.Argument(metavar="TO", help="school_year", parser=values.school_year)],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="roll_out")] = None,
) -> int:
    from cli.calendar_roll import roll as roll_calendar

    return roll_calendar(ctx.obj, name, school_year, out)


@commands.command("windows", cls=Command)
def windows(
    ctx: typer.Context,
    unit: options.UnitCode,
    calendar: Annotated[
        str | None, typer.Option("--calendar", metavar="NAME", help="calendar", parser=values.words(80))
    ] = None,
) -> int:
    from casework.home_clock import business_now
    from casework.views.regulations import windows_of

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        now = business_now(connection)
        rows = windows_of(connection, unit, now, terminal.lang, calendar)
    if terminal.json:
        terminal.screen.data({"unit": unit, "now": now.isoformat(), "windows": rows})
        return exits.DONE
    say = terminal.say
    terminal.screen.table(
        (
            Column(say("milestone"), share=4),
            Column(say("opens"), whole=True),
            Column(say("last_day"), share=3),
            Column(say("standing"), share=4),
        ),
        (
            (
                f"{row['label']} ({row['milestone']})",
                say("day", day=row["opens"]),
                say("deadline_day", day=row["last_day"]),
                say(f"window_{row['standing']}", days=row["days_left"])
                + (f" · {say('extended')}" if row["extended"] else ""),
            )
            for row in rows
        ),
        say("windows_title", unit=unit, now=now),
    )
    return exits.DONE


@commands.command("extend", cls=Command)
@office_act
def extend(
    ctx: typer.Context,
    unit: options.UnitCode,
    milestone: Annotated[str, typer.Argument(metavar="MILESTONE", help="milestone", parser=values.words(60))],
    until: options.Until,
    reason: options.Reason,
    calendar: Annotated[
        str | None, typer.Option("--calendar", metavar="NAME", help="calendar", parser=values.words(80))
    ] = None,
) -> Act:
    from casework.extend_window import extend_window

    return lambda d, c, **o: extend_window(d, unit, calendar, milestone, until, reason, c, **o)
