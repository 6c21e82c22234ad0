"""A rulebook as values: conditions, each with where it is written, in the days in which it is in force.

`published/rulebooks.py` reads them from a file; here nothing is read and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

ALL, ANY = "all", "any"


@dataclass(frozen=True, slots=True)
class Cited:
    """From which article a number is, where that was read, and whether it was."""

    article: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """One word of the closed vocabulary with its values. ``since`` and ``until`` None: as long as its rulebook. ``id``
    names a condition that changes in the course of its rulebook: on each day, one of its name is in force."""

    word: str
    values: Mapping[str, Any]
    cited: Cited
    since: date | None = None
    until: date | None = None
    line: int = 0
    id: str = ""

    def in_force(self, day: date) -> bool:
        """Whether the condition is asked on ``day``."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that must all hold (`all`), or of which one is enough (`any`)."""

    how: str
    parts: tuple[Node, ...]


Node: TypeAlias = "Condition | Group"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a title takes of a person or of a collective; ``id`` is the rule's name in the rulebook, for example E03."""

    id: str
    title: str
    subject: str
    asks: Node
    line: int = 0


@dataclass(frozen=True, slots=True)
class Lawbook:
    """The conditions of a rulebook, by title and subject (`individual`, `collective`)."""

    name: str
    rules: Mapping[tuple[str, str], Rule]
    #: where a discipline cuts off what was achieved before it was served (NĐ 152/2025 Điều 4(4))
    after_discipline: Cited | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """For which title of which school year somebody is looked at, and on which legal day."""

    title: str
    year: int
    on: date
