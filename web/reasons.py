"""Reasons on pages: those that were given, put together of several fields; those against an act, folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from notifications.words import capital, catalogue
from rules.reasons import Reason
from web.forms import Form
from web.words import Words

# As many of one kind are told one by one.
_FEW = 3
_LONGEST, _LONGEST_COMMON = 2_000, 300
_PINNING = frozenset({"return", "hold"})
#: the fields of the papers and of the nominations that a reason is pinned to
_PINNED_TO = ("pin_paper", "pin_nomination")


@dataclass(frozen=True, slots=True)
class Fold:
    """Reasons of one kind: those that are said, and those that are only counted until somebody asks."""

    said: tuple[Reason, ...]
    more: tuple[Reason, ...] = ()


def folded(reasons: Iterable[Reason]) -> list[Fold]:
    """Reasons with those of one kind together, in the order in which each kind comes first."""
    kinds: dict[str, list[Reason]] = {}
    for reason in reasons:
        kinds.setdefault(reason.code, []).append(reason)
    return [
        Fold(tuple(same)) if len(same) <= _FEW else Fold(tuple(same[:1]), tuple(same[1:]))
        for same in kinds.values()
    ]


def common_reasons(about: str, lang: str) -> list[str]:
    """What is often given as a reason for an event, or for an ``opinion``, in the order of the catalogue."""
    start = f"dossier_page.common.{about}."
    return [text for code, text in catalogue("pages", lang).items() if code.startswith(start)]


def pins(event: str) -> bool:
    """Whether the reason of an event may be pinned to papers and nominations."""
    return event in _PINNING


def pins_in(form: Form, event: str) -> bool:
    """Whether something was ticked that the reason is pinned to."""
    return pins(event) and any(name in form.fields for name in _PINNED_TO)


def reason_given(form: Form, dossier: Mapping[str, Any], words: Words, *, needed: bool) -> str:
    """The reason of a step: what it is pinned to first, then the common one, then what was written.

    ``dossier``: its ``papers`` and ``nominations`` where `pins_in` says that the reason is pinned, else empty. Without
    any words there is no reason, whatever was ticked; a fault is noted where one is needed.
    """
    common = form.text("common", longest=_LONGEST_COMMON)
    own = form.text("reason", longest=_LONGEST)
    if not common and not own:
        if needed:
            form.faults["reason"] = "needed"
        return ""
    pinned = _pinned(form, dossier, words) if dossier else []
    return "\n".join([*pinned, *filter(None, (common, own))])


def _pinned(form: Form, dossier: Mapping[str, Any], words: Words) -> list[str]:
    papers, nominations = (set(form.wholes(name)) for name in _PINNED_TO)
    named = {
        "papers": [paper_named(row, words) for row in dossier["papers"] if row["id"] in papers],
        "nominations": [nominee_named(row) for row in dossier["nominations"] if row["id"] in nominations],
    }
    return [
        words(f"dossier_page.step.pinned_{what}", names="; ".join(names))
        for what, names in named.items()
        if names
    ]


def paper_named(paper: Mapping[str, Any], words: Words) -> str:
    """A paper by its kind and name."""
    return f"{capital(words.word('papers', paper['kind']))} “{paper['name']}”"


def nominee_named(nomination: Mapping[str, Any]) -> str:
    """A nomination by its number, nominee and title."""
    return f"{nomination['id']} ({nomination['nominee']}, {nomination['title_name']})"


def namesakes(nominations: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Names that several of the nominees bear: only they need their code beside them."""
    codes: dict[str, set[str]] = {}
    for row in nominations:
        if row["person"]:
            codes.setdefault(row["person"]["name"], set()).add(row["person"]["code"])
    return frozenset(name for name, those in codes.items() if len(those) > 1)


def why_not(reasons: Sequence[Reason]) -> tuple[Reason, int] | None:
    """What stands beside a button that cannot be used: the first reason, and how many more there are."""
    return (reasons[0], len(reasons) - 1) if reasons else None
