"""Councils: set up and filled, called to sessions, voting, counted and closed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from cli import exits, options, values
from cli.act import Act, office_act
from cli.group import Command, noun
from cli.screen import Column
from cli.terminal import Terminal
from states.vocabulary import COUNCIL_ROLES

commands = noun("councils")

Council = Annotated[int, typer.Argument(metavar="NUMBER", help="council", parser=values.whole(1))]
Session = Annotated[int, typer.Argument(metavar="NUMBER", help="session", parser=values.whole(1))]
Nomination = Annotated[int, typer.Argument(metavar="NOMINATION", help="nomination", parser=values.whole(1))]
Role = Annotated[
    str, typer.Option("--role", metavar="ROLE", help="council_role", parser=values.one_of(COUNCIL_ROLES))
]
Choices = Annotated[
    list[Any],
    typer.Option("--choice", metavar="NOMINATION=CHOICE", help="council_choice", parser=values.choice),
]


@commands.command("list", cls=Command)
def list_(ctx: typer.Context, person: options.AsMust) -> int:
    from casework.home_clock import business_now
    from casework.people import person_by_code
    from casework.sight import sight_of
    from casework.views.councils import list_councils
    from rules.windows import local_day

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        day = local_day(business_now(connection))
        sight = sight_of(connection, person_by_code(connection, person)["id"], day)
        rows = list_councils(connection, sight, day, terminal.lang)
    if terminal.json:
        terminal.screen.data({"councils": rows})
        return exits.DONE
    if not rows:
        terminal.screen.line(terminal.say("council_none"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(terminal.say("number"), number=True),
            Column(terminal.say("name"), share=3),
            Column(terminal.say("unit"), share=3),
            Column(terminal.say("council_role"), share=2),
            Column(terminal.say("council_sessions"), share=1),
        ),
        (
            (
                row["id"],
                row["title"],
                row["unit"]["name"],
                terminal.word("council_roles", row["role"]),
                ", ".join(str(session["id"]) for session in row["sessions"]),
            )
            for row in rows
        ),
    )
    return exits.DONE


@commands.command("form", cls=Command)
@office_act
def form(
    ctx: typer.Context,
    unit: options.UnitCode,
    rules: options.RegulationName,
    since: options.Since,
    decision: Annotated[
        str,
        typer.Option("--decision", metavar="TEXT", help="council_decision", parser=values.words(80)),
    ] = "",
) -> Act:
    from casework.council.form import form_council

    return lambda d, c, **o: form_council(d, unit, rules, since, c, decision=decision, **o)


@commands.command("appoint", cls=Command)
@office_act
def appoint(
    ctx: typer.Context,
    council: Council,
    who: options.PersonCode,
    since: options.Since,
    role: Role = "member",
    until: options.OpenEnd = None,
) -> Act:
    from casework.council.form import appoint

    return lambda d, c, **o: appoint(d, council, who, role, since, until, c, **o)


@commands.command("dismiss", cls=Command)
@office_act
def dismiss(ctx: typer.Context, council: Council, who: options.PersonCode, last_day: options.LastDay) -> Act:
    from casework.council.form import dismiss

    return lambda d, c, **o: dismiss(d, council, who, last_day, c, **o)


@commands.command("awaiting", cls=Command)
def awaiting(ctx: typer.Context, council: Council) -> int:
    from casework.views.councils import list_awaiting

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        rows = list_awaiting(connection, council, terminal.lang)
    if terminal.json:
        terminal.screen.data({"nominations": rows})
        return exits.DONE
    if not rows:
        terminal.screen.line(terminal.say("council_nothing_waits"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(terminal.say("number"), number=True),
            Column(terminal.say("council_nominee"), share=3),
            Column(terminal.say("council_titles"), share=3),
            Column(terminal.say("council_ballot"), whole=True),
            Column(terminal.say("council_session"), whole=True),
        ),
        (
            (
                row["nomination"],
                f"{row['name']}, {row['unit']}",
                row["title"],
                terminal.say("council_secret" if row["secret"] else "council_open"),
                row["on_list"] or "",
            )
            for row in rows
        ),
    )
    return exits.DONE


@commands.command("call", cls=Command)
@office_act
def call(
    ctx: typer.Context,
    council: Council,
    nominations: Annotated[
        list[int],
        typer.Argument(metavar="NOMINATION", help="council_nominations", parser=values.whole(1)),
    ],
    day: Annotated[date, typer.Option("--day", metavar="DAY", help="council_day", parser=values.day)],
    begins: Annotated[
        str, typer.Option("--at", metavar="TIME", help="council_begins", parser=values.words(5))
    ],
    place: Annotated[
        str, typer.Option("--place", metavar="TEXT", help="council_place", parser=values.words(200))
    ],
) -> Act:
    from casework.council.call_session import call_session

    return lambda d, c, **o: call_session(d, council, day, begins, place, nominations, c, **o)


@commands.command("session", cls=Command)
def session(ctx: typer.Context, session: Session) -> int:
    from casework.home_clock import business_now
    from casework.views.councils import show_session

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        found = show_session(connection, session, 0, business_now(connection), terminal.lang)
    if terminal.json:
        terminal.screen.data({**found, "may": sorted(found["may"])})
        return exits.DONE
    say = terminal.say
    terminal.screen.title(
        say(
            "council_session_title",
            number=session,
            day=found["held_on"],
            begins=found["begins"],
            place=found["place"],
        )
    )
    terminal.screen.line(say("council_who", title=found["title"], unit=found["unit"]["name"]))
    there = found["quorum"]
    terminal.screen.line(
        say("council_there", present=there["present"], members=there["members"], needed=there["needed"])
    )
    lies = found["publicity"]
    if lies is not None and lies["opens"] is not None:
        told = {name: lies[name] for name in ("opens", "ends", "due", "article")}
        terminal.screen.line(say("council_lies_open", **told))
        if not lies["verified"]:
            terminal.screen.line(say("council_unverified"))
        if lies["closed_on"] is not None:
            terminal.screen.line(say("council_publicity_closed", day=lies["closed_on"]))
    if found["standing"] == "voting":
        terminal.screen.line(say("council_came", voted=found["voted"], voters=found["voters"]))
    terminal.screen.table(
        (
            Column(say("number"), number=True),
            Column(say("council_nominee"), share=3),
            Column(say("council_titles"), share=3),
            Column(say("council_votes"), whole=True),
            Column(say("council_outcome"), whole=True),
        ),
        (
            (
                row["nomination"],
                row["name"],
                row["title"],
                _votes(terminal, row),
                ("" if not row["counted"] else say("council_passed" if row["passed"] else "council_failed")),
            )
            for row in found["items"]
        ),
    )
    for group in found["ballots"]:
        terminal.screen.line(say("council_codes", paper=group["paper"], sha256=found["sha256"]))
        for ballot in group["ballots"]:
            terminal.screen.line(f"{ballot['code']}  {' '.join(ballot['choices'])}")
    return exits.DONE


def _votes(terminal: Terminal, row: dict[str, Any]) -> str:
    figures = row["figures"]
    if row["counted"]:
        return terminal.say(
            "council_got", agree=figures["agree"], base=figures["base"], needed=figures["needed"]
        )
    return terminal.say("council_needs", needed=row["will_need"]) if row["will_need"] else ""


@commands.command("attend", cls=Command)
@office_act
def attend(
    ctx: typer.Context,
    session: Session,
    present: Annotated[
        list[str],
        typer.Argument(metavar="PERSON", help="council_present", parser=values.words(120)),
    ],
) -> Act:
    from casework.council.call_session import attend

    return lambda d, c, **o: attend(d, session, present, c, **o)


@commands.command("recuse", cls=Command)
@office_act
def recuse(
    ctx: typer.Context,
    session: Session,
    who: options.PersonCode,
    nomination: Nomination,
    reason: options.Reason,
) -> Act:
    from casework.council.call_session import recuse

    return lambda d, c, **o: recuse(d, session, who, nomination, reason, c, **o)


@commands.command("opinion", cls=Command)
@office_act
def opinion(ctx: typer.Context, session: Session, who: options.PersonCode, choices: Choices) -> Act:
    from casework.council.call_session import write_opinion

    return lambda d, c, **o: write_opinion(d, session, who, dict(choices), c, **o)


@commands.command("open", cls=Command)
@office_act
def open_(ctx: typer.Context, session: Session) -> Act:
    from casework.council.vote import open_ballot

    return lambda d, c, **o: open_ballot(d, session, c, **o)


@commands.command("cast", cls=Command)
def cast(ctx: typer.Context, session: Session, choices: Choices, person: options.AsMust) -> int:
    from casework.council.vote import cast

    terminal: Terminal = ctx.obj
    with terminal.database() as database:
        given = cast(database, session, dict(choices), terminal.call(database, person))
    if terminal.json:
        terminal.screen.data({"codes": [list(code) for code in given.codes], "open": given.open_votes})
        return exits.DONE
    for paper, code in given.codes:
        terminal.screen.line(terminal.say("council_code", paper=paper, code=code))
    if given.open_votes:
        terminal.screen.line(terminal.say("council_by_name", count=given.open_votes))
    return exits.DONE


@commands.command("count", cls=Command)
@office_act
def count(ctx: typer.Context, session: Session) -> Act:
    from casework.council.count import count

    return lambda d, c, **o: count(d, session, c, **o)


@commands.command("cut", cls=Command)
@office_act
def cut(
    ctx: typer.Context,
    session: Session,
    chosen: Annotated[
        list[int] | None,
        typer.Option("--choose", metavar="NOMINATION", help="council_chosen", parser=values.whole(1)),
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="reason", parser=values.words())
    ] = "",
) -> Act:
    from casework.council.places import cut_list

    return lambda d, c, **o: cut_list(d, session, c, chosen=chosen or (), reason=reason, **o)


@commands.command("close", cls=Command)
@office_act
def close(ctx: typer.Context, session: Session) -> Act:
    from casework.council.close import close_session

    return lambda d, c, **o: close_session(d, session, c, **o)


@commands.command("close-publicity", cls=Command)
@office_act
def close_publicity(
    ctx: typer.Context,
    session: Session,
    text: Annotated[
        str, typer.Option("--text", metavar="TEXT", help="publicity_text", parser=values.words())
    ],
) -> Act:
    from casework.council.close_publicity import close_publicity

    return lambda d, c, **o: close_publicity(d, session, text, c, **o)


@commands.command("annul", cls=Command)
@office_act
def annul(ctx: typer.Context, session: Session, reason: options.Reason) -> Act:
    from casework.council.close import annul

    return lambda d, c, **o: annul(d, session, reason, c, **o)
