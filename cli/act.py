"""Doing one act and saying what became of it: what every acting command shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cli import exits
from cli.terminal import Terminal


def on_dossier(
    terminal: Terminal,
    dossier: str | None,
    person: str | None,
    key: str | None,
    act: Callable[[Any, Any], Any],
) -> int:
    """Run ``act(database, call)``, which gives a `Receipt`, and show it with the state in words."""
    terminal.about = dossier
    with terminal.database() as database:
        receipt = act(database, terminal.call(database, person, key))
        show_receipt(terminal, database, receipt)
    return exits.DONE


def show_receipt(terminal: Terminal, database: Any, receipt: Any) -> None:
    """What was done to a dossier, and where it stands now."""
    if terminal.json:
        terminal.screen.data(receipt.as_dict())
        return
    with database.read() as connection:
        label = state_label(connection, receipt.dossier, receipt.state, terminal.lang)
    text = "tried" if receipt.dry_run else "done_before" if receipt.replayed else "done"
    event = terminal.word("events", receipt.event)
    terminal.screen.line(
        terminal.say(text, event=event, dossier=receipt.dossier, state=label, version=receipt.version)
    )


def state_label(connection: Any, dossier: str, state: str, lang: str) -> str:
    """What a state of a dossier's procedure is called; the dossier of a tried opening does not exist."""
    from sqlalchemy import select

    from casework.load import DOSSIER
    from casework.regulations import chart_of

    sha256 = connection.execute(select(DOSSIER.c.procedure_sha256).where(DOSSIER.c.code == dossier)).scalar()
    if sha256 is None:
        return state
    states = chart_of(connection, sha256).procedure.states
    return states[state].label[lang] if state in states else state


def on_office(terminal: Terminal, person: str | None, key: str | None, act: Callable[[Any, Any], Any]) -> int:
    """Run ``act(database, call)``, which gives a `Done`, and show it."""
    with terminal.database() as database:
        done = act(database, terminal.call(database, person, key))
    if terminal.json:
        terminal.screen.data(done.as_dict())
        return exits.DONE
    text = "office_tried" if done.dry_run else "office_done_before" if done.replayed else "office_done"
    event = terminal.word("events", done.event)
    terminal.screen.line(terminal.say(text, event=event, subject=done.subject, seq=done.seq))
    return exits.DONE
