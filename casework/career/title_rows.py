"""Rows of files of titles: of people, and of units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.career.cells import words_of
from casework.career.columns import FileRow
from casework.career.numbers import one_day_each
from casework.career.reach import Reach
from casework.career.reader import Reader
from casework.career.seen import REFUSED, TAKEN, THERE, Choices, SeenRow
from casework.decided import AWARD, DECISION, OF_NO_INITIATIVE
from casework.regulations import titles_in_force
from casework.views.staff import like
from models.decision import AWARD_TYPES
from published.titles import INITIATIVE, Title
from rules.reasons import Reason
from rules.record import MERIT

_BATCH = 500


class TitleRows(Reader):
    """Titles held: of people, and of units."""

    kind = "titles"

    def __init__(
        self, connection: Connection, reach: Reach, day: date, choices: Choices, actor: int | None
    ) -> None:
        super().__init__(connection, reach, day, choices, actor)
        self.titles = titles_in_force(connection)
        self._words = titles_by_word(self.titles)
        self._types = words_of("award_types", AWARD_TYPES)

    def understand(self, row: FileRow) -> SeenRow:
        year = self.year(row)
        title = self._title(row)
        decided_on = self.decided(row, year)
        body = self.body(row, decided_on)
        award_type = MERIT
        if row.cell("award_type"):
            found = self.word(row, "award_type", self._types)
            if found is None:
                params = {"line": row.line, "value": row.cell("award_type")}
                self.refuse(Reason("career_type_unknown", params))
            award_type = found or MERIT
        if title is not None and title.subject == INITIATIVE:
            self.refuse(Reason("career_title_of_initiative", {"line": row.line, "title": title.code}))
            title = None
        seen = self._holder(row, title)
        if title is None or year is None or decided_on is None or body is None:
            return seen
        number = " ".join(row.cell("number").split())
        return replace(
            seen,
            values={"title": title.code, "school_year": year, "award_type": award_type},
            decision=(body, number, decided_on, row.cell("signatory")),
        )

    def _title(self, row: FileRow) -> Title | None:
        text = row.cell("title")
        if not text:
            return None
        code = self._words.get(like(text).replace(" ", ""))
        if code is None:
            self.refuse(Reason("career_title_unknown", {"line": row.line, "value": text}))
            return None
        return self.titles[code]

    def _holder(self, row: FileRow, title: Title | None) -> SeenRow:
        if not (row.cell("code") or row.cell("name") or row.cell("unit")):
            return SeenRow(row, REFUSED)
        person = bool(row.cell("code")) or (bool(row.cell("name")) and not self._is_unit(row, title))
        if title is not None and not title.suits("individual" if person else "collective"):
            self.refuse(Reason("career_title_for_other", {"line": row.line, "title": title.code}))
            return SeenRow(row, REFUSED)
        if person:
            return self.who(row)
        return self.of_unit(row, row.cell("unit") or row.cell("name"))

    def _is_unit(self, row: FileRow, title: Title | None) -> bool:
        """Whether a name is a unit's: lists of schools have one column for all names."""
        if title is not None and not title.suits("individual"):
            return True
        return bool(self.units_named(row.cell("name")))

    def together(self, rows: list[SeenRow]) -> list[SeenRow]:
        rows = one_day_each(self.connection, rows)
        held = self._held(rows)
        first: dict[tuple[Any, ...], int] = {}
        found = []
        for row in rows:
            if row.standing not in (TAKEN, REFUSED) or not row.values or row.holder == (None, None):
                found.append(row)
                continue
            key = (row.holder, row.values["title"], row.values["school_year"], row.values["award_type"])
            before = first.setdefault(key, row.line)
            if before != row.line:
                found.append(row.against(Reason("career_row_twice", {"line": row.line, "first": before})))
                continue
            found.append(self._beside(row, held.get(key)))
        return found

    def _beside(self, row: SeenRow, there: Any) -> SeenRow:
        if there is None or row.standing != TAKEN or row.decision is None:
            return row
        body, number, day, _ = row.decision
        if (there.body, there.number, there.decided_on) == (body, number, day):
            return replace(row, standing=THERE)
        params = {"line": row.line, "number": there.number, "decided_on": there.decided_on.isoformat()}
        return row.against(Reason("career_held_by_other", params))

    def _held(self, rows: Iterable[SeenRow]) -> dict[tuple[Any, ...], Any]:
        columns = (*AWARD.c, DECISION.c.number, DECISION.c.decided_on, DECISION.c.unit_id.label("body"))
        people = sorted({row.person.id for row in rows if row.person})
        units = sorted({row.unit for row in rows if row.unit is not None})
        found: dict[tuple[Any, ...], Any] = {}
        for column, wanted in ((AWARD.c.person_id, people), (AWARD.c.unit_id, units)):
            for start in range(0, len(wanted), _BATCH):
                query = (
                    select(*columns)
                    .join(DECISION, DECISION.c.id == AWARD.c.decision_id)
                    .where(
                        column.in_(wanted[start : start + _BATCH]),
                        OF_NO_INITIATIVE,
                        AWARD.c.standing == "held",
                    )
                )
                for one in self.connection.execute(query):
                    holder = (one.person_id, one.unit_id)
                    found.setdefault((holder, one.title, one.school_year, one.award_type), one)
        return found


def titles_by_word(titles: Mapping[str, Title]) -> dict[str, str]:
    """Code, short form and names of titles, written together → code. What two titles share means neither."""
    found: dict[str, set[str]] = {}
    for code, title in titles.items():
        for text in (code, title.short, *title.name.values()):
            found.setdefault(like(text).replace(" ", ""), set()).add(code)
    return {text: next(iter(codes)) for text, codes in found.items() if len(codes) == 1}
