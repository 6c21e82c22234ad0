"""What a run did, or why it did not, in a few words: for a line on the terminal, a table, a page, a log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from notifications.concerns import concern_told
from notifications.words import catalogue, number, say, say_reason, word
from rules.reasons import Reason

#: of a round of letters that was broken off, what its letter says
_TOLD_OF_ROUND = ("sent", "left", "stopped")
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


def concern_in_words(code: str, params: Mapping[str, Any], lang: str, *, short: bool = False) -> str:
    """What the watch found (`casework/watch.py`), with why a run failed, what a round did, or the first units, in
    words; ``short``: without what to do about it."""
    detail = _detail(params, lang).rstrip(".")
    return concern_told(code, {**params, "detail": detail} if detail else params, lang, short=short)


def _detail(params: Mapping[str, Any], lang: str) -> str:
    if "did" in params:
        return in_words("deliver", params["did"], lang)
    if "units" in params:
        named = "; ".join(f"{unit['name']} ({unit['code']})" for unit in params["units"])
        more = params["count"] - len(params["units"])
        return f"{named}; {say('terminal.more_found', {'count': more}, lang)}" if more > 0 else named
    return "; ".join(trouble_in_words(params.get("detail", ""), params.get("why", {}), lang))


def run_in_words(standing: str, flow: str, trouble: str, summary: Mapping[str, Any], lang: str) -> str:
    """Why a run needs a look, in one line: its trouble, or how far a round came that was broken off."""
    if standing == "broken_off":
        return in_words(flow, {name: summary[name] for name in _TOLD_OF_ROUND if name in summary}, lang)
    return "; ".join(trouble_in_words(trouble, summary, lang)).rstrip(".")
