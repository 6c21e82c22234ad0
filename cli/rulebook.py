"""Rulebooks: checked, published, listed, shown as tables, and two of them compared in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import exits, options, values
from cli.group import Command
from cli.papers import read_regulation
from cli.regulation import regulation_noun
from cli.screen import Column
from cli.terminal import Terminal

if TYPE_CHECKING:
    from casework.views.rulebooks import Names
    from kit.strict_yaml import Fault
    from published.rulebooks import Rulebook
    from published.titles import Title

_SIDES = Annotated[str, typer.Argument(metavar="NAME", help="rulebook_side", parser=values.words(4000))]


def _look(terminal: Terminal, file: Path) -> int:
    """Tell every fault of a rulebook, beside the catalogue and the other rulebooks too; nothing is stored."""
    from casework.regulations import check_regulation
    from cli.troubles import show_faults
    from kit.canonical import sha256_hex

    text = read_regulation(file)
    name, faults = check_regulation("rulebook", text)
    faults = faults or _beside(terminal, text)
    if faults or name is None:
        show_faults(terminal, faults, str(file))
        return exits.UNSOUND
    sha256 = sha256_hex(text)
    if terminal.json:
        data = {"file": str(file), "kind": "rulebook", "name": name, "sha256": sha256, "faults": []}
        terminal.screen.data(data)
    else:
        terminal.screen.line(terminal.say("sound", name=name, sha256=sha256))
    return exits.DONE


commands = regulation_noun("rules", "rulebook", _look)


def _beside(terminal: Terminal, text: bytes) -> tuple[Fault, ...]:
    """Its faults beside what this home has published; beside this program's own titles where there is no home."""
    from casework.law.beside import faults_beside
    from kit.database import StorageTrouble
    from published.rulebooks import read_rulebook
    from published.rulebooks.beside import beside

    try:
        with terminal.reading() as connection:
            return faults_beside(connection, text)
    except StorageTrouble as trouble:
        if trouble.code != "database_not_prepared":
            raise
    book, _ = read_rulebook(text)
    return beside(book, _own_titles(), ()) if book else ()


def _own_titles() -> dict[str, Title] | None:
    from published.titles import read_titles
    from rehearsal.sample_files import regulation_texts

    return next(read_titles(text)[0] for kind, text in regulation_texts() if kind == "titles")


@commands.command("show", cls=Command)
def show(
    ctx: typer.Context,
    name: options.RegulationName,
    title: Annotated[
        str | None,
        typer.Option("--title", metavar="TITLE", help="rulebook_title", parser=values.words(20)),
    ] = None,
) -> int:
    from casework.views.rulebooks import show_rulebook
    from rules.reasons import Reason, Refused

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        found = show_rulebook(connection, name, terminal.lang)
    if title is not None:
        found["titles"] = [one for one in found["titles"] if one["title"] == title.upper()]
        if not found["titles"]:
            raise Refused([Reason("title_without_conditions", {"title": title, "name": name})])
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    _show(terminal, found, whole=title is None)
    return exits.DONE


def _show(terminal: Terminal, found: dict[str, Any], *, whole: bool) -> None:
    say, told = terminal.say, terminal.told
    terminal.screen.title(f"{found['name']} · {found['title']}")
    terminal.screen.line(told("rulebooks", "since_until", since=found["since"], until=found["until"]))
    terminal.screen.line(say("source_line", source=found["source"], sha256=found["sha256"]))
    terminal.screen.line(found["told"])
    if whole:
        for row in found["head"]:
            mark = "" if row["article"] is None else f" ({row['article']}; {_mark(terminal, row)})"
            terminal.screen.line(row["text"].removesuffix(".") + mark + ("" if mark else "."))
    for one in found["titles"]:
        terminal.screen.line()
        heading = f"{one['name']} · {terminal.word('subjects', one['subject'])} · {one['rule']}"
        _table(terminal, [*one["conditions"], *one["others"]], heading, "condition")
    for part in ("money", "grading") if whole else ():
        if found[part]:
            terminal.screen.line()
            _table(terminal, found[part], told("rulebooks", part), "line")


def _table(terminal: Terminal, rows: list[dict[str, Any]], heading: str, head: str) -> None:
    told = terminal.told
    terminal.screen.table(
        (
            Column(told("rulebooks", head), share=6),
            Column(told("rulebooks", "article"), share=4),
            Column(told("rulebooks", "checked"), share=3),
        ),
        (
            (
                "– " * row.get("depth", 0) + _capital(row["text"]) + (":" if row.get("how") else ""),
                row["article"] or "",
                "" if row["article"] is None else f"{_mark(terminal, row)}: {row['source']}",
            )
            for row in rows
        ),
        heading,
    )


