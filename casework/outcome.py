"""What a run did, or why it did not, in a few words: for a line on the terminal, a table, a page, a log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from notifications.words import catalogue, number, say, say_reason, word
from rules.reasons import Reason

#: of a seal, what tells something to a reader
_SEAL = ("number", "heads", "changed", "mended")


def in_words(flow: str, summary: Mapping[str, Any], lang: str) -> str:
    """The counts of a summary that are not zero, each with its name."""
    told = [
        f"{word('flows', name, lang)}: {number(count, lang)}"
        for name, count in counts_of(flow, summary)
        if count
    ]
    if summary.get("stopped"):
        # A round that was broken off: why, in the words of the post.
        told.append(word("mail", summary["stopped"], lang))
    return "; ".join(told) or say("flows.nothing", None, lang)


def counts_of(flow: str, summary: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The counts of a summary that have a name, zeros too."""
    if flow == "seal" and not summary.get("new", True):
        return
    known = catalogue("flows", "en")
    for name, value in summary.items():
        if flow == "seal" and name not in _SEAL:
            continue
        count = len(value) if isinstance(value, list) and f"{name}_count" not in summary else value
        if name in known and isinstance(count, int) and not isinstance(count, bool):
            yield name, count


def reasons_of(summary: Mapping[str, Any]) -> tuple[Reason, ...]:
    """The reasons for which a run was refused, as the ledger keeps them."""
    return tuple(Reason(told["code"], told["params"], told["article"]) for told in summary.get("reasons", ()))


def trouble_in_words(trouble: str, summary: Mapping[str, Any], lang: str) -> tuple[str, ...]:
    """Why a run failed, a sentence each; what nobody foresaw is said as the program noted it."""
    if reasons := reasons_of(summary):
        return tuple(say_reason(reason, lang) for reason in reasons)
    if storage := summary.get("storage"):
        return (say(f"storage.{storage['code']}", storage, lang),)
    if not trouble:
        return ()
    if trouble in catalogue("flows", lang):
        return (word("flows", trouble, lang),)
    return (say("flows.broken", {"detail": trouble}, lang),)


def concern_in_words(code: str, params: Mapping[str, Any], lang: str) -> str:
    """What the watch found (`casework/watch.py`), with the trouble of a run that failed in words."""
    why = "; ".join(trouble_in_words(params.get("detail", ""), params.get("why", {}), lang))
    return say(f"watch.{code}", {**params, "detail": why.rstrip(".")} if why else params, lang)
