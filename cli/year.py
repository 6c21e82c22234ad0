"""The sample year on the terminal: played in a throw-away home, checked, and summed up."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from cli import exits
from cli.number import show_numbers
from cli.progress import shown_progress
from cli.screen import Column
from cli.terminal import Terminal


def play(
    terminal: Terminal,
    *,
    year: str,
    schools: int | None,
    seed: int,
    keep: Path | None,
    report_to: Path | None,
    profile: bool,
) -> int:
    """Play the year; exit code 7 where something did not go as it must."""
    from kit.settings import Settings
    from rehearsal.report.write import ready_to_write, write_report
    from rehearsal.year import play_year

    if report_to is not None:
        ready_to_write(report_to)
    elif keep is not None:
        report_to = keep / "report.html"
    folder: Any = (
        nullcontext(str(keep)) if keep is not None else tempfile.TemporaryDirectory(prefix="thidua-")
    )
    with folder as home:
        # A home of its own, whatever database the settings name: a rehearsal never plays in a real one.
        settings = Settings(
            home=Path(home),
            database_url="",
            sqlite_synchronous=terminal.settings.sqlite_synchronous,
        )
        with terminal.alone(settings.home), shown_progress(terminal) as progress:
            report = play_year(
                settings,
                year=year,
                schools=schools,
                seed=seed,
                progress=progress,
                profile=profile,
                # A province's letters stay in the outbox: a hundred thousand files help nobody.
                letters=schools is None,
            )
            checked = _checked(settings, progress)
            titles = _titles(settings, terminal.lang)
            plain = report.as_dict() | checked
            seconds = plain.pop("seconds")
            if report_to is not None:
                write_report(settings, plain, report_to, terminal.lang)
    sound = not (report.unexpected or report.unfinished or checked["doctor"]) and checked["audit"]["sound"]
    if terminal.json:
        # Times differ from one run to the next: without --profile the same seed gives the same text.
        terminal.screen.data(plain | {"seconds": seconds} if profile else plain)
    else:
        _show(terminal, plain, titles)
        if report_to is not None:
            terminal.screen.line(terminal.say("year_report", file=str(report_to.absolute())))
        else:
            terminal.screen.line(terminal.say("year_no_report"))
        if profile:
            _show_seconds(terminal, seconds)
    return exits.DONE if sound else exits.FOUND


def _checked(settings: Any, progress: Any) -> dict[str, Any]:
    """What the audit and the doctor say of the home, as plain data."""
    from casework.audit.snapshot import snapshot
    from casework.audit.verify import verify
    from casework.doctor.examine import examine
    from casework.home_clock import business_now
    from cli.papers import paper_store
    from kit.database import Database

    database = Database(settings.url)
    try:
        with snapshot(database) as connection:
            verdict = verify(connection, progress=lambda done, total: progress("verify", done, total))
            findings = examine(connection, business_now(connection), store=paper_store(settings))
    finally:
        database.close()
    return {
        "audit": {"sound": verdict.sound, "entries": verdict.entries, "chains": verdict.chains},
        "doctor": [finding.as_dict() for finding in findings],
    }


def _titles(settings: Any, lang: str) -> list[dict[str, Any]]:
    """The four numbers of each title, with its name."""
    from casework.views.numbers import four_numbers
    from kit.database import Database

    database = Database(settings.url)
    try:
        with database.read() as connection:
            return four_numbers(connection, lang)
    finally:
        database.close()


def _show(terminal: Terminal, report: dict[str, Any], titles: list[dict[str, Any]]) -> None:
    from rehearsal.side_ways import COUNTED_IN

    screen, say = terminal.screen, terminal.say
    screen.title(
        say(
            "year_title",
            year=report["year"],
            first=report["first_day"],
            last=report["last_day"],
            seed=report["seed"],
        )
    )
    dossiers = sum(count for kinds in report["dossiers"].values() for count in kinds.values())
    told = {name: report[name] for name in ("schools", "people")}
    screen.line(say("year_size", **told, dossiers=dossiers, entries=report["history_entries"]))
    screen.line()
    levels = list(report["dossiers"])
    kinds = list(dict.fromkeys(kind for counts in report["dossiers"].values() for kind in counts))
    screen.table(
        (
            Column(say("ended_as"), share=1),
            *(Column(terminal.word("levels", level), number=True) for level in levels),
            Column(say("total"), number=True),
        ),
        (
            (
                terminal.word("kinds", kind),
                *(report["dossiers"][level].get(kind, 0) for level in levels),
                sum(report["dossiers"][level].get(kind, 0) for level in levels),
            )
            for kind in kinds
        ),
        say("year_dossiers"),
    )
    screen.line()
    show_numbers(terminal, titles, say("year_numbers"))
    screen.line(say("year_numbers_note"))
    screen.line()
    screen.table(
        (Column(say("happened"), share=1), Column(say("how_often"), number=True), Column(say("counted"))),
        (
            (terminal.word("side_ways", way), count, terminal.word("counted_in", COUNTED_IN[way]))
            for way, count in report["side_ways"].items()
        ),
        say("year_side_ways"),
    )
    screen.line()
    screen.line(say("year_refused", count=report["refused_acts"]))
    screen.line(say("history_sound" if report["audit"]["sound"] else "year_history_bad", **report["audit"]))
    screen.line(say("findings", count=len(report["doctor"])) if report["doctor"] else say("healthy"))
    _show_warnings(terminal, report["warnings"])
    for code in report["unfinished"]:
        screen.complain(say("year_unfinished", dossier=code))
    for act in report["unexpected"]:
        screen.complain(say("year_unexpected", act=act))


def _show_warnings(terminal: Terminal, warnings: Sequence[dict[str, Any]]) -> None:
    """What the linter warned of before the calendar was played as it was planned."""
    from cli.calendar_check import show_findings
    from published.lint.findings import Finding

    if warnings:
        terminal.screen.line()
        terminal.screen.line(terminal.say("year_warnings"))
        show_findings(terminal, [Finding(**warning) for warning in warnings])


def _show_seconds(terminal: Terminal, seconds: dict[str, float]) -> None:
    terminal.screen.line()
    terminal.screen.table(
        (Column(terminal.say("part"), share=1), Column(terminal.say("seconds"), number=True)),
        ((name, terminal.say("decimal", value=round(spent, 2))) for name, spent in seconds.items()),
        terminal.say("seconds_title"),
    )
