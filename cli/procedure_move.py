"""`thidua procedure move`: open dossiers brought under a newer version of their procedure."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import exits, options, values
from cli.group import Command
from cli.outcomes import show_outcomes
from cli.terminal import Terminal


def add_to(app: typer.Typer) -> None:
    """Put the command among those of procedures."""
    app.command("move", cls=Command)(move)


def move(
    ctx: typer.Context,
    name: options.RegulationName,
    version: Annotated[
        int, typer.Option("--to", metavar="VERSION", help="to_version", parser=values.whole(1))
    ],
    reason: options.Reason,
    dossiers: Annotated[
        list[str] | None,
        typer.Option("--dossier", metavar="DOSSIER", help="moved_dossier", parser=values.words(120)),
    ] = None,
    person: options.As = None,
    key: options.RequestKey = None,
    dry_run: options.DryRun = False,
) -> int:
    from casework.move_procedure import EVENT, move_procedure

    terminal: Terminal = ctx.obj
    with terminal.database() as database:
        call = terminal.call(database, person, key)
        outcomes = move_procedure(
            database, name, version, reason, call, codes=dossiers or (), dry_run=dry_run
        )
        if not outcomes and not terminal.json:
            terminal.screen.line(terminal.say("nothing_to_move", name=name, version=version))
            return exits.DONE
        return show_outcomes(terminal, database, EVENT, outcomes)
