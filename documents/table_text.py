"""Rows of a spreadsheet as text: what is pasted out of one, or a .csv file."""

from __future__ import annotations

import csv
import io

#: a file of more is no list of people
MOST_BYTES = 1_000_000
_TAB, _SEMICOLON, _COMMA, _QUOTE = "\t", ";", ",", '"'
# A row of nothing else says nothing.
_NO_CELL = f" {_TAB}{_SEMICOLON}{_COMMA}{_QUOTE}"


class NotReadable(Exception):
    """The text is no table: ``code`` of the catalogue `fields` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def text_of(body: bytes, most_bytes: int = MOST_BYTES) -> str:
    """A .csv file as text: UTF-8, with or without the mark that spreadsheets put first.

    Raises:
        NotReadable: another encoding. Old Vietnamese ones (cp1258, TCVN3, VNI) cannot be told from each other, and a
            guess would write wrong names.
    """
    if len(body) > most_bytes:
        raise NotReadable("file_too_large")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotReadable("not_utf8") from error
    if "\0" in text:
        # UTF-16 without its mark decodes as UTF-8 with a zero beside each letter.
        raise NotReadable("not_utf8")
    return text


def rows_of(text: str, most: int) -> list[list[str]]:
    """The cells of each row without the spaces around them; empty rows are left out.

    Each row is taken apart by itself, since lists are pasted together out of several: by its tabs, else by its
    semicolons. Commas, which stand within names too, separate only where no row has a tab or a semicolon.

    Raises:
        NotReadable: more than ``most`` rows, or quotation marks that do not close.
    """
    lines = [line for line in _lines(text) if line.strip(_NO_CELL)]
    if len(lines) > most:
        raise NotReadable("too_many_rows")
    separators = [_separator(line) for line in lines]
    otherwise = _TAB if any(separators) else _COMMA
    rows = [_cells(line, sign or otherwise) for line, sign in zip(lines, separators, strict=True)]
    return [row for row in rows if any(row)]


def numbered_rows_of(text: str, most: int) -> list[tuple[int, list[str]]]:
    """The cells of each row of a file with the number of the line on which it begins; empty rows are left out.

    Unlike what is pasted together, a file is separated in one way: by whatever parts its first row into most cells.

    Raises:
        NotReadable: more than ``most`` rows, or quotation marks that do not close.
    """
    numbered, line = [], 1
    for row in _lines(text):
        if row.strip(_NO_CELL):
            numbered.append((line, row))
        line += row.count("\n") + 1
    if len(numbered) > most:
        raise NotReadable("too_many_rows")
    if not numbered:
        return []
    first = numbered[0][1]
    separator = max((_TAB, _SEMICOLON, _COMMA), key=lambda sign: len(_cells(first, sign)))
    return [(number, _cells(row, separator)) for number, row in numbered]


def _lines(text: str) -> list[str]:
    """The rows of a table as text: a line break within quotation marks ends none."""
    found, begun, quoted, before = [], 0, False, "\n"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for at, sign in enumerate(text):
        if sign == _QUOTE and (quoted or before in (_TAB, _SEMICOLON, _COMMA, "\n")):
            quoted = not quoted
            # A second one right after stands for the sign itself, and opens again.
            before = _COMMA if not quoted else sign
            continue
        if sign == "\n" and not quoted:
            found.append(text[begun:at])
            begun = at + 1
        before = sign
    if quoted:
        raise NotReadable("no_table")
    return [*found, text[begun:]]


def _separator(line: str) -> str:
    """The tab or the semicolon, whichever stands between cells of a row; empty where neither does."""
    return next((sign for sign in (_TAB, _SEMICOLON) if len(_cells(line, sign)) > 1), "")


def _cells(line: str, separator: str) -> list[str]:
    try:
        rows = list(csv.reader(io.StringIO(line, newline=""), delimiter=separator))
    except csv.Error as error:
        raise NotReadable("no_table") from error
    return [cell.strip() for row in rows for cell in row]
