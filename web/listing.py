"""A list as it was asked for: the filter and the page in the query of a link, read and written in one place.

Whatever a query holds, only the known fields come out of it, so that it can be carried from page to page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from casework.views.bounded import COUNTED, PAGE
from casework.views.choices import Choices
from casework.views.dossiers import Filter
from notifications.words import capital
from states.vocabulary import KINDS, LEVELS
from web.words import Words

#: fields of a filter in the order of the page
FIELDS = ("words", "year", "level", "kind", "desk", "procedure", "unit")
_LONGEST, _MOST_WORDS = 80, 6
_LAST_PAGE = COUNTED // PAGE
_KNOWN = {"level": LEVELS, "kind": KINDS}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a list: its filter as typed, and the page (from 1)."""

    fields: Mapping[str, str]
    page: int = 1

    @property
    def wanted(self) -> Filter:
        """As the filter of `casework/views/`."""
        given = {name: value or None for name, value in self.fields.items()}
        return Filter(
            unit=given["unit"],
            school_year=given["year"],
            level=given["level"],
            kind=given["kind"],
            desk=given["desk"],
            procedure=given["procedure"],
            words=tuple(self.fields["words"].split()[:_MOST_WORDS]),
        )

    @property
    def start(self) -> int:
        """Rows before those of the page."""
        return (self.page - 1) * PAGE

    @property
    def query(self) -> str:
        """The filter as the query of a link, without the page; empty where all is let through."""
        return urlencode({name: value for name, value in self.fields.items() if value})

    def path(self, base: str, page: int = 1) -> str:
        """The link to a page of this list."""
        parts = [self.query, *([f"page={page}"] if page > 1 else [])]
        query = "&".join(filter(None, parts))
        return f"{base}?{query}" if query else base

    def more(self, total: int) -> bool:
        """Whether there is a page after this one: lists end where they are no longer counted."""
        return self.page < _LAST_PAGE and total > self.page * PAGE


def asked_of(query: str) -> Asked:
    """What a query asks for; what is unknown, or no choice, is left out."""
    given: dict[str, str] = {}
    for name, value in parse_qsl(query, max_num_fields=100) if query.count("&") < 100 else ():
        given.setdefault(name, "".join(sign for sign in value if sign.isprintable()).strip()[:_LONGEST])
    fields = {name: given.get(name, "") for name in FIELDS}
    for name, known in _KNOWN.items():
        if fields[name] not in known:
            fields[name] = ""
    page = given.get("page", "")
    number = int(page) if page.isdecimal() and len(page) < len("1000") else 1
    return Asked(fields, min(max(number, 1), _LAST_PAGE))


def offers_of(
    choices: Choices, words: Words, desks: Collection[str] | None = None
) -> dict[str, list[tuple[str, str]]]:
    """What each field of a filter offers, as pairs of a value and its words; ``desks`` are those that are offered."""
    return {
        "year": [(year, year) for year in choices.years],
        "level": [(level, capital(words.word("levels", level))) for level in LEVELS],
        "kind": [(kind, capital(words.word("kinds", kind))) for kind in KINDS],
        "desk": [pair for pair in choices.desks if desks is None or pair[0] in desks],
        "procedure": choices.procedures,
        "unit": choices.units,
    }
