"""The year running by itself on this machine, until it is told to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from cli import exits
from cli.group import Command
from cli.terminal import Terminal

if TYPE_CHECKING:
    from casework.ledger import RunDone


def add_to(app: typer.Typer) -> None:
    """Put this command beside the nouns."""
    app.command("up", cls=Command)(up)


def up(ctx: typer.Context) -> int:
    from casework.outcome import in_words, trouble_in_words
    from flows.up import Beside, run_up

    terminal: Terminal = ctx.obj

    def tell(code: str, **params: Any) -> None:
        if terminal.json:
            terminal.screen.data({"told": code, **params})
        else:
            terminal.screen.line(terminal.say(code, **params))

    def told_run(run: RunDone) -> None:
        if terminal.json:
            terminal.screen.data(run.as_dict())
            return
        if run.standing == "failed":
            what = "; ".join(trouble_in_words(run.trouble, run.summary, terminal.lang))
        else:
            what = in_words(run.flow, run.summary, terminal.lang)
        at = terminal.say("moment", at=run.finished_at or run.started_at)
        terminal.screen.line(
            terminal.say("flow_line", at=at, flow=run.flow, standing=run.standing, what=what)
        )

    with terminal.database():
        pass
    settings = terminal.settings
    pages = Beside(
        name="pages",
        arguments=("-m", "web.serve", "--with-parent"),
        host=settings.page_host,
        port=settings.page_port,
        setting="THIDUA_PAGE_PORT",
        told="up_pages",
    )
    run_up(settings, tell, told_run, beside=[pages])
    return exits.DONE
