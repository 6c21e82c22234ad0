"""A text that somebody means to publish: what is wrong with it, what to look at again, what it would move."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.calendar_check import look_at, surroundings_of
from casework.law.beside import faults_beside
from casework.preview import effect_of
from casework.regulations import REGULATION, check_regulation, newest
from casework.views.fault_words import FaultWords
from kit.canonical import sha256_hex
from kit.strict_yaml import Fault
from published.calendar import read_calendar
from published.lint.findings import FAULT, NOTE, WARNING, Finding

#: letters of a line that are shown beside what is wrong with it
_LINE = 200


@dataclass(frozen=True, slots=True)
class Told:
    """Something found: its line (0: the file as a whole), the line itself, and the words."""

    line: int
    excerpt: str
    text: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found. ``name`` None: too little could be read. ``version``: these very bytes are published as that one.

    ``effect`` lists the debts whose days would move; None where nothing is running under that name.
    """

    kind: str
    name: str | None
    sha256: str
    faults: list[Told] = field(default_factory=list)
    warnings: list[Told] = field(default_factory=list)
    notes: list[Told] = field(default_factory=list)
    version: int | None = None
    newest: int | None = None
    effect: list[dict[str, Any]] | None = None

    @property
    def may_be_published(self) -> bool:
        """Whether nothing stands against it, and it is not published already."""
        return self.name is not None and not self.faults and self.version is None


def looked_at(connection: Connection, kind: str, text: bytes, now: datetime, lang: str) -> Looked:
    """Look at a text of one kind of regulation as publishing would; nothing is stored."""
    sha256 = sha256_hex(text)
    lines = text.decode("utf-8", "replace").split("\n")
    name, faults = check_regulation(kind, text, sha256)
    listed: list[Fault | Finding] = list(faults)
    if kind == "calendar" and name is not None and not faults:
        listed += look_at(text, surroundings_of(connection))[1]
    if kind == "rulebook":
        listed += faults_beside(connection, text)

    words = FaultWords(connection, text, lang)

    def told(grade: str) -> list[Told]:
        return [_told(found, lines, words) for found in listed if _grade(found) == grade]

    found_faults = told(FAULT)
    published = _versions(connection, kind, name)
    effect = None
    if kind == "calendar" and name is not None and not found_faults and newest(connection, kind, name):
        proposed, _ = read_calendar(text, sha256)
        effect = effect_of(connection, now, lang, proposed) if proposed is not None else None
    return Looked(
        kind,
        name,
        sha256,
        found_faults,
        told(WARNING),
        told(NOTE),
        published.get(sha256),
        max(published.values(), default=None),
        effect,
    )


def faults_told(
    connection: Connection, found: Iterable[Fault | Finding], text: bytes, lang: str
) -> list[Told]:
    """Faults, or what the linter found, in words, each with its line."""
    lines = text.decode("utf-8", "replace").split("\n")
    words = FaultWords(connection, text, lang)
    return [_told(one, lines, words) for one in found]


def _grade(found: Fault | Finding) -> str:
    return found.grade if isinstance(found, Finding) else FAULT


def _told(found: Fault | Finding, lines: list[str], words: FaultWords) -> Told:
    there = 0 < found.line <= len(lines)
    return Told(found.line, lines[found.line - 1].rstrip()[:_LINE] if there else "", words.say(found))


def _versions(connection: Connection, kind: str, name: str | None) -> dict[str, int]:
    """SHA-256 → version of what is published under a name."""
    rows = connection.execute(
        select(REGULATION.c.sha256, REGULATION.c.version).where(
            REGULATION.c.kind == kind, REGULATION.c.name == (name or "")
        )
    )
    return {row.sha256: row.version for row in rows}
