"""Whether what an item says is still true: a table, kind of letter → check."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# An item of one of these names the due day of a debt, and is true while somebody owes just that.
OF_DEBTS = frozenset({"opened", "deadline", "lapse_warning", "overdue", "escalation", "dates_moved"})
# What happened, happened.
FOR_GOOD = frozenset(
    {"received", "extension", "delegation", "mail_trouble", "password_changed", "ranking", "prize_proposed"}
)
# True while the dossier lies at the desk that was told and an objection to it waits for a conclusion.
OF_OBJECTIONS = frozenset({"objection"})
# True while the school that is told has an open sheet in the bloc's year.
OF_SHEETS = frozenset({"sheet_waits"})
# Several verdicts on one dossier that turn are one thing to look at again.
OF_VERDICTS = frozenset({"verdict_changed"})
# What a council's session must be for its letter to be true still.
OF_SESSIONS = {
    "council_called": ("called", "voting"),
    "council_written": ("called", "voting"),
    "council_result": ("closed",),
}
# Their letter carries a one-time link, which is drawn when it is handed over and kept nowhere (docs/sign-in.md).
WITH_LINK = frozenset({"reset"})

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Present:
    """What is true now: state and desk of dossiers and due days of debts, by subject; which links are open; open
    objections and sheets."""

    states: Mapping[str, str] = field(default_factory=dict)
    due: Mapping[str, str] = field(default_factory=dict)
    desks: Mapping[str, str] = field(default_factory=dict)
    links: Collection[str] = ()
    #: how many objections to each dossier wait for a conclusion, by subject; only of those that items tell of
    objections: Mapping[str, int] = field(default_factory=dict)
    #: (bloc's year, school) that have open sheets
    sheets: Collection[tuple[str, str]] = ()
    #: standings of councils' sessions, by their numbers
    sessions: Mapping[str, str] = field(default_factory=dict)


def _owed(item: Item, present: Present) -> bool:
    return item["subject"] in present.due and present.due[item["subject"]] == item["facts"].get("due")


def _for_good(_item: Item, _present: Present) -> bool:
    return True


def _link_open(item: Item, present: Present) -> bool:
    return item["facts"].get("link") in present.links


def _still_objected(item: Item, present: Present) -> bool:
    return bool(present.objections.get(item["subject"])) and _in_state(item, present)


def _sheet_open(item: Item, present: Present) -> bool:
    return (item["subject"], item["facts"].get("unit")) in present.sheets


def _session_stands(item: Item, present: Present) -> bool:
    return present.sessions.get(item["facts"].get("session", "")) in OF_SESSIONS[item["kind"]]


def _in_state(item: Item, present: Present) -> bool:
    subject, facts = item["subject"], item["facts"]
    if "state" in facts and present.states.get(subject) != facts["state"]:
        return False
    # A dossier may come to another desk without a step, when it moves to another version of its procedure.
    return "desk" not in facts or present.desks.get(subject) == facts["desk"]


_CHECKS: dict[str, Callable[[Item, Present], bool]] = {
    **dict.fromkeys(OF_DEBTS, _owed),
    **dict.fromkeys(FOR_GOOD, _for_good),
    **dict.fromkeys(WITH_LINK, _link_open),
    **dict.fromkeys(OF_OBJECTIONS, _still_objected),
    **dict.fromkeys(OF_SHEETS, _sheet_open),
    **dict.fromkeys(OF_SESSIONS, _session_stands),
}


def holds(item: Item, present: Present) -> bool:
    """Whether the item is still true; a kind without a check of its own holds while the dossier
    is in its state, and at its desk where it names one.
    """
    return _CHECKS.get(item["kind"], _in_state)(item, present)


def version_of(item: Item) -> int:
    """The version of the dossier that the item's key names; 0 where it names something else."""
    parts = item["key"].split("/")
    return int(parts[2]) if len(parts) > 3 and parts[2].isascii() and parts[2].isdigit() else 0


def still_holding(items: Iterable[Item], present: Present) -> tuple[list[Item], list[Item]]:
    """Of one letter's items those that hold, in a lasting order, and those to be struck.

    Of several that tell of one dossier's state only the newest is told: it came, went and came back. So it is with
    verdicts on one dossier.
    """
    kept: list[Item] = []
    struck: list[Item] = []
    newest: dict[str, Item] = {}
    for item in items:
        if not holds(item, present):
            struck.append(item)
        elif item["kind"] in _CHECKS or not _told_once(item):
            kept.append(item)
        else:
            rivals = [item, newest[item["subject"]]] if item["subject"] in newest else [item]
            newest[item["subject"]], *older = sorted(rivals, key=_age, reverse=True)
            struck += older
    kept.extend(newest.values())
    return sorted(kept, key=lambda item: item["key"]), struck


def _told_once(item: Item) -> bool:
    return item["kind"] in OF_VERDICTS or item["facts"].get("state") is not None


def _age(item: Item) -> tuple[int, Any]:
    return version_of(item), item["queued_at"]
