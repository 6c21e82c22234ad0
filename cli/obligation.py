"""What units owe under a calendar: listed, met by their word, dated by a bloc; foreseen; as a feed for a phone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import exits, options, values
from cli.act import Act, office_act
from cli.group import Command
from cli.screen import Column
from cli.terminal import Terminal
from rules.reminders import STANDINGS

_NAME = values.words(60)
Milestone = Annotated[str, typer.Argument(metavar="MILESTONE", help="milestone", parser=_NAME)]
OfCalendar = Annotated[
    str | None, typer.Option("--calendar", metavar="NAME", help="calendar", parser=values.words(80))
]
OfMilestone = Annotated[
    str | None, typer.Option("--milestone", metavar="MILESTONE", help="milestone", parser=_NAME)
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="note_text", parser=values.words())]


def add_to(commands: typer.Typer) -> None:
    """Put the commands under the noun of calendars."""
    for name, command in (
        ("owed", owed),
        ("fulfil", fulfil_),
        ("unfulfil", unfulfil_),
        ("own-dates", own_dates),
        ("preview", preview_),
        ("feed", feed),
    ):
        commands.command(name, cls=Command)(command)


def owed(
    ctx: typer.Context,
    unit: options.InUnit = None,
    calendar: OfCalendar = None,
    milestone: OfMilestone = None,
    standing: Annotated[
        str | None,
        typer.Option("--standing", metavar="STANDING", help="owed_standing", parser=values.one_of(STANDINGS)),
    ] = None,
    limit: options.Limit = 100,
) -> int:
    """Obligations by due day."""
    from casework.home_clock import business_now
    from casework.views.obligations import list_obligations

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        now = business_now(connection)
        rows = list_obligations(
            connection,
            now,
            terminal.lang,
            unit=unit,
            calendar=calendar,
            milestone=milestone,
            standing=standing,
        )
    if terminal.json:
        terminal.screen.data({"now": now.isoformat(), "obligations": rows})
        return exits.DONE
    say = terminal.say
    if not rows:
        terminal.screen.line(say("nothing_owed"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(say("unit"), share=4),
            Column(say("milestone"), share=4),
            Column(say("deadline"), share=3),
            Column(say("standing"), share=4),
        ),
        (
            (
                _whose(terminal, row),
                f"{row['label']} ({row['milestone']})",
                say("deadline_day", day=row["due"]),
                _standing(terminal, row),
            )
            for row in rows[:limit]
        ),
        say("owed_title", now=now),
    )
    if len(rows) > limit:
        terminal.screen.line(say("more_rows", count=len(rows) - limit))
    return exits.DONE


def _whose(terminal: Terminal, row: dict[str, Any]) -> str:
    """The unit, and after its end those who answer for it."""
    name = str(row["unit"]["name"])
    others = [unit["name"] for unit in row["asked"] if unit != row["unit"]]
    return terminal.say("unit_succeeded", unit=name, by=", ".join(others)) if others else name


def _standing(terminal: Terminal, row: dict[str, Any]) -> str:
    told = terminal.say(
        f"owed_{row['standing']}", days=abs(row["days_left"]), day=row["met_on"] or row["opens"]
    )
    if row["dossiers"]:
        told += " · " + terminal.say("owed_dossiers", count=row["dossiers"])
    if row["due"] > row["planned"]:
        told += " · " + terminal.say("extended")
    return told


@office_act
def fulfil_(
    ctx: typer.Context,
    unit: options.UnitCode,
    milestone: Milestone,
    calendar: OfCalendar = None,
    on: Annotated[date | None, typer.Option("--on", metavar="DAY", help="done_on", parser=values.day)] = None,
    paper: Annotated[Path | None, typer.Option("--paper", metavar="FILE", help="paper_of_word")] = None,
    note: Note = "",
) -> Act:
    """A unit's word that it has met a milestone."""
    from casework.fulfil import Word, fulfil
    from cli.papers import brought_paper

    store, brought = brought_paper(ctx.obj.settings, paper)
    return lambda d, c, **o: fulfil(
        d, store, Word(unit, calendar, milestone, on or c.day, note), c, **brought, **o
    )


@office_act
def unfulfil_(
    ctx: typer.Context,
    unit: options.UnitCode,
    milestone: Milestone,
    reason: options.Reason,
    calendar: OfCalendar = None,
) -> Act:
    """The word taken back."""
    from casework.fulfil import unfulfil

    return lambda d, c, **o: unfulfil(d, unit, calendar, milestone, reason, c, **o)


