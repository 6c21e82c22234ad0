"""Rows of files of times of service: of people alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from casework.career.cells import words_of
from casework.career.columns import FileRow
from casework.career.once import each_once
from casework.career.reach import Reach
from casework.career.reader import Reader
from casework.career.seen import TAKEN, Choices, SeenRow
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
        seen = each_once(
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
        return _apart(seen, there)


def _apart(rows: Iterable[SeenRow], there: Mapping[Any, Iterable[Any]]) -> list[SeenRow]:
    """Spans of one kind of a person do not share a day: neither in the file nor with what is on record (``there``)."""
    spans: dict[tuple[int | None, str], list[tuple[date, date]]] = {}
    for (person, _), known in there.items():
        for one in known:
            spans.setdefault((person, one.kind), []).append((one.since, one.until or date.max))
    found = []
    for row in rows:
        if row.standing != TAKEN or not row.values:
            found.append(row)
            continue
        of_kind = spans.setdefault((row.holder[0], row.values["kind"]), [])
        since, until = row.values["since"], row.values["until"] or date.max
        overlapped = sorted(begins for begins, ends in of_kind if begins <= until and since <= ends)
        if overlapped:
            told = {"line": row.line, "since": overlapped[0].isoformat()}
            found.append(row.against(Reason("career_service_overlaps", told)))
            continue
        of_kind.append((since, until))
        found.append(row)
    return found
