"""Rows of a spreadsheet as text: what is pasted out of one, or a .csv file."""

from __future__ import annotations

import csv
import io

#: a file of more is no list of people
MOST_BYTES = 1_000_000
_SEPARATORS = ("\t", ";", ",")


class NotReadable(Exception):
    """The text is no table: ``code`` of the catalogue `fields` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def text_of(body: bytes) -> str:
    """A .csv file as text: UTF-8, with or without the mark that spreadsheets put first.

    Raises:
        NotReadable: another encoding. Old Vietnamese ones (cp1258, TCVN3, VNI) cannot be told from each other, and a
            guess would write wrong names.
    """
    if len(body) > MOST_BYTES:
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

    The separator is the tab, semicolon or comma of the first line, in this order.

    Raises:
        NotReadable: more than ``most`` rows, or quotation marks that do not close.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = next((sign for sign in _SEPARATORS if sign in first), ";")
    found = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if len(found) == most:
                raise NotReadable("too_many_rows")
            found.append(cells)
    except csv.Error as error:
        raise NotReadable("no_table") from error
    return found
