"""Where the page of a regulation is, and the name of its chain."""

from __future__ import annotations

_PATHS = {
    "calendar": "/regulations/calendars/{name}",
    "procedure": "/regulations/procedures/{name}",
    "titles": "/regulations/titles",
    "holidays": "/regulations/holidays/{name}",
    "rulebook": "/regulations/rulebooks/{name}",
    "scorecard": "/regulations/scorecards/{name}",
    "council": "/regulations/councils/{name}",
    "succession": "/regulations/successions/{name}",
}


def path_of(kind: str, name: str) -> str:
    """The page of a published regulation."""
    return _PATHS[kind].format(name=name)


def subject_of(kind: str, name: str) -> str:
    """The chain in which its publishing stands."""
    return f"regulation:{kind}:{name}"
