"""Procedures: checked, published, listed, shown and drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import options
from cli.group import Command
from cli.regulation import regulation_noun
from cli.screen import Column
from cli.status import period
from cli.terminal import Terminal
from notifications.words import word
from states.vocabulary import HERE

commands = regulation_noun("procedure", "procedure")


@commands.command("show", cls=Command)
def show(ctx: typer.Context, name: options.RegulationName) -> int:
    from casework.views.regulations import procedure_named, show_procedure

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        found = show_procedure(procedure_named(connection, name), terminal.lang)
    if terminal.json:
        terminal.screen.data(found)
        return 0
    say = terminal.say
    terminal.screen.title(f"{found['name']} · {found['title']}")
    terminal.screen.line(f"{period(terminal, found)} · {say('levels_line', levels=found['levels'])}")
    terminal.screen.line(say("source_line", source=found["source"], sha256=found["sha256"]))
    labels = {state["name"]: state["label"] for state in found["states"]}
    desks = {desk["name"]: desk["label"] for desk in found["desks"]}
    terminal.screen.line()
    terminal.screen.table(
        (Column(say("state"), share=4), Column(say("kind"), share=3), Column(say("desk"), share=4)),
        (
            (
                f"{s['label']} ({s['name']})",
                terminal.word("kinds", s["kind"]),
                desks.get(s["desk"], s["desk"]),
            )
            for s in found["states"]
        ),
        say("states_title"),
    )
    terminal.screen.line()
    terminal.screen.table(
        (
            Column(say("act"), share=3),
            Column(say("from_state"), share=4),
            Column(say("to_state"), share=3),
            Column(say("desk"), share=3),
            Column(say("needs"), share=3),
        ),
        (
            (
                terminal.word("events", s["event"]),
                ", ".join(labels[name] for name in s["from"][:3]) + (" …" if len(s["from"]) > 3 else ""),
                labels.get(s["to"]) or say("back"),
                desks.get(s["desk"]) or (say("here") if s["desk"] == HERE else say("calendar")),
                ", ".join(
                    [word("inputs", i, terminal.lang) for i in s["provides"]]
                    + [word("papers", p, terminal.lang) for p in s["papers"]]
                ),
            )
            for s in found["steps"]
        ),
        say("steps_title"),
    )
    return 0


@commands.command("diagram", cls=Command)
def diagram(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="diagram_name")] = None,
    write: Annotated[bool, typer.Option("--write", help="diagram_write")] = False,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="diagram_to")] = None,
) -> int:
    from kit.settings import ROOT
    from rehearsal.sample_files import regulation_texts
    from states.diagram import lifecycle_page, mermaid
    from states.procedure import read_procedure

    terminal: Terminal = ctx.obj
    if name is not None:
        from casework.views.regulations import procedure_named

        with terminal.reading() as connection:
            text = mermaid(procedure_named(connection, name), terminal.lang, word)
    else:
        read = [read_procedure(text)[0] for kind, text in regulation_texts() if kind == "procedure"]
        text = lifecycle_page((procedure for procedure in read if procedure is not None), word)
    target = to or (ROOT / "docs" / "lifecycle.md" if write else None)
    if target is None:
        terminal.screen.plain(text)
        return 0
    target.write_text(text, encoding="utf-8")
    terminal.screen.line(terminal.say("written", file=str(target)))
    return 0
