"""The register of initiatives: listed, changed, shown, searched, taken over from a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import exits, options, values
from cli.act import Act, office_act
from cli.group import Command, noun
from cli.screen import Column
from cli.terminal import Terminal
from cli.troubles import reasons_in_words

commands = noun("initiative")

_STANDINGS = ("recognised", "valid", "used", "unused", "taken_back")
Code = Annotated[str, typer.Argument(metavar="INITIATIVE", help="initiative", parser=values.words(120))]
Year = Annotated[str, typer.Option("--year", metavar="YEAR", help="school_year", parser=values.school_year)]
Name = Annotated[
    str, typer.Option("--name", metavar="TEXT", help="initiative_name", parser=values.words(300))
]
Field = Annotated[
    str, typer.Option("--field", metavar="TEXT", help="initiative_field", parser=values.words(120))
]
Effect = Annotated[
    str, typer.Option("--effect", metavar="TEXT", help="initiative_effect", parser=values.words())
]
Applied = Annotated[date, typer.Option("--applied", metavar="DAY", help="applied_on", parser=values.day)]
Authors = Annotated[
    list[Any], typer.Option("--author", metavar="PERSON=SHARE", help="authors", parser=values.author)
]


@commands.command("add", cls=Command)
@office_act
def add(
    ctx: typer.Context,
    unit: options.UnitCode,
    name: Name,
    applied: Applied,
    author: Authors,
    year: Year,
    field: Field = "",
    effect: Effect = "",
) -> Act:
    from casework.initiatives import AuthorInput, InitiativeInput, list_initiatives

    given = InitiativeInput(name, applied, tuple(AuthorInput(*one) for one in author), field, effect)
    return lambda d, c, **o: list_initiatives(d, unit, year, [given], c, **o)


@commands.command("change", cls=Command)
@office_act
def change(
    ctx: typer.Context,
    initiative: Code,
    name: Name,
    applied: Applied,
    author: Authors,
    field: Field = "",
    effect: Effect = "",
) -> Act:
    from casework.initiatives import AuthorInput, InitiativeInput, change_initiative

    given = InitiativeInput(name, applied, tuple(AuthorInput(*one) for one in author), field, effect)
    return lambda d, c, **o: change_initiative(d, initiative, given, c, **o)


@commands.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="UNIT", help="of_school", parser=values.words(120))
    ] = None,
    author: Annotated[
        str | None, typer.Option("--author", metavar="PERSON", help="of_author", parser=values.words(120))
    ] = None,
    year: Annotated[
        str | None, typer.Option("--year", metavar="YEAR", help="of_year", parser=values.school_year)
    ] = None,
    scope: Annotated[
        str | None, typer.Option("--scope", metavar="TITLE", help="of_scope", parser=values.words(20))
    ] = None,
    standing: Annotated[
        str | None,
        typer.Option(
            "--standing", metavar="STANDING", help="initiative_standing", parser=values.one_of(_STANDINGS)
        ),
    ] = None,
    limit: options.Limit = 100,
) -> int:
    from casework.home_clock import business_now
    from casework.views.initiatives import Wanted, list_of_initiatives, refuse_unknown

    terminal: Terminal = ctx.obj
    wanted = Wanted(unit or "", author or "", year or "", scope or "", standing or "")
    with terminal.reading() as connection:
        refuse_unknown(connection, unit=unit, author=author, scope=scope)
        now = business_now(connection)
        found = list_of_initiatives(connection, wanted, now, terminal.lang, limit=limit)
    say = terminal.say
    if terminal.json:
        terminal.screen.data({"total": found.total, "initiatives": found.rows})
        return exits.DONE
    if not found.rows:
        terminal.screen.line(say("no_initiative"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(say("code"), share=3),
            Column(say("initiative"), share=5),
            Column(say("authors"), share=4),
            Column(say("recognised"), share=3),
            Column(say("used"), number=True),
        ),
        (
            (
                row["code"],
                row["name"],
                "\n".join(say("share", name=a["name"], share=a["share"]) for a in row["authors"]),
                "\n".join((*(_recognised(terminal, one) for one in row["recognised"]), *_came(terminal, row)))
                or "–",
                row["used"],
            )
            for row in found.rows
        ),
        say("initiatives_title", count=found.total),
    )
    if found.total > len(found.rows):
        terminal.screen.line(say("more_rows", count=found.total - len(found.rows)))
    return exits.DONE


def _recognised(terminal: Terminal, one: dict[str, Any]) -> str:
    if one["until"] is None:
        return str(one["short"])
    return terminal.say("recognised_until", scope=one["short"], day=one["until"])


def _came(terminal: Terminal, row: dict[str, Any]) -> list[str]:
    """The file from which an initiative was taken over, if it was."""
    came = row["taken_over"]
    return [terminal.say("taken_over_from", file=came["file"], number=came["import"])] if came else []


@commands.command("take-back", cls=Command)
@office_act
def take_back(ctx: typer.Context, initiative: Code, reason: options.Reason) -> Act:
    """An initiative that was listed by mistake is taken off the list."""
    from casework.take_back_initiative import take_back_initiative

    return lambda d, c, **o: take_back_initiative(d, initiative, reason, c, **o)


@commands.command("show", cls=Command)
def show(ctx: typer.Context, initiative: Code) -> int:
    from casework.home_clock import business_now
    from casework.views.initiatives import show_initiative

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        found = show_initiative(connection, initiative, business_now(connection), terminal.lang)
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    say, line = terminal.say, terminal.screen.line
    line(f"{found['code']}  {found['name']}")
    of = {"unit": found["unit"]["name"], "year": found["year"]}
    applied = found["applied_on"]
    line(say("initiative_of", **of, day=applied) if applied else say("initiative_of_year", **of))
    if came := found["taken_over"]:
        line(say("initiative_taken_over", file=came["file"], number=came["import"], at=came["at"]))
    if found["taken_back"]:
        back = found["taken_back"]
        line(
            say(
                "initiative_taken_back", at=back["at"], person=back["by"]["name"], reason=back["reason"] or ""
            )
        )
    for part in filter(None, (found["field"], found["effect"])):
        line(part)
    for author in found["authors"]:
        line(say("author_line", name=author["name"], staff=author["code"], share=author["share"]))
    for way in found["ways"]:
        line(say("initiative_way", dossier=way["dossier"], title=way["title_name"], outcome=way["outcome"]))
    for one in found["recognised"]:
        line(
            say("initiative_recognised", title=one["title_name"], number=one["number"], day=one["decided_on"])
        )
        if one["until"]:
            line(say("initiative_until", day=one["until"]))
    for use in found["uses"]:
        told = {"who": use["who"], "title": use["title_name"]}
        if use["earlier"]:
            line(say("initiative_use_earlier", **told, year=use["year"]))
        else:
            line(say("initiative_use", **told, dossier=use["dossier"]))
    if found["used"] > 1:
        line(say("uses_again", count=found["used"] - 1))
    return exits.DONE


@commands.command("import", cls=Command)
def import_(
    ctx: typer.Context,
    unit: options.UnitCode,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="initiative_file")],
    year: Year,
    write: Annotated[bool, typer.Option("--write", help="write_list")] = False,
    person: options.As = None,
    key: options.RequestKey = None,
) -> int:
    from casework.initiative_list import MOST_ROWS, look_at_initiatives, typed_table
    from casework.initiatives import list_initiatives
    from cli.act import show_done
    from cli.papers import listed_in

    terminal: Terminal = ctx.obj
    typed = listed_in(file, MOST_ROWS, typed_table, terminal.lang)
    with terminal.database() as database:
        call = terminal.call(database, person, key)
        seen = look_at_initiatives(database, unit, year, typed, call, terminal.lang)
        wrong = bool(seen.reasons) or len(seen.good) < len(seen.rows)
        if not terminal.json:
            _print_list(terminal, seen)
        if wrong or not write:
            if terminal.json:
                terminal.screen.data({"rows": [_row(row) for row in seen.rows], "written": False})
            else:
                terminal.screen.line(terminal.say("list_not_written" if wrong else "list_to_write"))
            return exits.REFUSED if wrong else exits.DONE
        given = [row.given for row in seen.rows if row.given is not None]
        done = list_initiatives(database, unit, year, given, call)
    if terminal.json:
        terminal.screen.data(done.as_dict())
    else:
        show_done(terminal, done)
        terminal.screen.line(terminal.say("list_written", codes=", ".join(done.payload["codes"])))
    return exits.DONE


def _row(row: Any) -> dict[str, Any]:
    return {
        "name": row.typed.name,
        "authors": [{"code": a.code, "share": a.share} for a in row.authors],
        "good": row.good,
        "reasons": [reason.as_dict() for reason in row.reasons],
    }


def _print_list(terminal: Terminal, seen: Any) -> None:
    say = terminal.say
    for text in reasons_in_words(terminal, seen.reasons, None):
        terminal.screen.line(text)
    terminal.screen.table(
        (
            Column(say("number"), number=True),
            Column(say("initiative"), share=4),
            Column(say("authors"), share=3),
            Column(say("result"), share=5),
        ),
        (
            (
                number,
                row.typed.name,
                "\n".join(say("share", name=a.name or a.code, share=a.share) for a in row.authors),
                "\n".join(reasons_in_words(terminal, row.reasons, None)) or say("row_good"),
            )
            for number, row in enumerate(seen.rows, 1)
        ),
        say("list_seen", good=len(seen.good), of=len(seen.rows)),
    )