def _mark(terminal: Terminal, row: dict[str, Any]) -> str:
    from casework.views.rulebooks import mark_of

    return terminal.told("rulebooks", mark_of(row))


def _capital(text: str) -> str:
    from notifications.words import capital

    return capital(text)


@commands.command("diff", cls=Command)
def diff(
    ctx: typer.Context,
    old: _SIDES,
    new: _SIDES,
    year: Annotated[
        str | None,
        typer.Option("--year", metavar="YEAR", help="rulebook_year", parser=values.school_year),
    ] = None,
) -> int:
    from casework.views.rulebooks import changes_told

    terminal: Terminal = ctx.obj
    sides = [_side(terminal, side) for side in (old, new)]
    if any(side is None for side in sides):
        return exits.UNSOUND
    earlier, later = (side for side in sides if side is not None)
    found = changes_told(earlier, later, terminal.lang, _names(terminal))
    if year is not None:
        found["turned"] = _turned(terminal, earlier, later, year)
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    told = terminal.told
    if not found["changes"]:
        terminal.screen.line(told("rulebooks", "nothing_changes"))
    else:
        terminal.screen.table(
            (
                Column(told("rulebooks", "where"), share=3),
                Column(told("rulebooks", "kind"), whole=True),
                Column(told("rulebooks", "before"), share=5),
                Column(told("rulebooks", "after"), share=5),
            ),
            (
                (
                    row["where"],
                    told("rulebooks", row["kind"]),
                    _told_side(terminal, row["was"]),
                    _told_side(terminal, row["now"]),
                )
                for row in found["changes"]
            ),
            told("rulebooks", "changes", old=old, new=new, count=len(found["changes"])),
        )
    if found["cited"]:
        terminal.screen.line(told("rulebooks", "cited_counts", count=len(found["cited"])))
    if "turned" in found:
        _show_turned(terminal, found["turned"])
    return exits.DONE


def _turned(terminal: Terminal, earlier: Rulebook, later: Rulebook, year: str) -> dict[str, Any]:
    from casework.home_clock import business_now
    from casework.views.turned import turned_told
    from rules.windows import local_day

    with terminal.reading() as connection:
        return turned_told(connection, earlier, later, year, local_day(business_now(connection)))


def _show_turned(terminal: Terminal, turned: dict[str, Any]) -> None:
    """Which nominations of the office would get another answer."""
    told = terminal.told
    if not turned["total"]:
        terminal.screen.line(told("rulebooks", "turns_nothing", year=turned["school_year"]))
        return

    def answer(outcome: str) -> str:
        return terminal.word("eligibility", outcome)

    terminal.screen.table(
        (
            Column(told("rulebooks", "nominee"), share=4),
            Column(told("rulebooks", "title"), share=3),
            Column(told("rulebooks", "dossier"), share=4),
            Column(told("rulebooks", "before"), whole=True),
            Column(told("rulebooks", "after"), whole=True),
        ),
        (
            (row["name"], row["title"], row["dossier"], answer(row["was"]), answer(row["now"]))
            for row in turned["nominations"]
        ),
        told("rulebooks", "turns", year=turned["school_year"], count=turned["total"]),
    )
    for row in turned["counts"]:
        terminal.screen.line(f"{row['title']}: {answer(row['was'])} → {answer(row['now'])}: {row['count']}")


def _told_side(terminal: Terminal, side: dict[str, Any] | None) -> str:
    if side is None:
        return "–"
    if side["article"] is None:
        return str(side["text"])
    mark = "" if side["verified"] else f"; {_mark(terminal, side)}"
    return f"{side['text']} ({side['article']}{mark})"


def _side(terminal: Terminal, side: str) -> Rulebook | None:
    """A file, else the newest version of a published name; None after telling the faults of a file."""
    from casework.regulations import rulebook_named
    from cli.troubles import show_faults
    from kit.canonical import sha256_hex
    from published.rulebooks import read_rulebook

    if not Path(side).is_file():
        with terminal.reading() as connection:
            return rulebook_named(connection, side)
    text = read_regulation(Path(side))
    book, faults = read_rulebook(text, sha256_hex(text))
    if faults or book is None:
        show_faults(terminal, faults, side)
        return None
    return book


def _names(terminal: Terminal) -> Names:
    """Titles by the catalogue of the home, by this program's own where there is no home."""
    from casework.views.naming import titles_named, titles_short
    from casework.views.rulebooks import Names
    from kit.database import StorageTrouble

    try:
        with terminal.reading() as connection:
            return Names(titles_short(connection), titles_named(connection, terminal.lang))
    except StorageTrouble as trouble:
        if trouble.code != "database_not_prepared":
            raise
    titles = _own_titles() or {}
    return Names(
        {code: title.short for code, title in titles.items()},
        {code: title.name[terminal.lang] for code, title in titles.items()},
    )
