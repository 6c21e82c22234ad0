"""Counts of titles from a file: what a bloc registered and achieved in years of which there are no dossiers here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert

from casework.act import Done, do_act
from casework.call import Call
from casework.movements.rows import against_planning
from casework.regulations import titles_in_force
from casework.routing import unit_by_code
from documents.table_text import NotReadable, rows_of, text_of
from kit.canonical import sha256_hex
from kit.database import Database
from models.title_count import COUNTED, SUBJECTS, TitleCount
from rules.reasons import Reason, refuse_if

COUNT = TitleCount.__table__
_NAMED = ("code", "name", "subject")
_COLUMN = re.compile(rf"({'|'.join(COUNTED)})_(20\d\d)_(20\d\d)")
_NUMBER = re.compile(r"[0-9]{1,7}")
#: lines of one file; the catalogue has some two dozen titles
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: what was counted, and the first and the last school year of the period."""

    counted: str
    since_year: str
    until_year: str


@dataclass(frozen=True, slots=True)
class CountTable:
    """A file as it was understood: its columns, and for each line code, name, subject and numbers (None: a blank)."""

    columns: tuple[Column, ...]
    lines: tuple[tuple[str, str, str, tuple[int | None, ...]], ...]


def read_counts(body: bytes) -> tuple[CountTable, list[Reason]]:
    """A .csv file with the columns code, name, subject, and any of registered_YYYY_YYYY and achieved_YYYY_YYYY.

    The two years are the beginning of the first school year and the end of the last: achieved_2015_2020 are five
    school years. What is wrong is said with its line, all of it at once.
    """
    try:
        rows = rows_of(text_of(body), MOST_ROWS + 1)
    except NotReadable as trouble:
        return CountTable((), ()), [Reason("counts_unreadable", {"why": trouble.code})]
    if not rows:
        return CountTable((), ()), [Reason("counts_unreadable", {"why": "empty_file"})]
    if tuple(rows[0][:3]) != _NAMED or len(rows[0]) < 4:
        # Under other headings nobody knows what the cells mean.
        return CountTable((), ()), [Reason("counts_header", {"wanted": ", ".join(_NAMED)})]
    columns, reasons = _columns(rows[0])
    lines = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(rows[0]):
            reasons.append(Reason("counts_line_length", {"line": number, "cells": len(row)}))
            continue
        code, name, subject, *cells = row
        if subject not in SUBJECTS:
            reasons.append(Reason("counts_subject", {"line": number, "value": subject}))
        first = seen.setdefault((code, subject), number)
        if first != number:
            reasons.append(Reason("counts_line_twice", {"line": number, "first": first}))
        for cell in cells:
            if cell and not _NUMBER.fullmatch(cell):
                reasons.append(Reason("counts_number", {"line": number, "value": cell}))
        if all(not cell or _NUMBER.fullmatch(cell) for cell in cells):
            lines.append((code, name, subject, tuple(int(cell) if cell else None for cell in cells)))
    return CountTable(columns, tuple(lines)), reasons


def _columns(header: Sequence[str]) -> tuple[tuple[Column, ...], list[Reason]]:
    found, reasons = [], []
    for cell in header[3:]:
        match = _COLUMN.fullmatch(cell)
        if match is None or int(match[3]) <= int(match[2]):
            reasons.append(Reason("counts_column", {"value": cell}))
            continue
        first, last = int(match[2]), int(match[3])
        found.append(Column(match[1], f"{first}-{first + 1}", f"{last - 1}-{last}"))
    reasons += [
        Reason("counts_column", {"value": f"{c.counted}_{c.since_year}"})
        for n, c in enumerate(found)
        if c in found[:n]
    ]
    return tuple(found), reasons


def import_counts(database: Database, unit: str, body: bytes, call: Call, *, dry_run: bool = False) -> Done:
    """Take a unit's counts from a file. What stood for the same columns before is replaced; a blank has no row.

    Raises:
        Refused: with every reason, each with its line; nothing was written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = unit_by_code(connection, unit)
        unit_id = int(str(row["id"]))
        reasons = against_planning(connection, row, call)
        table, found = read_counts(body)
        reasons += found
        known = titles_in_force(connection)
        reasons += [
            Reason("counts_title", {"line": number, "code": code})
            for number, (code, *_) in enumerate(table.lines, start=2)
            if not _is_title(code, known)
        ]
        refuse_if(reasons)
        for column in table.columns:
            connection.execute(
                delete(COUNT).where(
                    COUNT.c.unit_id == unit_id,
                    COUNT.c.counted == column.counted,
                    COUNT.c.since_year == column.since_year,
                    COUNT.c.until_year == column.until_year,
                )
            )
        rows = list(_rows(table, unit_id, call))
        if rows:
            connection.execute(insert(COUNT), rows)
        told = [[c.counted, c.since_year, c.until_year] for c in table.columns]
        return f"unit:{unit_id}", {"columns": told, "rows": len(rows), "sha256": sha256_hex(body)}

    asked = {"unit": unit, "sha256": sha256_hex(body)}
    return do_act(database, "import_counts", call, work, asked=asked, dry_run=dry_run)


def _is_title(code: str, known: Any) -> bool:
    """A title of the catalogue, or one of its forms told apart by subject, as offices write it (BKTTG-C, BKTTG-T)."""
    return code in known or code.rpartition("-")[0] in known


def _rows(table: CountTable, unit: int, call: Call) -> Any:
    for position, (code, name, subject, numbers) in enumerate(table.lines):
        for column, number in zip(table.columns, numbers, strict=True):
            if number is None:
                continue
            yield {
                "unit_id": unit,
                "since_year": column.since_year,
                "until_year": column.until_year,
                "counted": column.counted,
                "title": code,
                "subject": subject,
                "name": name,
                "number": number,
                "position": position,
                "imported_by_id": call.actor_id,
                "imported_at": call.now,
            }
