"""What the rules say of a person or a unit and a title, of a whole dossier: an officer's note at the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import typer

from cli import exits, options, values
from cli.group import Command, noun
from cli.screen import Column
from cli.terminal import Terminal

commands = noun("eligibility")

_INDENT = "  "


@commands.command("explain", cls=Command)
def explain(
    ctx: typer.Context,
    who: Annotated[str, typer.Argument(metavar="PERSON", help="eligibility_who", parser=values.words(120))],
    title: Annotated[str, typer.Argument(metavar="TITLE", help="title", parser=values.words(20))],
    year: Annotated[
        str | None,
        typer.Option("--year", metavar="YEAR", help="eligibility_year", parser=values.school_year),
    ] = None,
    on: Annotated[
        date | None, typer.Option("--on", metavar="DAY", help="eligibility_on", parser=values.day)
    ] = None,
) -> int:
    from casework.home_clock import business_now
    from casework.views.eligibility_asked import asked_of
    from casework.views.eligibility_asked import explain as explained
    from rules.windows import local_day

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        day = on or local_day(business_now(connection))
        wanted = asked_of(connection, who, title, year, day)
        told = explained(connection, wanted, terminal.lang)
    if terminal.json:
        terminal.screen.data(told)
        return exits.DONE
    for head, text in note_of(terminal, told):
        terminal.screen.item(head, text) if text else terminal.screen.line()
    return exits.DONE


@commands.command("dossier", cls=Command)
def dossier(ctx: typer.Context, dossier: options.DossierCode) -> int:
    from casework.home_clock import business_now
    from casework.load import dossier_by_code
    from casework.views.eligibility_asked import sheet_of
    from rules.windows import local_day

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        row = dossier_by_code(connection, dossier)
        rows = sheet_of(connection, row, local_day(business_now(connection)), terminal.lang)
    if terminal.json:
        terminal.screen.data({"nominations": rows})
        return exits.DONE
    if not rows:
        terminal.screen.line(terminal.say("eligibility_nothing"))
        return exits.DONE
    say = terminal.say
    terminal.screen.table(
        (
            Column(say("number"), whole=True, number=True),
            Column(say("nominee"), share=3),
            Column(say("title"), share=3),
            Column(say("eligibility_answer"), whole=True),
            Column(say("eligibility_open"), share=6),
        ),
        (
            (
                str(one["nomination"]),
                one["holder"]["name"],
                one["title_name"],
                terminal.word("eligibility", one["outcome"]),
                "; ".join(_open(one["findings"])) or one["why"],
            )
            for one in rows
        ),
        say("eligibility_title", dossier=dossier, count=len(rows)),
    )
    return exits.DONE


def note_of(terminal: Terminal, told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The answer as an officer would note it: what stands before a paragraph, and the paragraph; none: a blank line."""
    yield "", told["headline"]
    yield from (("", matter) for matter in told["matters"])
    if told["why"]:
        yield "", told["why"]
    if told["rulebook_told"]:
        yield "", f"{told['rulebook_told']} {told['chosen']}"
    if told["findings"]:
        yield "", ""
        for finding in told["findings"]:
            yield from _branch(terminal, finding, "")
    if told["missing_head"]:
        yield "", ""
        yield "", told["missing_head"]
        for number, way in enumerate(told["missing"], start=1):
            for place, change in enumerate(way):
                mark = f"{number}." if place == 0 else _INDENT
                yield f"{_INDENT}{mark} ", f"{change['what']} ({change['standing_told']})"
        yield "", told["earliest_told"]
        if told["nearest_told"]:
            yield "", told["nearest_told"]


def _branch(terminal: Terminal, finding: Mapping[str, Any], indent: str) -> Iterator[tuple[str, str]]:
    if finding["how"]:
        yield indent, finding["head"]
        for part in finding["parts"]:
            yield from _branch(terminal, part, indent + _INDENT)
        return
    unverified = f"; {terminal.word('eligibility', 'unverified')}" if not finding["verified"] else ""
    yield f"{indent}{_MARKS[finding['outcome']]} ", f"{finding['asks']} ({finding['article']}{unverified})"
    inner = indent + _INDENT
    if found := " ".join(text for text in (finding["found"], finding["why"]) if text):
        yield inner, found
    yield from ((f"{inner}– ", row) for row in finding["evidence"])
    for part in finding["parts"]:
        yield from _branch(terminal, part, inner)


_MARKS = {"met": "✓", "not_met": "✕", "unknown": "?", "judged": "·"}


def _open(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is not met or not known, the innermost of it."""
    found: list[str] = []
    for finding in findings:
        if finding["outcome"] not in ("not_met", "unknown"):
            continue
        if finding["parts"]:
            found += _open(finding["parts"])
        else:
            found.append(finding["asks"])
    return found
