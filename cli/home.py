"""The home as a whole: preparing it, the sample, the simulated year, and what the doctor finds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import exits, values
from cli.group import Command
from cli.terminal import Terminal
from rehearsal.names import AS_IT_WAS, EDITIONS


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the nouns."""
    app.command("init", cls=Command)(init)
    app.command("run", cls=Command)(run)
    app.command("year", cls=Command)(year)
    app.command("doctor", cls=Command)(doctor)


def init(ctx: typer.Context) -> int:
    from casework.publish import publish
    from models.schema import upgrade_schema
    from rehearsal.sample_files import regulation_texts

    terminal: Terminal = ctx.obj
    settings = terminal.settings
    published = []
    with terminal.alone():
        upgrade_schema(settings.url)
        with terminal.database(prepared=False) as database:
            call = terminal.call(database, None)
            for kind, text in regulation_texts():
                done = publish(database, kind, text, call.part(len(published)))
                published.append({"kind": kind, "sha256": done.sha256, "new": done.new})
    new = sum(row["new"] for row in published)
    if terminal.json:
        terminal.screen.data({"home": str(settings.home), "regulations": published})
    else:
        terminal.screen.line(terminal.say("prepared", home=str(settings.home), count=len(published), new=new))
    return exits.DONE


def run(ctx: typer.Context) -> int:
    from cli.progress import shown_progress
    from cli.status import show_standing
    from rehearsal.run import run_sample

    terminal: Terminal = ctx.obj
    with terminal.alone(), shown_progress(terminal) as progress:
        sample = run_sample(terminal.settings, progress, letters=True)
    if not terminal.json:
        terminal.screen.line(
            terminal.say("sample_fresh" if sample.fresh else "sample_there", acts=sample.acts)
        )
        if sample.other_plan:
            terminal.screen.complain(terminal.say("sample_other_plan"))
        for act in sample.skipped:
            terminal.screen.complain(terminal.say("sample_skipped", act=act))
        terminal.screen.line()
    code = show_standing(terminal)
    if not terminal.json:
        terminal.screen.line(terminal.say("sample_page", page=terminal.settings.page_here))
    return code


def year(
    ctx: typer.Context,
    edition: Annotated[
        str, typer.Option("--year", metavar="EDITION", help="edition", parser=values.one_of(EDITIONS))
    ] = AS_IT_WAS,
    schools: Annotated[
        int | None, typer.Option("--schools", metavar="NUMBER", help="schools", parser=values.whole(1, 5000))
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="NUMBER", help="seed", parser=values.whole())] = 1,
    keep: Annotated[Path | None, typer.Option("--keep", metavar="FOLDER", help="keep")] = None,
    report: Annotated[Path | None, typer.Option("--report", metavar="FILE", help="report")] = None,
    profile: Annotated[bool, typer.Option("--profile", help="profile")] = False,
) -> int:
    from cli.year import play

    if schools is not None and edition != AS_IT_WAS:
        raise values.BadValue("province_plays_one_year", year=AS_IT_WAS)
    return play(
        ctx.obj, year=edition, schools=schools, seed=seed, keep=keep, report_to=report, profile=profile
    )


def doctor(
    ctx: typer.Context,
    papers: Annotated[bool, typer.Option("--papers", help="read_papers")] = False,
) -> int:
    from cli.findings import examine_home

    return examine_home(ctx.obj, read_papers=papers)
