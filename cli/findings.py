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
    if terminal.json:
        terminal.screen.data(
            {
                "findings": [
                    {
                        **finding.as_dict(),
                        "text": say(finding.says, finding.as_dict(), terminal.lang),
                        "mend": say(finding.mend, finding.as_dict(), terminal.lang),
                    }
                    for finding in findings
                ]
            }
        )
    elif not findings:
        terminal.screen.line(terminal.say("healthy"))
    else:
        terminal.screen.complain(terminal.say("findings", count=len(findings)))
        for number, finding in enumerate(findings, 1):
            told = finding.as_dict()
            severity = terminal.say(finding.severity)
            text = f"{severity}: {say(finding.says, told, terminal.lang)}"
            terminal.screen.complain_item(f"{number}. ", text)
            terminal.screen.complain_item("   ", ", ".join(finding.found))
            terminal.screen.complain_item("   ", say(finding.mend, told, terminal.lang))
    return exits.FOUND if findings else exits.DONE
