"""What an invariant is, and what the doctor says when it does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from casework.doctor.view import View

Severity = Literal["fault", "warning"]

# How many of the bad rows a finding lists; beyond these it only counts.
LISTED = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant that does not hold. What it says and how to mend it stand in the words `doctor` under its code."""

    code: str
    severity: Severity
    #: the first bad rows, as kind and id: dossier:12, nomination:7 …
    found: tuple[str, ...]
    count: int

    @property
    def says(self) -> str:
        """The words code of what is wrong."""
        return f"doctor.{self.code}.says"

    @property
    def mend(self) -> str:
        """The words code of how to mend it."""
        return f"doctor.{self.code}.mend"

    def as_dict(self) -> dict[str, Any]:
        """The finding as plain data."""
        return {
            "code": self.code,
            "severity": self.severity,
            "found": list(self.found),
            "count": self.count,
        }


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that must hold; ``violations`` names each row for which it does not."""

    code: str
    severity: Severity
    violations: Callable[[View], Iterable[str]]

    def examine(self, view: View) -> Finding | None:
        """The finding, or None where it holds."""
        listed: list[str] = []
        count = 0
        for violation in self.violations(view):
            count += 1
            if len(listed) < LISTED:
                listed.append(violation)
        return Finding(self.code, self.severity, tuple(listed), count) if count else None


def fault(violations: Callable[[View], Iterable[str]]) -> Invariant:
    """An invariant under its function's name, whose breach makes what the program says wrong."""
    return Invariant(violations.__name__, "fault", violations)


def warning(violations: Callable[[View], Iterable[str]]) -> Invariant:
    """An invariant under its function's name, whose breach somebody should look at."""
    return Invariant(violations.__name__, "warning", violations)
