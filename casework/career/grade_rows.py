"""Rows of files of grades: of people, and of units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from casework.career.cells import words_of
from casework.career.columns import FileRow
from casework.career.reach import Reach
from casework.career.reader import Reader
from casework.career.seen import REFUSED, TAKEN, THERE, Choices, SeenRow
from casework.career.tables import GRADE
from rules.reasons import Reason
from rules.record import GRADES


class GradeRows(Reader):
    """Grades of people and of units."""

    kind = "grades"

    def __init__(
        self, connection: Connection, reach: Reach, day: date, choices: Choices, actor: int | None
    ) -> None:
        super().__init__(connection, reach, day, choices, actor)
        self._grades = words_of("grades", GRADES)

    def understand(self, row: FileRow) -> SeenRow:
        year = self.year(row)
        grade = self.word(row, "grade", self._grades)
        if row.cell("grade") and grade is None:
            self.refuse(Reason("career_grade_unknown", {"line": row.line, "value": row.cell("grade")}))
        decided_on = self.decided(row, year)
        seen = (
            self.who(row)
            if row.cell("code") or (row.cell("name") and not self.units_named(row.cell("name")))
            else self._unit_graded(row)
        )
        if year is None or grade is None or decided_on is None:
            return seen
        bodies = self.units_named(row.cell("body"))
        issued_by = self.units[bodies[0]].name if len(bodies) == 1 else row.cell("body")
        values = {
            "school_year": year,
            "grade": grade,
            "number": " ".join(row.cell("number").split()),
            "decided_on": decided_on,
            "issued_by": issued_by,
        }
        return replace(seen, values=values)

    def _unit_graded(self, row: FileRow) -> SeenRow:
        text = row.cell("unit") or row.cell("name")
        return self.of_unit(row, text) if text else SeenRow(row, REFUSED)

    def together(self, rows: list[SeenRow]) -> list[SeenRow]:
        there = self.on_record(GRADE, rows)
        first: dict[tuple[Any, ...], int] = {}
        found = []
        for row in rows:
            if not row.values or row.holder == (None, None):
                found.append(row)
                continue
            key = (row.holder, row.values["school_year"])
            before = first.setdefault(key, row.line)
            if before != row.line:
                told = Reason("career_grade_twice", {"line": row.line, "first": before})
                found.append(row.against(told))
                continue
            found.append(self._beside(row, there.get(row.holder, ())))
        return found

    def _beside(self, row: SeenRow, there: Iterable[Any]) -> SeenRow:
        for one in there:
            if row.standing != TAKEN or one.replaced_at or one.school_year != row.values["school_year"]:
                continue
            same = all(getattr(one, name) == row.values[name] for name in ("grade", "number", "decided_on"))
            if same:
                return replace(row, standing=THERE)
            params = {"line": row.line, "grade": one.grade, "number": one.number}
            return row.against(Reason("career_grade_known", params))
        return row
