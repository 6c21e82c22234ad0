"""Rows of nominees out of a form: typed, pasted, uploaded, ticked from last year's list, or shown before."""

from __future__ import annotations

from casework.nominee_list import MOST_ROWS, TypedRow
from documents.table_text import MOST_BYTES, NotReadable, rows_of, text_of
from web.forms import Form

#: lines for typing
LINES = 4
_LONGEST, _CODE = 200, 50
_LONGEST_PASTE = 200_000
# First cells of a heading that people copy along with the rows.
_HEADINGS = frozenset({"mã", "mã cán bộ", "họ tên", "họ và tên", "stt", "code", "name", "staff code"})


def typed_rows(form: Form) -> list[TypedRow]:
    """The rows of a form, at most `MOST_ROWS`; what cannot be read is noted in its faults."""
    rows = [*_shown(form), *_lines(form), *_pasted(form), *_uploaded(form), *_ticked(form)]
    if len(rows) > MOST_ROWS:
        form.faults["list"] = "too_many_rows"
    return rows[:MOST_ROWS]


def _shown(form: Form) -> list[TypedRow]:
    """Rows of a list that was looked at before, those that were kept."""
    return [
        TypedRow(
            who,
            form.text(f"title-{number}", longest=_LONGEST),
            form.text(f"person-{number}", longest=_LONGEST),
            form.text(f"seen-{number}", longest=_LONGEST),
            form.text(f"movement-{number}", longest=_CODE),
        )
        for number in form.wholes("keep")[:MOST_ROWS]
        if (who := form.text(f"who-{number}", longest=_LONGEST))
    ]


def _lines(form: Form) -> list[TypedRow]:
    title = form.text("line_title", longest=_LONGEST)
    whos = [form.text(f"line-{number}", longest=_LONGEST) for number in range(LINES)]
    movement = form.text("line_movement", longest=_CODE)
    return [TypedRow(who, title, movement=movement) for who in whos if who]


def _pasted(form: Form) -> list[TypedRow]:
    return _table(form, "list", form.text("list", longest=_LONGEST_PASTE))


def _uploaded(form: Form) -> list[TypedRow]:
    found: list[TypedRow] = []
    for file in form.files("file")[:1]:
        try:
            found += _table(form, "file", text_of(file.file.read(MOST_BYTES + 1)))
        except NotReadable as trouble:
            form.faults["file"] = trouble.code
    return found


def _ticked(form: Form) -> list[TypedRow]:
    """Ticked rows of last year's list: who and title in one value."""
    found = []
    for value in form.texts("again")[:MOST_ROWS]:
        who, _, title = value.partition("|")
        found.append(TypedRow(who, title))
    return found


def _table(form: Form, field: str, text: str) -> list[TypedRow]:
    """Rows of a table: who stands first, the title last; a row of one cell has the title that was chosen for all."""
    try:
        rows = rows_of(text, MOST_ROWS)
    except NotReadable as trouble:
        form.faults[field] = trouble.code
        return []
    if rows and rows[0][0].casefold() in _HEADINGS:
        rows = rows[1:]
    for_all, movement = form.text("list_title", longest=_LONGEST), form.text("list_movement", longest=_CODE)
    return [
        TypedRow(
            cells[0][:_LONGEST],
            (cells[-1] if len(cells) > 1 else "")[:_LONGEST] or for_all,
            movement=movement,
        )
        for cells in ([cell for cell in row if cell] for row in rows)
    ]
