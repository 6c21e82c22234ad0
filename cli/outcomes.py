"""What became of each dossier of an act on many: a table of receipts and reasons."""

from __future__ import annotations

from typing import Any

from cli import exits
from cli.act import state_label
from cli.screen import Column
from cli.terminal import Terminal
from notifications.words import say_reason


def show_outcomes(terminal: Terminal, database: Any, event: str, outcomes: list[Any]) -> int:
    """Show each `Outcome`; gives the exit code: refused where at least one dossier was."""
    from casework.views.naming import named

    refused = sum(outcome.receipt is None for outcome in outcomes)
    rows, plain = [], []
    with database.read() as connection:
        for outcome in outcomes:
            receipt = outcome.receipt
            told = named(connection, outcome.reasons, terminal.lang, outcome.dossier)
            texts = [say_reason(reason, terminal.lang) for reason in told]
            label = state_label(connection, outcome.dossier, receipt.state, terminal.lang) if receipt else ""
            rows.append((outcome.dossier, _verdict(terminal, receipt), label or _numbered(texts)))
            plain.append(
                {
                    "dossier": outcome.dossier,
                    "done": receipt is not None,
                    "receipt": receipt.as_dict() if receipt else None,
                    "reasons": [
                        {**reason.as_dict(), "text": text}
                        for reason, text in zip(outcome.reasons, texts, strict=True)
                    ],
                }
            )
    if terminal.json:
        terminal.screen.data({"event": event, "refused": refused, "dossiers": plain})
    else:
        terminal.screen.table(
            (
                Column(terminal.say("dossier"), whole=True),
                Column(terminal.say("outcome"), whole=True),
                Column(terminal.say("stands_at_or_why"), share=1),
            ),
            rows,
            terminal.say(
                "bulk_title",
                event=terminal.word("events", event),
                done=len(outcomes) - refused,
                refused=refused,
            ),
        )
    return exits.REFUSED if refused else exits.DONE


def _verdict(terminal: Terminal, receipt: Any) -> str:
    if receipt is None:
        return terminal.say("outcome_refused")
    if receipt.dry_run:
        return terminal.say("outcome_tried")
    return terminal.say("outcome_before" if receipt.replayed else "outcome_done")


def _numbered(texts: list[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))
