"""What is wrong, or found, in a text that is to be published, in words for people: names in the place of a file's own.

Beside the sentence a page shows the line itself, so the key is there for whoever mends the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from casework.views.naming import milestones_named, procedures_named
from kit.strict_yaml import Fault
from notifications.words import say_fault, word
from published.calendar import read_calendar
from published.lint.findings import Finding

_MILESTONES = ("milestone", "milestones", "earlier", "following")
_PROCEDURES = ("procedure", "procedures")
_KEYS = ("key", "what")
# The line of what is missing does not show how it is written.
_NOT_THERE = "missing_key"


class FaultWords:
    """Says what was found in one text."""

    def __init__(self, connection: Connection, text: bytes, lang: str) -> None:
        self._lang = lang
        self._milestones = milestones_named(connection, lang)
        calendar, _ = read_calendar(text)
        if calendar is not None:
            self._milestones |= {name: one.label[lang] for name, one in calendar.milestones.items()}
        self._procedures = procedures_named(connection, lang)

    def say(self, found: Fault | Finding) -> str:
        """The sentence about one of them, without its line."""
        return say_fault(replace(found, params=self._named(found)), self._lang)

    def _named(self, found: Fault | Finding) -> Mapping[str, Any]:
        # Texts about faults have their own quotation marks.
        marks = "“{}”" if isinstance(found, Finding) else "{}"
        params = dict(found.params)
        for key, value in found.params.items():
            if key in _MILESTONES:
                params[key] = _each(value, self._milestones, marks)
            elif key in _PROCEDURES:
                params[key] = _each(value, self._procedures, marks)
            elif key in _KEYS:
                said = self._part(str(value))
                there = found.code != _NOT_THERE or key == "what" or said == value
                params[key] = said if there else f"{said} ({value})"
        return params

    def _part(self, value: str) -> str:
        """A key in words, or a part of the file that is named by a word and a name: ``remind of covenant``."""
        first, _, name = value.partition(" ")
        said = word("file_keys", first, self._lang)
        name = name.removeprefix("of ")
        return f"{said} “{self._milestones.get(name, name)}”" if name else said


def _each(value: Any, names: Mapping[str, str], marks: str) -> Any:
    def one(code: str) -> str:
        return marks.format(names[code]) if code in names else code

    return [one(code) for code in value] if isinstance(value, list) else one(value)
