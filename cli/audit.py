"""The history checked and given out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import exits
from cli.group import Command, noun
from cli.terminal import Terminal

commands = noun("audit")


@commands.command("verify", cls=Command)
def verify(ctx: typer.Context) -> int:
    from casework.audit.snapshot import snapshot
    from casework.audit.verify import verify
    from cli.progress import shown_progress

    terminal: Terminal = ctx.obj
    with (
        terminal.database() as database,
        snapshot(database) as connection,
        shown_progress(terminal) as progress,
    ):
        verdict = verify(connection, progress=lambda done, total: progress("verify", done, total))
    if terminal.json:
        terminal.screen.data(verdict.as_dict())
    elif verdict.sound:
        terminal.screen.line(terminal.say("history_sound", entries=verdict.entries, chains=verdict.chains))
    else:
        terminal.screen.complain(
            terminal.say("history_bad", chains=verdict.bad_chains, entries=verdict.entries)
        )
        for bad in verdict.bad:
            terminal.screen.complain(
                "  " + terminal.say("bad_entry", subject=bad.subject, seq=bad.seq, what=bad.what)
            )
    return exits.DONE if verdict.sound else exits.FOUND


@commands.command("export", cls=Command)
def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="export_file")],
) -> int:
    from casework.audit.export import export
    from casework.audit.snapshot import snapshot
    from casework.home_clock import business_now

    terminal: Terminal = ctx.obj
    with (
        terminal.database() as database,
        snapshot(database) as connection,
        # Never over what is there: an export is evidence.
        file.open("x", encoding="utf-8", newline="\n") as out,
    ):
        exported = export(connection, out, business_now(connection))
    told = {
        "file": str(file),
        "entries": exported.entries,
        "heads": exported.heads,
        "sha256": exported.sha256,
    }
    if terminal.json:
        terminal.screen.data(told)
    else:
        terminal.screen.line(terminal.say("exported", **told))
    return exits.DONE
