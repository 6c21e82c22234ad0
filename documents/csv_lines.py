"""Tables as .csv for spreadsheets: nothing in a cell may begin to calculate there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

#: by these bytes spreadsheets know that a file is UTF-8
MARK = "\ufeff"
# With one of these at its beginning a spreadsheet takes a cell for a formula (OWASP, CSV injection).
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: object) -> str:
    """A cell that is shown as it stands: before what would be a formula comes an apostrophe. Spaces in front of a
    formula do not hide it, since some programs drop them."""
    text = "" if value is None else str(value)
    if isinstance(value, int):
        return text
    return (
        f"'{text}" if text.startswith(_BEGINS_FORMULA) or text.lstrip().startswith(_BEGINS_FORMULA) else text
    )


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """Rows as the lines of a file, each cell made harmless."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue()
