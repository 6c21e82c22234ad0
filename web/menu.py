"""What stands in the menu of a page: what this person may ask for, and where she is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casework.views.planning import plans

if TYPE_CHECKING:
    from web.visit import Visit


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its words are ``pages.menu.<name>``; ``here`` while one of its pages is shown."""

    name: str
    path: str
    here: bool


# name, path, and which people see it
_ENTRIES = (
    ("today", "/", "all"),
    ("queue", "/queue", "all"),
    ("dossiers", "/dossiers", "all"),
    ("calendar", "/calendar", "all"),
    ("eligibility", "/eligibility", "all"),
    ("initiatives", "/initiatives", "all"),
    ("careers", "/careers", "all"),
    ("councils", "/councils", "all"),
    ("movements", "/movements", "planner"),
    ("office", "/office", "administrator"),
    ("runs", "/runs", "administrator"),
    ("letters", "/letters", "administrator"),
    ("regulations", "/regulations", "administrator"),
    ("history", "/history", "administrator"),
)


def menu_of(visit: Visit) -> tuple[Entry, ...]:
    """The menu of a visit; empty for somebody who is not signed in."""
    if visit.person is None:
        return ()
    path = visit.request.url.path
    return tuple(
        Entry(name, where, path == where or (where != "/" and path.startswith(f"{where}/")))
        for name, where, who in _ENTRIES
        if who == "all" or visit.sight.administers or (who == "planner" and plans(visit.sight))
    )
