"""How pages say things: the catalogue `pages`, the program's own words, days and numbers, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from notifications.words import (
    capital,
    deadline,
    moment,
    money,
    number,
    plain_day,
    say,
    say_reason,
    time_of_day,
    word,
)


@dataclass(frozen=True, slots=True)
class Words:
    """One reader's language."""

    lang: str

    def __call__(self, code: str, /, **params: Any) -> str:
        """A text of the catalogue `pages`: ``t("today.title")``."""
        return say(f"pages.{code}", params, self.lang)

    def word(self, vocabulary: str, value: object) -> str:
        """What is said of one of the program's own words."""
        return word(vocabulary, str(value), self.lang)

    def say(self, code: str, /, **params: Any) -> str:
        """A text of any catalogue."""
        return say(code, params, self.lang)

    def filters(self) -> Mapping[str, Callable[..., str]]:
        """How templates say values: ``row.deadline|deadline``."""
        return {
            "deadline": lambda value: _or_nothing(deadline, value, self.lang),
            "day": lambda value: _or_nothing(plain_day, value, self.lang),
            "moment": lambda value: _or_nothing(moment, value, self.lang),
            "time": lambda value: _or_nothing(time_of_day, value, self.lang),
            "capital": capital,
            "reason": lambda value: say_reason(value, self.lang),
            "number": lambda value: number(value, self.lang),
            "money": lambda value: money(value, self.lang),
        }


def _or_nothing(says: Callable[..., str], value: date | datetime | str | None, lang: str) -> str:
    return says(value, lang) if value else ""


def machine_day(value: date | datetime | str) -> str:
    """A day or moment for the ``datetime`` of a <time>."""
    return value if isinstance(value, str) else value.isoformat()
