"""The flows: run by hand, their ledger, and the watch over the home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import exits, options, values
from cli.group import Command, noun
from cli.screen import Column
from cli.terminal import Terminal

if TYPE_CHECKING:
    from casework.ledger import RunDone

commands = noun("flow")

FlowName = Annotated[str, typer.Argument(metavar="FLOW", help="flow_name", parser=values.words(40))]
Part = Annotated[str, typer.Option("--part", metavar="CODE", help="part", parser=values.words(60))]


@commands.command("run", cls=Command)
def run(ctx: typer.Context, name: FlowName, part: Part = "") -> int:
    from casework.ledger import known_flow, run_in_home
    from casework.outcome import in_words

    terminal: Terminal = ctx.obj
    done = run_in_home(terminal.settings, known_flow(name), via=terminal.via, part=part)
    if terminal.json:
        terminal.screen.data(done.as_dict())
    else:
        what = in_words(done.flow, done.summary, terminal.lang)
        if done.standing == "broken_off":
            terminal.screen.complain(terminal.say("flow_broken_off", flow=done.flow, what=what))
        else:
            terminal.screen.line(terminal.say("flow_done", flow=done.flow, what=what))
    return exits.BROKEN_OFF if done.standing == "broken_off" else exits.DONE


@commands.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    flow: Annotated[
        str | None, typer.Option("--flow", metavar="FLOW", help="flow_of", parser=values.words(40))
    ] = None,
    prefect: Annotated[bool, typer.Option("--prefect", help="from_prefect")] = False,
    limit: options.Limit = 50,
) -> int:
    from casework.ledger import known_flow, list_runs

    terminal: Terminal = ctx.obj
    flow = known_flow(flow) if flow is not None else None
    with terminal.reading() as connection:
        if prefect:
            from flows.monitor import recent_runs

            seen = recent_runs(connection, terminal.settings, flow=flow, limit=limit)
            runs, total = list(seen.runs), len(seen.runs)
            if seen.away and not terminal.json:
                terminal.screen.complain(terminal.say("flows_from_ledger", address=seen.address))
        else:
            done, total = list_runs(connection, flow=flow, limit=limit)
            runs = [_row(run) for run in done]
    if terminal.json:
        told: dict[str, Any] = {"total": total, "runs": runs}
        terminal.screen.data(told | ({"from": seen.source, "address": seen.address} if prefect else {}))
        return exits.DONE
    if not runs:
        terminal.screen.line(terminal.say("no_runs"))
        return exits.DONE
    _table(terminal, runs, total)
    return exits.DONE


def _row(run: RunDone) -> dict[str, Any]:
    return run.as_dict() | {"seconds": run.seconds}


def _table(terminal: Terminal, runs: list[dict[str, Any]], total: int) -> None:
    terminal.screen.table(
        (
            Column(terminal.say("flow_when"), whole=True),
            Column(terminal.say("flow"), share=2),
            Column(terminal.say("standing"), whole=True),
            Column(terminal.say("flow_took"), number=True, whole=True),
            Column(terminal.say("flow_what"), share=5),
        ),
        (
            (
                terminal.say("moment", at=run["started_at"]),
                " ".join(filter(None, (terminal.word("flows", run["flow"]), run["part"]))),
                terminal.word("flows", run["standing"]),
                "" if run["seconds"] is None else f"{run['seconds']:.1f}",
                _what(terminal, run),
            )
            for run in runs
        ),
        terminal.say("flows_title", count=total),
    )
    if total > len(runs):
        terminal.screen.line(terminal.say("more_rows", count=total - len(runs)))


def _what(terminal: Terminal, run: dict[str, Any]) -> str:
    from casework.ledger import ENDED
    from casework.outcome import in_words, trouble_in_words

    missed = terminal.say("missed_days", count=run["missed_days"]) if run["missed_days"] else ""
    if run["trouble"]:
        told = trouble_in_words(run["trouble"], run["summary"], terminal.lang)
        return "; ".join(filter(None, (missed, *told)))
    what = in_words(run["flow"], run["summary"], terminal.lang) if run["standing"] in ENDED else ""
    return "; ".join(filter(None, (missed, what)))


def add_to(app: typer.Typer) -> None:
    """Put the watch beside the nouns."""
    app.command("watch", cls=Command)(watch)


def watch(ctx: typer.Context) -> int:
    from casework.outcome import concern_in_words
    from casework.watch import concerns_of

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        concerns = concerns_of(connection, terminal.settings)
    texts = [concern_in_words(concern.code, concern.params, terminal.lang) for concern in concerns]
    if terminal.json:
        told = [{**c.as_dict(), "text": text} for c, text in zip(concerns, texts, strict=True)]
        terminal.screen.data({"concerns": told})
    elif not concerns:
        terminal.screen.line(terminal.say("nothing_to_watch"))
    else:
        terminal.screen.complain(terminal.say("watch_title", count=len(concerns)))
        for number, text in enumerate(texts, 1):
            terminal.screen.complain_item(f"{number}. ", text)
    return exits.FOUND if concerns else exits.DONE
