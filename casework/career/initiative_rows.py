"""Rows of files of initiatives: one for each author, with the share in it and the decision that recognised it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from casework.career.cells import words_of
from casework.career.columns import FileRow
from casework.career.initiative_groups import put_together
from casework.career.numbers import one_day_each
from casework.career.reach import Reach
from casework.career.reader import Reader
from casework.career.seen import Choices, SeenRow
from casework.career.title_rows import titles_by_word
from casework.regulations import titles_in_force
from casework.views.staff import bare, like
from published.titles import INITIATIVE, Title
from rules.reasons import Reason
from rules.record import SCOPES
from rules.shares import share_in


class InitiativeRows(Reader):
    """Authors of recognised initiatives; the unit of a row is the one that listed the initiative."""

    kind = "initiatives"

    def __init__(
        self, connection: Connection, reach: Reach, day: date, choices: Choices, actor: int | None
    ) -> None:
        super().__init__(connection, reach, day, choices, actor)
        titles = titles_in_force(connection)
        self._scopes = _scopes_by_word(titles)
        self._titles = {code: title for code, title in titles.items() if title.subject != INITIATIVE}
        self._title_words = titles_by_word(self._titles)

    def understand(self, row: FileRow) -> SeenRow:
        year = self.year(row)
        scope = self.word(row, "scope", self._scopes)
        if row.cell("scope") and scope is None:
            self.refuse(Reason("career_scope_unknown", {"line": row.line, "value": row.cell("scope")}))
        decided_on = self.decided(row, year)
        body = self.body(row, decided_on)
        unit = self.unit_kept(row, row.cell("unit")) if row.cell("unit") else None
        share, readable = self._share(row)
        used_title, used_year = self._use(row)
        values = {
            "unit_id": unit,
            "school_year": year,
            "name": " ".join(row.cell("initiative").split()),
            "title": scope,
            "share": share,
            "applied_on": self.dated(row, "applied_on"),
            "valid_until": self._valid_until(row, decided_on),
            "used_title": used_title,
            "used_year": used_year,
            # Where it is on record already, at another scope.
            "initiative_id": None,
        }
        seen = self.who(row)
        told = readable and all(values[name] for name in ("unit_id", "school_year", "name", "title"))
        if not told or decided_on is None or body is None:
            return seen
        number = " ".join(row.cell("number").split())
        return replace(seen, values=values, decision=(body, number, decided_on, row.cell("signatory")))

    def _share(self, row: FileRow) -> tuple[int | None, bool]:
        """The share of a row, None where none is written; and whether it could be read."""
        text = row.cell("share")
        if not text:
            return None, True
        share = share_in(text)
        if share is None:
            self.refuse(Reason("career_share_unreadable", {"line": row.line, "value": text}))
        return share, share is not None

    def _valid_until(self, row: FileRow, decided_on: date | None) -> date | None:
        found = self.dated(row, "valid_until", ahead=True)
        if found is not None and decided_on is not None and found < decided_on:
            self.refuse(Reason("career_valid_before", {"line": row.line, "day": found.isoformat()}))
        return found

    def _use(self, row: FileRow) -> tuple[str | None, str | None]:
        """The title for which the author used the initiative already, and its year: both or neither."""
        text = row.cell("used_title")
        if bool(text) != bool(row.cell("used_year")):
            self.refuse(Reason("career_use_incomplete", {"line": row.line}))
            return None, None
        if not text:
            return None, None
        title = self._title_words.get(like(text).replace(" ", ""))
        if title is None:
            self.refuse(Reason("career_title_unknown", {"line": row.line, "value": text}))
        elif not self._titles[title].suits("individual"):
            self.refuse(Reason("career_title_for_other", {"line": row.line, "title": title}))
        return title, self.year(row, "used_year")

    def together(self, rows: list[SeenRow]) -> list[SeenRow]:
        return put_together(self.connection, one_day_each(self.connection, rows))


def _scopes_by_word(titles: Mapping[str, Title]) -> dict[str, str]:
    """Everything that people write of a scope, without marks → the title under which it is recognised."""
    by_level = {title.level: code for code, title in titles.items() if title.subject == INITIATIVE}
    words = words_of("initiative_scopes", SCOPES)
    found = {text: by_level[level] for text, level in words.items() if level in by_level}
    for code in by_level.values():
        found |= {bare(text): code for text in (code, titles[code].short, *titles[code].name.values())}
    return found
