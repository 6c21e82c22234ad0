"""The money of awards: of one decision line by line, of a school year in sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import exits, options, values
from cli.group import Command, noun
from cli.screen import Column
from cli.terminal import Terminal
from notifications.words import money, number, say

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from casework.sight import Sight

commands = noun("money")

Number = Annotated[str, typer.Argument(metavar="DECISION", help="decision_numbered", parser=values.words(80))]
SchoolYear = Annotated[str, typer.Argument(metavar="YEAR", help="school_year", parser=values.school_year)]
InYear = Annotated[
    int | None, typer.Option("--in", metavar="NUMBER", help="decided_in", parser=values.whole(1900, 9999))
]
OfBody = Annotated[
    str | None, typer.Option("--of", metavar="UNIT", help="decided_by", parser=values.words(120))
]


@commands.command("sheet", cls=Command)
def sheet(
    ctx: typer.Context,
    decision: Number,
    year: InYear = None,
    body: OfBody = None,
    person: options.As = None,
) -> int:
    from casework.law.money_lines import notes_together, times_text, totals_told
    from casework.law.money_sheet import decision_numbered, money_sheet
    from casework.law.money_sight import not_for_you

    terminal: Terminal = ctx.obj
    lang = terminal.lang
    with terminal.reading() as connection:
        day, sight = _reader(connection, person)
        wanted = decision_numbered(connection, decision, year, body)
        found = money_sheet(connection, wanted, lang, day, sight)
    if found is None:
        not_for_you(decision)
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    screen = terminal.screen
    shown = found["decision"]
    screen.title(say("money.title", shown, lang))
    screen.line(say("money.of", {**shown, "day": shown["decided_on"], "body": shown["issued_by"]}, lang))
    if found["rulebook"]:
        screen.line(say("money.rulebook", {"name": found["rulebook"]}, lang))
    elif found["rows"]:
        screen.line(say("money.no_table", {"day": shown["decided_on"]}, lang))
    if not found["rows"] and not found["fallen"]:
        screen.line(say("money.no_awards", None, lang))
        return exits.DONE
    rows = [*found["rows"], *found["fallen"]]
    screen.table(
        (
            Column(say("money.holder", None, lang), share=3),
            Column(say("money.award", None, lang), share=3),
            Column(say("money.times", None, lang), number=True, whole=True),
            Column(say("money.base", None, lang), number=True, whole=True),
            Column(say("money.amount", None, lang), number=True, whole=True),
            Column(say("money.paid", None, lang), number=True, whole=True),
        ),
        (
            (
                f"{place}. {row['holder']['name']}",
                row["title_name"],
                number(times_text(row["times"]), lang) if row["times"] else "",
                number(row["base"], lang) if row["base"] else "",
                number(row["amount"], lang) if row["times"] and row["base"] else "",
                number(row["paid"], lang),
            )
            for place, row in enumerate(rows, 1)
        ),
    )
    for places, note in notes_together(rows, lang):
        screen.item(f"{places}: ", note)
    screen.line()
    for line in totals_told(found["totals"], lang):
        screen.line(line)
    return exits.DONE


@commands.command("year", cls=Command)
def year(ctx: typer.Context, school_year: SchoolYear, person: options.As = None) -> int:
    from casework.law.money_lines import totals_told
    from casework.law.money_sheet import money_year

    terminal: Terminal = ctx.obj
    lang = terminal.lang
    with terminal.reading() as connection:
        day, sight = _reader(connection, person)
        found = money_year(connection, school_year, lang, day, sight)
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    screen = terminal.screen
    screen.title(say("money.year_title", {"year": school_year}, lang))
    if not found["totals"]["awards"]:
        screen.line(say("money.year_none", {"year": school_year}, lang))
        return exits.DONE
    for name, head in (("titles", "by_title"), ("units", "by_unit"), ("decisions", "by_decision")):
        _sums(terminal, found[name], say(f"money.{head}", None, lang))
    for line in totals_told(found["totals"], lang):
        screen.line(line)
    return exits.DONE


def _reader(connection: Connection, person: str | None) -> tuple[date, Sight | None]:
    """The home's day, and what the person who was named may see (None: nobody was named)."""
    from casework.home_clock import business_now
    from casework.people import person_by_code
    from casework.sight import sight_of
    from rules.windows import local_day

    day = local_day(business_now(connection))
    return day, sight_of(
        connection, person_by_code(connection, person)["id"], day
    ) if person is not None else None


def _sums(terminal: Terminal, rows: Sequence[Mapping[str, Any]], title: str) -> None:
    lang = terminal.lang
    terminal.screen.table(
        (
            Column(title, share=1),
            Column(say("money.count", None, lang), number=True, whole=True),
            Column(say("money.left_out", None, lang), number=True, whole=True),
            Column(say("money.paid", None, lang), number=True, whole=True),
        ),
        ((_name(row, lang), row["awards"], row["left_out"], money(row["paid"], lang)) for row in rows),
    )
    terminal.screen.line()


def _name(row: Mapping[str, Any], lang: str) -> str:
    if "decision" in row:
        told = row["decision"]
        return say(
            "money.decision_value",
            {"number": told["number"], "day": told["decided_on"], "body": told["issued_by"]},
            lang,
        )
    return str(row["name"]) or say("money.no_unit", None, lang)
