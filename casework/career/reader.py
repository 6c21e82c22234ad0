"""What readers of files of all kinds share: rows one by one, with their days, school years, bodies and holders."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, select

from casework.career.cells import any_day, day_in, year_in
from casework.career.columns import LEFT_OUT, FileRow, cell_reasons
from casework.career.match import Matching
from casework.career.reach import Reach
from casework.career.seen import DOUBTFUL, LEFT, REFUSED, TAKEN, Choices, SeenRow
from casework.people import UNIT
from casework.views.staff import bare, like
from rules.reasons import Reason
from rules.school_years import first_day, last_day, year_named, year_of

#: whole years after the end of a school year within which something of it may still have been decided: the highest
#: titles take that long (docs/careers.md)
LATEST_YEARS = 3
_BATCH = 500


class Reader(ABC):
    """What readers of all kinds share: cells, days, school years, holders."""

    kind = ""

    def __init__(
        self, connection: Connection, reach: Reach, day: date, choices: Choices, actor: int | None
    ) -> None:
        self.connection, self.reach, self.day = connection, reach, day
        self.choices, self.actor = choices, actor
        self.matching = Matching(reach)
        self.reasons: list[Reason] = []
        units = connection.execute(select(UNIT.c.id, UNIT.c.code, UNIT.c.name, UNIT.c.kind, UNIT.c.until))
        self.units = {row.id: row for row in units}
        self._by_unit_code = {like(row.code): row.id for row in self.units.values()}
        self._by_unit_name: dict[str, list[int]] = {}
        for row in self.units.values():
            self._by_unit_name.setdefault(like(row.name), []).append(row.id)

    def read(self, row: FileRow) -> SeenRow:
        """One row by itself."""
        if row.line in self.choices.left_out or self._chosen(row) == LEFT_OUT:
            return SeenRow(row, LEFT)
        self.reasons = cell_reasons(self.kind, row)
        found = self.understand(row)
        if self.reasons:
            return replace(found, standing=REFUSED, reasons=tuple(self.reasons), candidates=())
        return found

    @abstractmethod
    def understand(self, row: FileRow) -> SeenRow:
        """What a row says, with the reasons against it noted."""

    @abstractmethod
    def together(self, rows: list[SeenRow]) -> list[SeenRow]:
        """The rows beside each other, and beside what is on record."""

    def _chosen(self, row: FileRow) -> str:
        return self.choices.people.get(row.line, "") or row.cell("chosen")

    def refuse(self, reason: Reason) -> None:
        """Note a reason against the row that is being read."""
        self.reasons.append(reason)

    def year(self, row: FileRow, column: str = "school_year") -> str | None:
        """The school year of a row; None where it has none, or none that can be."""
        text = row.cell(column)
        if not text:
            return None
        found = year_in(text)
        if found is None:
            self.refuse(Reason("career_year_unreadable", {"line": row.line, "value": text}))
        elif (year_named(found) or 0) > year_of(self.day):
            self.refuse(Reason("career_year_ahead", {"line": row.line, "value": text}))
            return None
        return found

    def dated(self, row: FileRow, column: str, *, ahead: bool = False) -> date | None:
        """A day that stands in a column; only what is ``ahead`` on purpose may lie after today."""
        text = row.cell(column)
        if not text:
            return None
        found = day_in(text)
        if found is None:
            params = {"line": row.line, "column": column, "value": text}
            self.refuse(Reason("career_day_unreadable", params))
        elif found > self.day and not ahead:
            params = {"line": row.line, "column": column, "day": found.isoformat()}
            self.refuse(Reason("career_day_ahead", params))
            return None
        return found

    def decided(self, row: FileRow, school_year: str | None) -> date | None:
        """The decision's day: not before its school year, and not long after it."""
        found = self.dated(row, "decided_on")
        year = year_named(school_year) if school_year else None
        if found is not None and year is not None:
            latest = last_day(year + LATEST_YEARS)
            if not first_day(year) <= found <= latest:
                params = {"line": row.line, "day": found.isoformat(), "school_year": school_year}
                self.refuse(Reason("career_decided_outside", {**params, "years": LATEST_YEARS}))
        return found

    def word(self, row: FileRow, column: str, known: Mapping[str, str]) -> str | None:
        """The code of a word that stands in a column; None where nobody writes it so."""
        text = row.cell(column)
        return known.get(bare(text)) if text else None

    def units_named(self, text: str) -> list[int]:
        """The units of a code or of an exact name, ended ones included."""
        by_code = self._by_unit_code.get(like(text))
        return [by_code] if by_code is not None else self._by_unit_name.get(like(text), [])

    def body(self, row: FileRow, decided_on: date | None) -> int | None:
        """The body that issued a decision, under any name that it had and while it was there."""
        text = row.cell("body")
        if not text:
            return None
        found = self.units_named(text)
        if len(found) > 1 and decided_on is not None:
            # Of several of one name, those that were there on the day.
            found = [n for n in found if self.units[n].until is None or self.units[n].until >= decided_on]
        if not found:
            self.refuse(Reason("career_body_unknown", {"line": row.line, "value": text}))
            return None
        if len(found) > 1:
            self.refuse(Reason("career_body_several", {"line": row.line, "value": text}))
            return None
        until = self.units[found[0]].until
        if decided_on is not None and until is not None and until < decided_on:
            params = {"line": row.line, "unit": found[0], "until": until.isoformat()}
            self.refuse(Reason("career_body_ended", params))
        return found[0]

    def who(self, row: FileRow) -> SeenRow:
        """The row with its person; doubtful where somebody has to look."""
        birth = None
        if text := row.cell("birth_date"):
            birth = any_day(text)
            if birth is None or birth > self.day:
                params = {"line": row.line, "column": "birth_date", "value": text}
                self.refuse(Reason("career_day_unreadable", params))
        if not (row.cell("name") or row.cell("code")):
            return SeenRow(row, REFUSED)
        match = self.matching.of_row(row, birth, self._chosen(row))
        if match.reason is not None:
            self.refuse(match.reason)
            return SeenRow(row, REFUSED)
        if match.person is None:
            return SeenRow(row, DOUBTFUL, candidates=match.candidates, doubt=match.doubt)
        if match.person.id == self.actor:
            self.refuse(Reason("career_about_yourself", {"line": row.line}))
        return SeenRow(row, TAKEN, person=match.person)

    def unit_kept(self, row: FileRow, text: str) -> int | None:
        """The one unit of a code or name whose history is the caller's to keep."""
        found = [unit for unit in self.units_named(text) if unit in self.reach.units]
        if len(found) == 1:
            return found[0]
        self.refuse(Reason("career_unit_unknown", {"line": row.line, "value": text}))
        return None

    def of_unit(self, row: FileRow, text: str) -> SeenRow:
        """The row with the unit that it is about."""
        unit = self.unit_kept(row, text)
        return SeenRow(row, REFUSED) if unit is None else SeenRow(row, TAKEN, unit=unit)

    def on_record(
        self, table: Table, rows: Iterable[SeenRow]
    ) -> dict[tuple[int | None, int | None], list[Any]]:
        """Rows of a table by their holders, of those whom some rows are about."""
        people = sorted({row.person.id for row in rows if row.person})
        units = sorted({row.unit for row in rows if row.unit is not None})
        found: dict[tuple[int | None, int | None], list[Any]] = {}
        for column, wanted in (("person_id", people), ("unit_id", units)):
            if column not in table.c:
                continue
            for start in range(0, len(wanted), _BATCH):
                query = select(table).where(table.c[column].in_(wanted[start : start + _BATCH]))
                for one in self.connection.execute(query):
                    key = (one.person_id, getattr(one, "unit_id", None))
                    found.setdefault(key, []).append(one)
        return found