@office_act
def own_dates(
    ctx: typer.Context,
    unit: options.UnitCode,
    milestone: Milestone,
    opens: Annotated[date, typer.Option("--from", metavar="DAY", help="own_from", parser=values.day)],
    last_day: Annotated[date, typer.Option("--to", metavar="DAY", help="own_to", parser=values.day)],
    calendar: OfCalendar = None,
    note: Note = "",
) -> Act:
    """A bloc's own dates inside a milestone."""
    from casework.own_dates import set_own_dates

    return lambda d, c, **o: set_own_dates(d, unit, calendar, milestone, opens, last_day, note, c, **o)


def preview_(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="preview_file")] = None,
    person: options.ForPerson = None,
    until: options.OpenEnd = None,
    limit: options.Limit = 60,
) -> int:
    """Who would get which reminder when, if nobody did anything."""
    from casework.home_clock import business_now
    from casework.preview import preview

    terminal: Terminal = ctx.obj
    proposed = read_proposed(terminal, file) if file is not None else None
    if file is not None and proposed is None:
        return exits.UNSOUND
    with terminal.reading() as connection:
        now = business_now(connection)
        rows = preview(connection, now, terminal.lang, person=person, proposed=proposed, until=until)
    if terminal.json:
        terminal.screen.data({"reminders": rows})
        return exits.DONE
    say = terminal.say
    if not rows:
        terminal.screen.line(say("nothing_to_remind"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(say("day_column"), whole=True),
            Column(say("to_whom"), share=4),
            Column(say("kind"), share=3),
            Column(say("milestone"), share=3),
            Column(say("about"), share=4),
            Column(say("due_day"), whole=True),
        ),
        (
            (
                say("day", day=row["day"]),
                f"{row['person']['name']} ({row['person']['code']})",
                terminal.word("letters", row["kind"]),
                row["label"],
                row["dossier"] or row["unit"]["name"],
                say("day", day=row["due"]),
            )
            for row in rows[:limit]
        ),
        say("preview_title", count=len(rows)),
    )
    if len(rows) > limit:
        terminal.screen.line(say("more_rows", count=len(rows) - limit))
    return exits.DONE


def read_proposed(terminal: Terminal, file: Path) -> Any:
    """The calendar of a file; None after its faults were told."""
    from casework.regulations import check_regulation
    from cli.papers import read_regulation
    from cli.troubles import show_faults
    from published.calendar import read_calendar

    text = read_regulation(file)
    _, faults = check_regulation("calendar", text)
    if faults:
        show_faults(terminal, faults, str(file))
        return None
    return read_calendar(text)[0]


def show_effect(terminal: Terminal, file: Path) -> None:
    """What publishing a new version of a running calendar would change for what is owed now."""
    from casework.home_clock import business_now
    from casework.preview import effect_of
    from casework.regulations import newest

    proposed = read_proposed(terminal, file)
    with terminal.reading() as connection:
        if proposed is None or newest(connection, "calendar", proposed.name) is None:
            return
        rows = effect_of(connection, business_now(connection), terminal.lang, proposed)
    if terminal.json:
        terminal.screen.data({"effect": rows})
        return
    say = terminal.say
    if not rows:
        terminal.screen.line(say("effect_nothing"))
        return
    terminal.screen.table(
        (
            Column(say("unit"), share=4),
            Column(say("milestone"), share=3),
            Column(say("dossier"), share=3),
            Column(say("effect_before"), whole=True),
            Column(say("effect_after"), whole=True),
        ),
        (
            (
                row["unit"]["name"],
                row["label"],
                row["dossier"] or "",
                say("day", day=row["before"]) if row["before"] else say("effect_none"),
                (say("day", day=row["after"]) if row["after"] else say("effect_none"))
                + (f" · {say('late')}" if row["late_then"] and not row["late_now"] else ""),
            )
            for row in rows
        ),
        say("effect_title", count=len(rows)),
    )


def feed(
    ctx: typer.Context,
    person: options.PersonCode,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="feed_out")] = None,
) -> int:
    """A person's deadlines as an iCalendar file."""
    from casework.home_clock import business_now
    from casework.views.feed import feed_of

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        told = feed_of(connection, person, business_now(connection), terminal.lang)
    if out is None:
        terminal.screen.line(told.decode("utf-8").replace("\r\n", "\n").rstrip())
        return exits.DONE
    out.write_bytes(told)
    terminal.screen.line(terminal.say("written", file=str(out)))
    return exits.DONE
