"""What procedures, calendars, titles and succession maps share: checking, publishing and listing them."""

from __future__ import annotations

from pathlib import Path

from cli import exits
from cli.papers import read_regulation
from cli.screen import Column
from cli.terminal import Terminal


def check_file(terminal: Terminal, kind: str, file: Path) -> int:
    """Tell every fault of a file; nothing is stored."""
    from casework.regulations import check_regulation
    from cli.troubles import show_faults
    from kit.canonical import sha256_hex

    text = read_regulation(file)
    name, faults = check_regulation(kind, text)
    if faults or name is None:
        show_faults(terminal, faults, str(file))
        return exits.UNSOUND
    sha256 = sha256_hex(text)
    if terminal.json:
        terminal.screen.data({"file": str(file), "kind": kind, "name": name, "sha256": sha256, "faults": []})
    else:
        terminal.screen.line(terminal.say("sound", name=name, sha256=sha256))
    return exits.DONE


def publish_file(terminal: Terminal, kind: str, file: Path, person: str | None, dry_run: bool) -> int:
    """Publish a file that has no fault."""
    from casework.publish import publish
    from casework.regulations import check_regulation
    from cli.troubles import show_faults

    text = read_regulation(file)
    name, faults = check_regulation(kind, text)
    if faults or name is None:
        show_faults(terminal, faults, str(file))
        return exits.UNSOUND
    if dry_run:
        return check_file(terminal, kind, file)
    with terminal.database() as database:
        published = publish(database, kind, text, terminal.call(database, person))
    if terminal.json:
        terminal.screen.data({"name": name, "kind": kind, "sha256": published.sha256, "new": published.new})
    else:
        told = "published" if published.new else "published_before"
        terminal.screen.line(terminal.say(told, name=name, sha256=published.sha256))
    return exits.DONE


def list_published(terminal: Terminal, kind: str) -> int:
    """Every published version of a kind of regulation."""
    from casework.views.regulations import list_regulations

    with terminal.reading() as connection:
        rows = list_regulations(connection, kind)
    if terminal.json:
        terminal.screen.data({"kind": kind, "versions": rows})
        return exits.DONE
    if not rows:
        terminal.screen.line(terminal.say("nothing_published"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(terminal.say("name"), share=2),
            Column(terminal.say("version"), number=True),
            Column(terminal.say("published_on"), whole=True),
            Column("SHA-256", share=3),
        ),
        (
            (row["name"], row["version"], terminal.say("moment", at=row["published_at"]), row["sha256"])
            for row in rows
        ),
    )
    return exits.DONE
