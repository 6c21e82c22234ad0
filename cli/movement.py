"""Movements: launched, answered, reviewed, ended; who has not answered."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import exits, options, values
from cli.act import Act, office_act
from cli.group import Command, Group
from cli.papers import brought_paper
from cli.screen import Column
from cli.terminal import Terminal
from states.vocabulary import UNIT_KINDS

commands = typer.Typer(name="movement", cls=Group, no_args_is_help=True)

_CODE = values.words(50)
Code = Annotated[str, typer.Argument(metavar="MOVEMENT", help="movement", parser=_CODE)]
Theme = Annotated[str, typer.Option("--theme", metavar="TEXT", help="theme", parser=values.words(300))]
Number = Annotated[
    str, typer.Option("--number", metavar="NUMBER", help="plan_number", parser=values.words(80))
]
Dated = Annotated[date, typer.Option("--dated", metavar="DAY", help="plan_dated", parser=values.day)]
Asked = Annotated[
    list[str] | None,
    typer.Option("--ask", metavar="KIND", help="ask_kind", parser=values.one_of(UNIT_KINDS)),
]
AskedUnits = Annotated[
    list[str] | None, typer.Option("--ask-unit", metavar="UNIT", help="ask_unit", parser=values.words(80))
]
AnswerBy = Annotated[
    date | None, typer.Option("--answer-by", metavar="DAY", help="answer_by", parser=values.day)
]
ReviewBy = Annotated[
    date | None, typer.Option("--review-by", metavar="DAY", help="review_by", parser=values.day)
]
PaperFile = Annotated[Path | None, typer.Option("--paper", metavar="FILE", help="paper_of_word")]


@commands.command("launch", cls=Command)
@office_act
def launch_(
    ctx: typer.Context,
    unit: options.UnitCode,
    movement: Code,
    theme: Theme,
    number: Number,
    dated: Dated,
    since: options.Since,
    until: options.Until,
    answers: Annotated[
        str | None, typer.Option("--answers", metavar="MOVEMENT", help="answers", parser=_CODE)
    ] = None,
    ask: Asked = None,
    ask_unit: AskedUnits = None,
    answer_by: AnswerBy = None,
    review_by: ReviewBy = None,
    paper: PaperFile = None,
) -> Act:
    """A unit's plan, on its own or in answer to one above."""
    from casework.movements.launch import Plan, launch

    plan = Plan(
        movement,
        unit,
        theme,
        number,
        dated,
        since,
        until,
        answers,
        tuple(ask or ()),
        tuple(ask_unit or ()),
        answer_by,
        review_by,
    )
    store, brought = brought_paper(ctx.obj.settings, paper)
    return lambda d, c, **o: launch(d, store, plan, c, **brought, **o)


@commands.command("review", cls=Command)
@office_act
def review_(
    ctx: typer.Context,
    movement: Code,
    unit: options.UnitCode,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="review_text", parser=values.words())],
    on: Annotated[date | None, typer.Option("--on", metavar="DAY", help="done_on", parser=values.day)] = None,
    paper: PaperFile = None,
) -> Act:
    """What came of a movement at a unit that answered it."""
    from casework.movements.review import Review, review

    store, brought = brought_paper(ctx.obj.settings, paper)
    return lambda d, c, **o: review(d, store, Review(movement, unit, on or c.day, text), c, **brought, **o)


@commands.command("end", cls=Command)
@office_act
def end(ctx: typer.Context, movement: Code, reason: options.Reason) -> Act:
    """A movement asks for nothing any more."""
    from casework.movements.end import end_movement

    return lambda d, c, **o: end_movement(d, movement, reason, c, **o)


@commands.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    running: Annotated[bool, typer.Option("--running", help="running")] = False,
) -> int:
    """Movements, the newest first."""
    from casework.home_clock import business_now
    from casework.views.movements import list_movements
    from rules.windows import local_day

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        day = local_day(business_now(connection)) if running else None
        found = list_movements(connection, None, running_on=day)
    if terminal.json:
        terminal.screen.data({"movements": found.rows, "total": found.total})
        return exits.DONE
    say = terminal.say
    if not found.rows:
        terminal.screen.line(say("no_movement"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(say("code"), whole=True),
            Column(say("theme"), share=5),
            Column(say("unit"), share=3),
            Column(say("answered"), whole=True),
        ),
        (
            (
                row["code"],
                row["theme"],
                row["unit"]["name"],
                say("movement_counts", **{n: row[n] for n in ("asked", "answered", "reviewed")})
                if row["asked"]
                else "",
            )
            for row in found.rows
        ),
        say("movements_title", count=found.total),
    )
    return exits.DONE


@commands.command("show", cls=Command)
def show(ctx: typer.Context, movement: Code) -> int:
    """One movement: what it answers, whom it asked, who has not answered."""
    from casework.movements.rows import movement_by_code
    from casework.views.movement_awards import awards_on
    from casework.views.movements import show_movement

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        found = show_movement(connection, None, movement)
        number = movement_by_code(connection, movement)["id"]
        awards = awards_on(connection, [number], None, terminal.lang)
    if terminal.json:
        terminal.screen.data(
            {
                "movement": found.movement,
                "above": found.above,
                "calls": found.calls,
                "ended": found.ended_why,
                "awards": awards,
            }
        )
        return exits.DONE
    say, told = terminal.say, found.movement
    terminal.screen.title(f"{told['theme']} ({told['code']})")
    terminal.screen.line(
        say(
            "movement_plan",
            unit=told["unit"]["name"],
            **{n: told[n] for n in ("number", "dated", "since", "until")},
        )
    )
    for above in found.above:
        terminal.screen.line(say("movement_above", **above))
    if found.ended_why is not None:
        terminal.screen.line(say("movement_ended", reason=found.ended_why))
    for award in awards:
        told_of = {name: award[name] for name in ("who", "title_name", "dossier", "outcome")}
        terminal.screen.line(say("movement_award", **told_of))
    if not found.calls:
        terminal.screen.line(say("movement_asks_nobody"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(say("unit"), share=4),
            Column(say("plan_answer"), share=3),
            Column(say("review"), whole=True),
            Column(say("plan_below"), whole=True),
        ),
        (_line(terminal, call) for call in found.calls),
        say("movement_calls", answer_by=told["answer_by"], review_by=told["review_by"]),
    )
    if found.calls_total > len(found.calls):
        terminal.screen.line(say("more_rows", count=found.calls_total - len(found.calls)))
    return exits.DONE


def _line(terminal: Terminal, call: dict[str, Any]) -> tuple[str, ...]:
    say, below = terminal.say, call["below"]
    answer = call["answer"]
    return (
        call["unit"]["name"],
        f"{answer['number']} ({answer['code']})" if answer else say("not_answered"),
        say("day", day=call["reviewed_on"]) if call["reviewed_on"] else "",
        say("movement_counts", **below) if below["asked"] else "",
    )
