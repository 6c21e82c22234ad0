"""Rows of files of times of service: of people alone."""

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
from casework.career.tables import SERVICE
from models.service import SERVICES
from rules.reasons import Reason


class ServiceRows(Reader):
    """Times of service of people."""

    kind = "service"

    def __init__(
        self, connection: Connection, reach: Reach, day: date, choices: Choices, actor: int | None
    ) -> None:
        super().__init__(connection, reach, day, choices, actor)
        self._services = words_of("services", SERVICES)

    def understand(self, row: FileRow) -> SeenRow:
        kind = self.word(row, "service", self._services)
        if row.cell("service") and kind is None:
            self.refuse(Reason("career_service_unknown", {"line": row.line, "value": row.cell("service")}))
        since, until = self.dated(row, "since"), self.dated(row, "until")
        if since and until and until < since:
            self.refuse(Reason("career_ends_before", {"line": row.line, "day": until.isoformat()}))
        seen = self.who(row)
        if kind is None or since is None:
            return seen
        return replace(seen, values={"kind": kind, "since": since, "until": until})

    def together(self, rows: list[SeenRow]) -> list[SeenRow]:
        there = self.on_record(SERVICE, rows)
        return each_once(
            rows,
            lambda row: (row.holder, row.values["kind"], row.values["since"]),
            lambda row: [
                one
                for one in there.get((row.holder[0], None), ())
                if (one.kind, one.since) == (row.values["kind"], row.values["since"])
            ],
            ("until",),
            "service",
        )
