"""Dossiers: opening, listing, showing, and what is put into them. Steps of their way are in `step.py`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli import exits, options, values
from cli.act import Act, dossier_act
from cli.group import Command, noun
from cli.opinions import Opinions, Votes, opinion_inputs
from cli.terminal import Terminal
from states.vocabulary import LEVELS, PAPERS

commands = noun("dossier")

Nominations = Annotated[
    list[int], typer.Argument(metavar="NOMINATION", help="nominations", parser=values.whole(1))
]


@commands.command("open", cls=Command)
@dossier_act
def open_(
    ctx: typer.Context,
    unit: options.UnitCode,
    school_year: Annotated[
        str, typer.Option("--year", metavar="YEAR", help="school_year", parser=values.words(9))
    ],
    procedure: Annotated[
        str, typer.Option("--procedure", metavar="NAME", help="procedure", parser=values.words(80))
    ],
    level: Annotated[
        str, typer.Option("--level", metavar="LEVEL", help="level", parser=values.one_of(LEVELS))
    ] = "local",
) -> Act:
    from casework.open_dossier import Opening, open_dossier

    opening = Opening(unit, school_year, procedure, level)
    return lambda d, c, **o: open_dossier(d, opening, c, **o)


@commands.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    unit: options.InUnit = None,
    school_year: options.OfYear = None,
    level: options.OfLevel = None,
    kind: options.OfKind = None,
    desk: options.AtDesk = None,
    person: options.ForPerson = None,
    procedure: options.OfProcedure = None,
    limit: options.Limit = 200,
) -> int:
    from casework.home_clock import business_now
    from casework.views.dossiers import Filter, list_dossiers
    from cli.status import show_rows

    terminal: Terminal = ctx.obj
    wanted = Filter(unit, school_year, level, kind, desk, procedure, person)
    with terminal.reading() as connection:
        now = business_now(connection)
        listing = list_dossiers(connection, wanted, now, terminal.lang, limit=limit)
    if terminal.json:
        terminal.screen.data({"total": listing.total, "dossiers": listing.rows})
    elif listing.rows:
        show_rows(terminal, listing, terminal.say("dossiers_title", count=listing.total))
    else:
        terminal.screen.line(terminal.say("no_dossier"))
    return exits.DONE


@commands.command("show", cls=Command)
def show(ctx: typer.Context, dossier: options.DossierCode, person: options.As = None) -> int:
    from casework.home_clock import business_now
    from casework.views.dossier import show_dossier
    from casework.views.next_steps import next_steps
    from cli.dossier_page import print_dossier

    terminal: Terminal = ctx.obj
    terminal.about = dossier
    with terminal.reading() as connection:
        now = business_now(connection)
        found = show_dossier(connection, dossier, now, terminal.lang)
        found["next"] = next_steps(connection, dossier, now, terminal.lang, person)
    if terminal.json:
        terminal.screen.data(found)
    else:
        print_dossier(terminal, found, now, person)
    return exits.DONE


@commands.command("history", cls=Command)
def history(ctx: typer.Context, dossier: options.DossierCode) -> int:
    from casework.views.history import dossier_history
    from cli.dossier_page import print_history

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        entries = dossier_history(connection, dossier, terminal.lang)
    if terminal.json:
        terminal.screen.data({"dossier": dossier, "entries": entries})
    else:
        print_history(terminal, dossier, entries)
    return exits.DONE


@commands.command("nominate", cls=Command)
@dossier_act
def nominate(
    ctx: typer.Context,
    dossier: options.DossierCode,
    title: Annotated[str, typer.Option("--title", metavar="TITLE", help="title", parser=values.words(20))],
    people: Annotated[
        list[str] | None, typer.Argument(metavar="PERSON", help="nominees", parser=values.words(40))
    ] = None,
    collective: Annotated[bool, typer.Option("--collective", help="collective")] = False,
    rests_on: Annotated[
        str | None, typer.Option("--rests-on", metavar="DOSSIER", help="rests_on", parser=values.words(120))
    ] = None,
    initiative: Annotated[
        list[str] | None,
        typer.Option("--initiative", metavar="INITIATIVE", help="put_forward", parser=values.words(120)),
    ] = None,
    uses: Annotated[
        str | None, typer.Option("--uses", metavar="INITIATIVE", help="uses", parser=values.words(120))
    ] = None,
    movement: Annotated[
        str | None,
        typer.Option("--movement", metavar="MOVEMENT", help="rests_on_movement", parser=values.words(50)),
    ] = None,
) -> Act:
    from casework.nominate import NomineeInput, nominate

    if [bool(people), collective, bool(initiative)].count(True) != 1:
        raise values.BadValue("people_or_collective")
    nominees = [NomineeInput(title, who, rests_on, uses=uses, movement=movement) for who in people or [None]]
    if initiative:
        nominees = [NomineeInput(title, None, rests_on, code, uses, movement) for code in initiative]
    return lambda d, c, **o: nominate(d, dossier, nominees, c, **o)


@commands.command("use-initiative", cls=Command)
@dossier_act
def use_initiative(
    ctx: typer.Context,
    dossier: options.DossierCode,
    nominations: Nominations,
    initiative: Annotated[
        str | None,
        typer.Option("--initiative", metavar="INITIATIVE", help="uses", parser=values.words(120)),
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="uses_none")] = False,
) -> Act:
    from casework.use_initiative import use_initiative

    if none == bool(initiative):
        raise values.BadValue("initiative_or_none")
    return lambda d, c, **o: use_initiative(d, dossier, nominations, initiative, c, **o)


@commands.command("name-movement", cls=Command)
@dossier_act
def name_movement(
    ctx: typer.Context,
    dossier: options.DossierCode,
    nominations: Nominations,
    movement: Annotated[
        str | None,
        typer.Option("--movement", metavar="MOVEMENT", help="rests_on_movement", parser=values.words(50)),
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="rests_on_no_movement")] = False,
) -> Act:
    from casework.name_movement import name_movement

    if none == bool(movement):
        raise values.BadValue("movement_or_none")
    return lambda d, c, **o: name_movement(d, dossier, nominations, movement, c, **o)


@commands.command("strike", cls=Command)
@dossier_act
def strike(
    ctx: typer.Context,
    dossier: options.DossierCode,
    nominations: Nominations,
) -> Act:
    from casework.nominate import strike

    return lambda d, c, **o: strike(d, dossier, nominations, c, **o)


@commands.command("paper-add", cls=Command)
@dossier_act
def paper_add(
    ctx: typer.Context,
    dossier: options.DossierCode,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="paper_file")],
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="paper_kind", parser=values.one_of(PAPERS))
    ],
    name: Annotated[
        str | None, typer.Option("--name", metavar="TEXT", help="paper_name", parser=values.words(400))
    ] = None,
) -> Act:
    from casework.papers import add_paper
    from cli.papers import paper_store, refuse_unreadable

    terminal: Terminal = ctx.obj
    refuse_unreadable(file)
    store = paper_store(terminal.settings)
    return lambda d, c, **o: add_paper(d, store, dossier, kind, file, name or file.name, c, **o)


@commands.command("paper-remove", cls=Command)
@dossier_act
def paper_remove(
    ctx: typer.Context,
    dossier: options.DossierCode,
    paper: Annotated[int, typer.Argument(metavar="PAPER", help="paper", parser=values.whole(1))],
) -> Act:
    from casework.papers import remove_paper

    return lambda d, c, **o: remove_paper(d, dossier, paper, c, **o)


@commands.command("opinion", cls=Command)
@dossier_act
def opinion(
    ctx: typer.Context,
    dossier: options.DossierCode,
    opinions: Opinions = None,
    votes: Votes = None,
) -> Act:
    from casework.give_opinion import give_opinion

    if votes is not None and not opinions:
        raise values.BadValue("votes_without_opinion")
    given = opinion_inputs(opinions, votes)
    return lambda d, c, **o: give_opinion(d, dossier, given, c, **o)


@commands.command("objection", cls=Command)
@dossier_act
def objection(
    ctx: typer.Context,
    dossier: options.DossierCode,
    reason: options.Reason,
    nomination: Annotated[
        int | None,
        typer.Option(
            "--nomination", metavar="NOMINATION", help="objected_nomination", parser=values.whole(1)
        ),
    ] = None,
) -> Act:
    from casework.objections import receive_objection

    return lambda d, c, **o: receive_objection(d, dossier, reason, c, nomination=nomination, **o)


@commands.command("settle", cls=Command)
@dossier_act
def settle(
    ctx: typer.Context,
    dossier: options.DossierCode,
    reason: options.Reason,
) -> Act:
    from casework.objections import settle_objections

    return lambda d, c, **o: settle_objections(d, dossier, reason, c, **o)


@commands.command("correct-score", cls=Command)
@dossier_act
def correct_score(
    ctx: typer.Context,
    dossier: options.DossierCode,
    points: options.Points,
    rank: options.Rank,
    reason: options.Reason,
) -> Act:
    from casework.correct_score import correct_score
    from casework.inputs import ScoreInput

    given = ScoreInput(points, rank)
    return lambda d, c, **o: correct_score(d, dossier, given, reason, c, **o)


@commands.command("settle-recovery", cls=Command)
@dossier_act
def settle_recovery(
    ctx: typer.Context,
    dossier: options.DossierCode,
    day: Annotated[date, typer.Option("--date", metavar="DAY", help="settled_on", parser=values.day)],
    reason: options.Reason,
) -> Act:
    from casework.settle_recovery import settle_recovery

    return lambda d, c, **o: settle_recovery(d, dossier, day, reason, c, **o)


@commands.command("pass-on", cls=Command)
@dossier_act
def pass_on(
    ctx: typer.Context,
    dossier: options.DossierCode,
) -> Act:
    from casework.pass_on import pass_on

    return lambda d, c, **o: pass_on(d, dossier, c, **o)


@commands.command("except", cls=Command)
@dossier_act
def except_(
    ctx: typer.Context,
    dossier: options.DossierCode,
    excepted: options.PersonCode,
    desk: Annotated[
        str, typer.Option("--desk", metavar="DESK", help="excepted_desk", parser=values.words(60))
    ],
    reason: options.Reason,
) -> Act:
    from casework.except_from_separation import except_from_separation

    return lambda d, c, **o: except_from_separation(d, dossier, excepted, desk, reason, c, **o)
