"""What the doctor found, on the terminal."""

from __future__ import annotations

from cli import exits
from cli.terminal import Terminal
from notifications.words import say


def examine_home(terminal: Terminal, *, read_papers: bool) -> int:
    """Run every invariant and tell what does not hold, and how to mend it."""
    from casework.audit.snapshot import snapshot
    from casework.doctor.examine import examine
    from casework.home_clock import business_now
    from casework.views.found import found_named
    from cli.papers import paper_store
    from cli.progress import shown_progress

    store = paper_store(terminal.settings)
    with (
        terminal.database() as database,
        snapshot(database) as connection,
        shown_progress(terminal) as progress,
    ):
        findings = examine(
            connection,
            business_now(connection),
            store=store,
            read_papers=read_papers,
            progress=lambda done, total: progress("examine", done, total),
        )
        names = [found_named(connection, finding.found, terminal.lang) for finding in findings]
    told = [
        {**finding.as_dict(), "named": named, "first": named[0]}
        for finding, named in zip(findings, names, strict=True)
    ]
    for finding, plain in zip(findings, told, strict=True):
        plain |= {
            "text": say(finding.says, plain, terminal.lang),
            "mend": say(finding.mend, plain, terminal.lang),
        }
    if terminal.json:
        terminal.screen.data({"findings": told})
    elif not told:
        terminal.screen.line(terminal.say("healthy"))
    else:
        terminal.screen.complain(terminal.say("findings", count=len(told)))
        for number, plain in enumerate(told, 1):
            text = f"{terminal.say(plain['severity'])}: {plain['text']}"
            terminal.screen.complain_item(f"{number}. ", text)
            where = ", ".join(plain["named"])
            if plain["count"] > len(plain["named"]):
                where += " " + terminal.say("more_found", count=plain["count"] - len(plain["named"]))
            terminal.screen.complain_item("   ", where)
            terminal.screen.complain_item("   ", plain["mend"])
    return exits.FOUND if findings else exits.DONE
