"""Doing one act and saying what became of it: what every acting command shares."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import typer

from cli import exits, options
from cli.terminal import Terminal

#: what a command of an act gives back: the act itself, waiting for ``(database, call, **options)``
Act = Callable[..., Any]

# What may be typed behind every act, in the order of the help: name → (option, what it is when not typed).
_TAIL: dict[str, tuple[Any, Any]] = {
    "person": (options.As, None),
    "key": (options.RequestKey, None),
    "expect_version": (options.ExpectVersion, None),
    "dry_run": (options.DryRun, False),
}


def dossier_act(command: Callable[..., Act]) -> Callable[..., int]:
    """A command that does an act on the dossier it names: gets the tail of every act, and runs what it gives back."""

    def run(ctx: typer.Context, *, person: Any, key: Any, dry_run: bool, **given: Any) -> int:
        if "expect_version" not in given:
            # A dossier that is being opened has no version yet.
            act, options = command(ctx, **given), {"dry_run": dry_run}
        else:
            expected = given.pop("expect_version")
            act, options = command(ctx, **given), {"expected_version": expected, "dry_run": dry_run}
        about = given.get("dossier")
        return on_dossier(ctx.obj, about, person, key, lambda d, c: act(d, c, **options))

    opening = "dossier" not in inspect.signature(command).parameters
    return _with_tail(command, run, [name for name in _TAIL if not (opening and name == "expect_version")])


def office_act(command: Callable[..., Act]) -> Callable[..., int]:
    """A command that does any other act: gets the tail of every act, and runs what it gives back."""

    def run(ctx: typer.Context, *, person: Any, key: Any, dry_run: bool, **given: Any) -> int:
        act = command(ctx, **given)
        return on_office(ctx.obj, person, key, lambda d, c: act(d, c, dry_run=dry_run))

    return _with_tail(command, run, [name for name in _TAIL if name != "expect_version"])


def _with_tail(command: Callable[..., Act], run: Callable[..., int], tail: list[str]) -> Callable[..., int]:
    """``run`` under the name of ``command``, with its parameters and the tail behind them, for Typer to read."""
    own = inspect.signature(command, eval_str=True)
    added = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=_TAIL[name][1], annotation=_TAIL[name][0]
        )
        for name in tail
    ]
    signature = own.replace(parameters=[*own.parameters.values(), *added], return_annotation=int)
    run.__signature__ = signature  # type: ignore[attr-defined]
    run.__annotations__ = {name: param.annotation for name, param in signature.parameters.items()}
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


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
    if receipt.event == "open" and not receipt.dry_run:
        _show_what_follows(terminal, database, receipt.dossier)


def _show_what_follows(terminal: Terminal, database: Any, dossier: str) -> None:
    """What a new dossier waits for and until when; where that time is over, what helps."""
    from casework.home_clock import business_now
    from casework.load import dossier_by_code
    from casework.views.dossiers import rows_shown

    with database.read() as connection:
        now = business_now(connection)
        (row,) = rows_shown(connection, [dossier_by_code(connection, dossier)], now, terminal.lang)
    if row["next_event"] is None:
        return
    terminal.screen.line(terminal.say("opened_next", event=row["next_event"]))
    if row["late"]:
        terminal.screen.line(
            terminal.say(
                "opened_late", event=row["next_event"], day=row["deadline"], unit=row["unit"]["code"]
            )
        )
    elif row["days_left"] is not None:
        terminal.screen.line(terminal.say("opened_in_time", days=row["days_left"], day=row["deadline"]))
    elif row["deadline"]:
        terminal.screen.line(terminal.say("opened_early", day=row["opens"]))


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


def _milestone_of(payload: dict[str, Any]) -> dict[str, str]:
    return {name: payload[name] for name in ("milestone", "calendar")}


def on_office(terminal: Terminal, person: str | None, key: str | None, act: Callable[[Any, Any], Any]) -> int:
    """Run ``act(database, call)``, which gives a `Done`, and show it."""
    with terminal.database() as database:
        done = act(database, terminal.call(database, person, key))
    if terminal.json:
        terminal.screen.data(done.as_dict())
    else:
        show_done(terminal, done)
    return exits.DONE


def show_done(terminal: Terminal, done: Any) -> None:
    """Say what became of an act that is not on a dossier."""
    from casework.views.found import found_named

    text = "office_tried" if done.dry_run else "office_done_before" if done.replayed else "office_done"
    event = terminal.word("events", done.event)
    with terminal.reading() as connection:
        (subject,) = found_named(connection, [done.subject], terminal.lang)
    if "milestone" in done.payload:
        # Which year was meant is often worked out, not typed.
        subject = terminal.say("milestone_of", subject=subject, **_milestone_of(done.payload))
    terminal.screen.line(terminal.say(text, event=event, subject=subject, seq=done.seq))
    if done.event == "call_session" and not done.dry_run:
        # Everything that follows names the session by its number.
        terminal.screen.line(terminal.say("session_called", number=done.payload["session"]))
