"""A form that was posted: its fields read as values, with what is wrong beside each."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.datastructures import FormData, UploadFile

#: most fields and files of one form; a list of nominations is the longest there is. A browser sends an empty file for
#: each field of a score sheet in which none was chosen, one an item.
MOST_FIELDS = 4_000
MOST_FILES = 100
_LONGEST_KEY = 80
#: years in which a day of a form may lie
_YEARS = (1900, 2199)


@dataclass
class Form:
    """The fields of a form. Reading one notes in ``faults`` (field → code of the catalogue `fields`) what is wrong."""

    fields: Mapping[str, Sequence[str | UploadFile]]
    faults: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, *, longest: int = 2_000, needed: bool = False) -> str:
        """A line or a text, without the spaces around it."""
        value = next((v for v in self.fields.get(name, ()) if isinstance(v, str)), "").strip()
        if len(value) > longest:
            self.faults[name] = "too_long"
        elif needed and not value:
            self.faults[name] = "needed"
        return value[:longest]

    def texts(self, name: str) -> list[str]:
        """Every value of a field that comes several times, as boxes that were ticked do."""
        return [v.strip() for v in self.fields.get(name, ()) if isinstance(v, str) and v.strip()]

    def day(self, name: str, *, needed: bool = False) -> date | None:
        """A day as people type it (30/06/2025, 30062025), or as programs write it (2025-06-30)."""
        return self._read(name, _day, "no_day", needed)

    def whole(self, name: str, *, needed: bool = False) -> int | None:
        """A whole number, 0 or more; points between thousands are let through."""
        return self._read(name, _whole, "no_number", needed)

    def points(self, name: str, *, needed: bool = False) -> Decimal | None:
        """A number with a comma or a point."""
        return self._read(name, _points, "no_number", needed)

    def wholes(self, name: str) -> list[int]:
        """Numbers of rows that were ticked; what is no number is left out."""
        return [int(v) for v in self.texts(name) if v.isdecimal() and len(v) < len(str(2**63))]

    def files(self, name: str) -> list[UploadFile]:
        """The files of a field; an empty field of a browser is none."""
        return [v for v in self.fields.get(name, ()) if isinstance(v, UploadFile) and v.filename]

    def typed(self) -> dict[str, str]:
        """What was typed, to be shown again; never a token and never a password."""
        return {
            name: value
            for name, values in self.fields.items()
            for value in values
            if isinstance(value, str) and name not in ("csrf", "key") and "password" not in name
        }

    @property
    def key(self) -> str:
        """The request key that the form was made with; the same form sent twice changes once."""
        return self.text("key", longest=_LONGEST_KEY) or f"web-{uuid.uuid4()}"

    @property
    def version(self) -> int | None:
        """The version of the dossier that was looked at."""
        return self.whole("version")

    def _read(self, name: str, read: Callable[[str], Any], fault: str, needed: bool) -> Any:
        text = self.text(name, needed=needed)
        if not text:
            return None
        try:
            return read(text)
        except ValueError:
            self.faults[name] = fault
            return None


def form_of(data: FormData) -> Form:
    """A parsed body as a form."""
    fields: dict[str, list[str | UploadFile]] = {}
    for name, value in data.multi_items():
        # Nobody types a NUL, and not every database takes it for a letter.
        fields.setdefault(name, []).append(value.replace("\0", "") if isinstance(value, str) else value)
    return Form(fields)


def new_key() -> str:
    """A request key for a form that is being made."""
    return f"web-{uuid.uuid4()}"


def _day(text: str) -> date:
    if len(text) == len("30062025") and text.isdecimal():
        # The number pads of many phones have no stroke.
        text = f"{text[:2]}/{text[2:4]}/{text[4:]}"
    parts = text.replace("-", "/").replace(".", "/").split("/")
    if len(parts) != len(("day", "month", "year")) or not all(part.isdecimal() for part in parts):
        raise ValueError(text)
    numbers = [int(part) for part in parts]
    day = date(*numbers) if len(parts[0]) == len("2025") else date(*reversed(numbers))
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        # The last day of the calendar has no midnight after it, and no office has business then.
        raise ValueError(text)
    return day


def _whole(text: str) -> int:
    digits = text.replace(".", "").replace(" ", "")
    if not digits.isdecimal() or len(digits) >= len(str(2**63)):
        raise ValueError(text)
    return int(digits)


def _points(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite():
        raise ValueError(text)
    return value
