"""The history checked and given out."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import exits, values
from cli.group import Command, noun
from cli.terminal import Terminal

commands = noun("audit")


@commands.command("verify", cls=Command)
def verify(
    ctx: typer.Context,
    seals: Annotated[
        str | None, typer.Option("--seals", metavar="FOLDER", help="seals_folder", parser=values.words())
    ] = None,
) -> int:
    from casework.audit.snapshot import snapshot
    from casework.audit.verify import verify
    from casework.seal import kept_seals
    from cli.progress import shown_progress

    terminal: Terminal = ctx.obj
    folder = Path(seals) if seals is not None else terminal.settings.seals
    if seals is not None and not (seals.strip() and folder.is_dir()):
        raise values.BadValue("no_such_folder", folder=values.shortened(seals))
    with (
        terminal.database() as database,
        # Before the moment of the database: a seal that is made in between would know what that moment lacks.
        nullcontext(kept_seals(folder)) as kept,
        snapshot(database) as connection,
        shown_progress(terminal) as progress,
    ):
        verdict = verify(connection, progress=lambda done, total: progress("verify", done, total), seals=kept)
    if terminal.json:
        terminal.screen.data(verdict.as_dict())
    elif verdict.sound:
        terminal.screen.line(terminal.say("history_sound", entries=verdict.entries, chains=verdict.chains))
        _tell_seal(terminal, verdict.seal)
    else:
        terminal.screen.complain(
            terminal.say("history_bad", chains=verdict.bad_chains, entries=verdict.entries)
        )
        for bad in verdict.bad:
            terminal.screen.complain(
                "  " + terminal.say("bad_entry", subject=bad.subject, seq=bad.seq, what=bad.what)
            )
    return exits.DONE if verdict.sound else exits.FOUND


def _tell_seal(terminal: Terminal, seal: Any) -> None:
    if not seal.number:
        terminal.screen.line(terminal.say("never_sealed"))
        return
    terminal.screen.line(terminal.say("sealed_line", number=seal.number, day=seal.day, heads=seal.heads))
    if seal.unprotected:
        terminal.screen.line(terminal.say("unprotected_line", count=seal.unprotected, since=seal.since))


@commands.command("seal", cls=Command)
def seal(ctx: typer.Context) -> int:
    from casework.ledger import run_in_home

    terminal: Terminal = ctx.obj
    done = run_in_home(terminal.settings, "seal", via=terminal.via)
    if terminal.json:
        terminal.screen.data(done.summary)
    else:
        terminal.screen.line(
            terminal.say("sealed" if done.summary["new"] else "sealed_before", **done.summary)
        )
    return exits.DONE


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
