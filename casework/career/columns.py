"""Files of earlier years as rows of cells: which columns each kind of file has, and under which headings they stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from casework.views.staff import bare
from documents.table_text import NotReadable, numbered_rows_of, text_of
from notifications.words import LANGS, catalogue
from rules.reasons import Reason

#: rows of one file, without its heading
MOST_ROWS = 20_000
#: a row of all columns takes some 150 bytes
MOST_BYTES = 8_000_000
#: in a row that leaves it out on purpose: the column `chosen`, or a choice
LEFT_OUT = "-"

_WHO = ("name", "code", "birth_date", "chosen")
_DECISION = ("number", "decided_on")
#: kind of file → columns that it must have, and further ones that it may have
COLUMNS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        "titles": (
            ("school_year", "title", *_DECISION, "body"),
            (*_WHO, "unit", "award_type", "signatory"),
        ),
        "grades": (("school_year", "grade", *_DECISION, "body"), (*_WHO, "unit")),
        "disciplines": (("form", *_DECISION), (*_WHO, "served_on")),
        "service": (("service", "since"), (*_WHO, "until")),
        "initiatives": (
            ("school_year", "initiative", "scope", *_DECISION, "body", "unit"),
            (*_WHO, "share", "valid_until", "used_title", "used_year", "applied_on", "signatory"),
        ),
    }
)
#: letters of the longest cell
_LONGEST = 200
#: columns of tables that hold more, or less
_LONGEST_OF: Mapping[str, int] = MappingProxyType({"initiative": 300, "number": 80, "signatory": 120})
#: kinds whose rows may be a unit's: of the others a unit alone says of nobody
_OF_UNITS = ("titles", "grades")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of a file: the number of its line, and its cells by the names of the columns."""

    line: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """What stands in a column; empty where the file has no such column."""
        return self.cells.get(column, "")


@cache
def headings() -> Mapping[str, str]:
    """Heading, as headings are compared → column."""
    found = {}
    for lang in LANGS:
        for column, texts in catalogue("career_headings", lang).items():
            found |= {bare(text): column for text in (column, *texts.split(";"))}
    return MappingProxyType(found)


def read_file(kind: str, body: bytes) -> tuple[list[FileRow], list[Reason]]:
    """The rows of a file, and what is wrong with it: nothing in the rows is understood yet.

    UTF-8 with or without its mark, separated by tabs, semicolons or commas, the first row its headings. Letters are
    brought to one way of writing them (NFC). A cell that looks like a formula is text like any other.
    """
    try:
        text = unicodedata.normalize("NFC", text_of(body, MOST_BYTES))
        rows = numbered_rows_of(text, MOST_ROWS + 1)
    except NotReadable as trouble:
        if trouble.code == "too_many_rows":
            return [], [Reason("career_too_many_rows", {"most": MOST_ROWS})]
        return [], [Reason("career_file_unreadable", {"why": trouble.code})]
    if len(rows) < 2:
        return [], [Reason("career_file_unreadable", {"why": "empty_file"})]
    (_, first), *others = rows
    known = headings()
    must, may = COLUMNS[kind]
    heads = [known.get(bare(cell), "") for cell in first]
    columns = [head if head in (*must, *may) else "" for head in heads]
    reasons = list(_heading_reasons(columns, must, _holder_columns(kind)))
    if reasons:
        return [], reasons
    found = []
    for line, cells in others:
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            reasons.append(
                Reason("career_line_length", {"line": line, "cells": len(cells), "most": len(columns)})
            )
            continue
        named = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
        found.append(FileRow(line, named))
    return found, reasons


def _holder_columns(kind: str) -> tuple[str, ...]:
    """The columns of which one at least says whose a row is."""
    return ("name", "code", "unit") if kind in _OF_UNITS else ("name", "code")


def _heading_reasons(columns: list[str], must: Collection[str], holders: Collection[str]) -> Iterator[Reason]:
    missing = [column for column in must if column not in columns]
    if set(holders).isdisjoint(columns):
        missing.append("name")
    if missing:
        yield Reason("career_columns_missing", {"columns": missing})
    if twice := sorted({column for column in columns if column and columns.count(column) > 1}):
        yield Reason("career_column_twice", {"columns": twice})


def cell_reasons(kind: str, row: FileRow) -> list[Reason]:
    """Cells that must be filled and are not, or are too long."""
    must, _ = COLUMNS[kind]
    found = [
        Reason("career_cell_missing", {"line": row.line, "column": column})
        for column in must
        if not row.cell(column)
    ]
    if not any(row.cell(column) for column in _holder_columns(kind)):
        found.append(Reason("career_cell_missing", {"line": row.line, "column": "name"}))
    found += [
        Reason("career_cell_too_long", {"line": row.line, "column": column, "limit": limit})
        for column, text in row.cells.items()
        if len(text) > (limit := _LONGEST_OF.get(column, _LONGEST))
    ]
    return found
