"""What a run did, in a few words: for a line on the terminal, a table, a log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from notifications.words import catalogue, number, say, word

#: of a seal, what tells something to a reader
_SEAL = ("number", "heads", "changed", "mended")


def in_words(flow: str, summary: Mapping[str, Any], lang: str) -> str:
    """The counts of a summary that are not zero, each with its name."""
    told = [
        f"{word('flows', name, lang)}: {number(count, lang)}"
        for name, count in _counts(flow, summary)
        if count
    ]
    if summary.get("stopped"):
        # A round that was broken off: why, in the words of the post.
        told.append(word("mail", summary["stopped"], lang))
    return "; ".join(told) or say("flows.nothing", None, lang)


def _counts(flow: str, summary: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    if flow == "seal" and not summary.get("new", True):
        return
    known = catalogue("flows", "en")
    for name, value in summary.items():
        if flow == "seal" and name not in _SEAL:
            continue
        count = len(value) if isinstance(value, list) and f"{name}_count" not in summary else value
        if name in known and isinstance(count, int) and not isinstance(count, bool):
            yield name, count
