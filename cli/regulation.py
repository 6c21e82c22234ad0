"""What procedures, calendars, titles and succession maps share: files are checked, published and listed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import typer

from cli import exits, options
from cli.group import Command, noun
from cli.papers import read_regulation
from cli.screen import Column
from cli.terminal import Terminal


def regulation_noun(
    name: str,
    kind: str,
    look: Callable[[Terminal, Path], int] | None = None,
    foresee: Callable[[Terminal, Path], None] | None = None,
) -> typer.Typer:
    """The commands of one kind of regulation: ``check``, ``publish`` and ``list``. Its file adds what it has beside.

    ``look`` checks a file where more is to be said than its faults. A dry run of publishing says the same, and with
    ``foresee`` what would change for what is open.
    """
    commands = noun(name)

    def examine(terminal: Terminal, file: Path) -> int:
        return look(terminal, file) if look is not None else check_file(terminal, kind, file)

    @commands.command("check", cls=Command)
    def check(ctx: typer.Context, file: options.RegulationFile) -> int:
        return examine(ctx.obj, file)

    @commands.command("publish", cls=Command)
    def publish(
        ctx: typer.Context,
        file: options.RegulationFile,
        person: options.As = None,
        dry_run: options.DryRun = False,
    ) -> int:
        if not dry_run:
            return publish_file(ctx.obj, kind, file, person)
        code = examine(ctx.obj, file)
        if foresee is not None and code == exits.DONE and not ctx.obj.json:
            foresee(ctx.obj, file)
        return code

    @commands.command("list", cls=Command)
    def list_(ctx: typer.Context) -> int:
        return list_published(ctx.obj, kind)

    return commands


def check_file(terminal: Terminal, kind: str, file: Path) -> int:
    """Tell every fault of a file; nothing is stored."""
    from casework.regulations import check_regulation
    from cli.troubles import show_faults
    from kit.canonical import sha256_hex

    text = read_regulation(file)
    name, faults = check_regulation(kind, text)
    if faults or name is None:
        show_faults(terminal, faults, str(file))
        return exits.UNSOUND
    sha256 = sha256_hex(text)
    if terminal.json:
        terminal.screen.data({"file": str(file), "kind": kind, "name": name, "sha256": sha256, "faults": []})
    else:
        terminal.screen.line(terminal.say("sound", name=name, sha256=sha256))
    return exits.DONE


def publish_file(terminal: Terminal, kind: str, file: Path, person: str | None) -> int:
    """Publish a file that has no fault."""
    from casework.publish import publish
    from casework.regulations import check_regulation
    from cli.troubles import show_faults

    text = read_regulation(file)
    name, faults = check_regulation(kind, text)
    if faults or name is None:
        show_faults(terminal, faults, str(file))
        return exits.UNSOUND
    with terminal.database() as database:
        published = publish(database, kind, text, terminal.call(database, person))
    if terminal.json:
        terminal.screen.data({"name": name, "kind": kind, "sha256": published.sha256, "new": published.new})
    else:
        told = "published" if published.new else "published_before"
        terminal.screen.line(terminal.say(told, name=name, sha256=published.sha256))
    return exits.DONE


def list_published(terminal: Terminal, kind: str) -> int:
    """Every published version of a kind of regulation."""
    from casework.views.regulations import list_regulations

    with terminal.reading() as connection:
        rows = list_regulations(connection, kind)
    if terminal.json:
        terminal.screen.data({"kind": kind, "versions": rows})
        return exits.DONE
    if not rows:
        terminal.screen.line(terminal.say("nothing_published"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(terminal.say("name"), share=2),
            Column(terminal.say("version"), number=True),
            Column(terminal.say("published_on"), whole=True),
            Column("SHA-256", share=3),
        ),
        (
            (row["name"], row["version"], terminal.say("moment", at=row["published_at"]), row["sha256"])
            for row in rows
        ),
    )
    return exits.DONE
