"""Rows of files of disciplines: of people alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from casework.career.cells import words_of
from casework.career.columns import FileRow
from casework.career.once import each_once
from casework.career.reach import Reach
from casework.career.reader import Reader
from casework.career.seen import Choices, SeenRow
from casework.career.tables import DISCIPLINE
from rules.reasons import Reason
from rules.record import DISCIPLINES


class DisciplineRows(Reader):
    """Disciplines of people."""

    kind = "disciplines"

    def __init__(
        self, connection: Connection, reach: Reach, day: date, choices: Choices, actor: int | None
    ) -> None:
        super().__init__(connection, reach, day, choices, actor)
        self._forms = words_of("disciplines", DISCIPLINES)

    def understand(self, row: FileRow) -> SeenRow:
        form = self.word(row, "form", self._forms)
        if row.cell("form") and form is None:
            self.refuse(Reason("career_form_unknown", {"line": row.line, "value": row.cell("form")}))
        decided_on, served_on = self.dated(row, "decided_on"), self.dated(row, "served_on")
        if decided_on and served_on and served_on < decided_on:
            self.refuse(Reason("career_served_before", {"line": row.line, "day": served_on.isoformat()}))
        seen = self.who(row)
        if form is None or decided_on is None:
            return seen
        number = " ".join(row.cell("number").split())
        values = {"form": form, "number": number, "decided_on": decided_on, "served_on": served_on}
        return replace(seen, values=values)

    def together(self, rows: list[SeenRow]) -> list[SeenRow]:
        there = self.on_record(DISCIPLINE, rows)
        names = ("number", "decided_on")
        return each_once(
            rows,
            lambda row: (row.holder, *(row.values[name] for name in names)),
            lambda row: [
                one
                for one in there.get((row.holder[0], None), ())
                if one.annulled_at is None and all(getattr(one, name) == row.values[name] for name in names)
            ],
            ("form", "served_on"),
            "discipline",
        )
