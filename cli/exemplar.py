"""Exemplars from stage to stage, counts of titles from a file, and a bloc's summary of some years."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import exits, options, values
from cli.act import Act, office_act
from cli.group import Command, Group
from cli.movement import PaperFile
from cli.papers import brought_paper, read_regulation
from cli.screen import Column
from cli.terminal import Terminal
from states.vocabulary import STAGES

commands = typer.Typer(name="exemplar", cls=Group, no_args_is_help=True)

Exemplar = Annotated[int, typer.Argument(metavar="NUMBER", help="exemplar", parser=values.whole(1))]
On = Annotated[date | None, typer.Option("--on", metavar="DAY", help="done_on", parser=values.day)]
Text = Annotated[str, typer.Option("--note", metavar="TEXT", help="note_text", parser=values.words())]
_YEAR = values.words(9)


@commands.command("find", cls=Command)
@office_act
def find(
    ctx: typer.Context,
    unit: options.UnitCode,
    field: Annotated[
        str, typer.Option("--field", metavar="TEXT", help="exemplar_field", parser=values.words(200))
    ],
    nominee: Annotated[
        str | None, typer.Option("--who", metavar="PERSON", help="exemplar_who", parser=values.words(40))
    ] = None,
    movement: Annotated[
        str | None,
        typer.Option("--movement", metavar="MOVEMENT", help="in_movement", parser=values.words(50)),
    ] = None,
    on: On = None,
    note: Text = "",
    paper: PaperFile = None,
) -> Act:
    """Somebody, or the unit itself, is an example in something."""
    from casework.exemplars.stages import Finding, find_exemplar

    store, brought = brought_paper(ctx.obj.settings, paper)
    return lambda d, c, **o: find_exemplar(
        d, store, Finding(unit, nominee, field, on or c.day, note, movement), c, **brought, **o
    )


@commands.command("advance", cls=Command)
@office_act
def advance(
    ctx: typer.Context,
    exemplar: Exemplar,
    stage: Annotated[
        str, typer.Argument(metavar="STAGE", help="exemplar_stage", parser=values.one_of(STAGES[1:]))
    ],
    on: On = None,
    note: Text = "",
    paper: PaperFile = None,
) -> Act:
    """The next stage."""
    from casework.exemplars.stages import Reached, advance_exemplar

    store, brought = brought_paper(ctx.obj.settings, paper)
    return lambda d, c, **o: advance_exemplar(
        d, store, exemplar, Reached(stage, on or c.day, note), c, **brought, **o
    )


@commands.command("end", cls=Command)
@office_act
def end(ctx: typer.Context, exemplar: Exemplar, reason: options.Reason) -> Act:
    """No example any more."""
    from casework.exemplars.stages import end_exemplar

    return lambda d, c, **o: end_exemplar(d, exemplar, reason, c, **o)


@commands.command("list", cls=Command)
def list_(ctx: typer.Context, unit: options.InUnit = None) -> int:
    """Exemplars of a unit and of those below it."""
    from casework.home_clock import business_now
    from casework.views.dossiers import units_under
    from casework.views.exemplars import list_exemplars

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        units = units_under(connection, unit, business_now(connection)) if unit is not None else None
        rows, total = list_exemplars(connection, units)
    if terminal.json:
        terminal.screen.data({"exemplars": rows, "total": total})
        return exits.DONE
    say = terminal.say
    if not rows:
        terminal.screen.line(say("no_exemplar"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(say("number"), number=True, whole=True),
            Column(say("who"), share=3),
            Column(say("unit"), share=3),
            Column(say("field"), share=4),
            Column(say("stage"), share=2),
        ),
        (
            (
                row["number"],
                row["person"]["name"] if row["person"] else say("the_unit_itself"),
                row["unit"]["name"],
                row["field"],
                say("exemplar_ended") if row["ended"] else terminal.word("stages", row["stage"]),
            )
            for row in rows
        ),
        say("exemplars_title", count=total),
    )
    return exits.DONE


@commands.command("import-counts", cls=Command)
@office_act
def import_counts_(
    ctx: typer.Context,
    unit: options.UnitCode,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="counts_file")],
) -> Act:
    """Counts of titles from a file."""
    from casework.exemplars.counts import import_counts

    body = read_regulation(file)
    return lambda d, c, **o: import_counts(d, unit, body, c, **o)


@commands.command("summary", cls=Command)
def summary(
    ctx: typer.Context,
    unit: options.UnitCode,
    first: Annotated[str, typer.Option("--from", metavar="YEAR", help="summary_from", parser=_YEAR)],
    last: Annotated[str, typer.Option("--to", metavar="YEAR", help="summary_to", parser=_YEAR)],
) -> int:
    """A bloc's years: titles, shares beside their caps, exemplars."""
    from casework.routing import unit_by_code
    from casework.views.exemplars import summary_of

    terminal: Terminal = ctx.obj
    first_year, last_year = values.school_year(first), values.school_year(last)
    with terminal.reading() as connection:
        bloc = int(str(unit_by_code(connection, unit)["id"]))
        told = summary_of(connection, bloc, first_year, last_year, terminal.lang)
    if terminal.json:
        terminal.screen.data(
            {
                "periods": told.periods,
                "titles": told.titles,
                "shares": [
                    {**row, "share": str(row["share"]), "cap": str(row["cap"])} for row in told.shares
                ],
                "schools": told.schools,
                "made_known": told.known,
            }
        )
        return exits.DONE
    _show_summary(terminal, told)
    return exits.DONE


def _show_summary(terminal: Terminal, told: Any) -> None:
    say = terminal.say
    columns = ("registered", "achieved", "decided")
    terminal.screen.table(
        (Column(say("title"), share=1), *(Column(say(name), number=True, whole=True) for name in columns)),
        # A blank of the file stays a blank: nobody said that there was none.
        ((row["name"], *("" if row[name] is None else row[name] for name in columns)) for row in told.titles),
        say("summary_titles", first=told.first_year, last=told.last_year),
    )
    for row in told.shares:
        terminal.screen.line(
            say(
                "summary_share_within" if row["within"] else "summary_share_over",
                column=say(row["column"]),
                number=row["number"],
                base=row["base"],
                title=row["short"],
                of=row["of_short"],
                share=f"{float(row['share'] * 100):.2f}".replace(".", ","),
                cap=f"{float(row['cap'] * 100):g}".replace(".", ","),
                article=row["article"],
            )
        )
    terminal.screen.line()
    terminal.screen.table(
        (
            Column(say("school"), share=1),
            *(Column(terminal.word("stages", s), number=True, whole=True) for s in STAGES),
        ),
        ((row["school"], *(row[stage] for stage in STAGES)) for row in told.schools),
        say("summary_exemplars"),
    )
    for row in told.known:
        terminal.screen.line(say("summary_known", **row))
