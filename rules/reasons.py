"""The vocabulary of "no": why an act is refused, as data, every reason at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of refusal.

    ``code`` names a text in the catalogue (`notifications/words/`), ``params`` fill it.
    ``article`` cites the law where one is known. The same reason is shown on the page, at the
    terminal, in the API and in letters.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    article: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The reason as plain data, for JSON."""
        return {"code": self.code, "params": dict(self.params), "article": self.article}


class Refused(Exception):
    """An act was refused. Carries every reason found, never only the first."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons: tuple[Reason, ...] = tuple(reasons)
        if not self.reasons:
            raise ValueError("a refusal needs at least one reason")
        super().__init__("; ".join(f"{r.code} {dict(r.params)}" for r in self.reasons))


def refuse_if(reasons: Iterable[Reason]) -> None:
    """Raise `Refused` when there is at least one reason."""
    found = tuple(reasons)
    if found:
        raise Refused(found)
