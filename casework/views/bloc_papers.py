"""The papers of a bloc's year: minutes, signed covenants, evidence of sheets; each for who may see what it is of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import null, select

from casework.bloc.hold_meeting import MEETING
from casework.bloc.score_sheet import LINE
from casework.bloc.sight import readable_by
from casework.bloc.sign_covenant import SIGNATURE
from casework.bloc.year import SHEET, BlocYear
from casework.sight import Sight
from models.paper import StoredFile

STORED = StoredFile.__table__
_TABLES = {"minutes": MEETING, "covenant": SIGNATURE, "evidence": SHEET, "item": LINE}
KINDS = tuple(_TABLES)
#: of these, the sheet that one must be allowed to read
_SHEET_OF = {"evidence": SHEET.c.id, "item": LINE.c.sheet_id}


def paper_in_year(year: BlocYear, sight: Sight, kind: str, number: int) -> dict[str, Any] | None:
    """``id``, ``kind``, ``name``, ``sha256``, ``size``, ``media_type`` of the paper of a row.

    ``kind`` says of what: a meeting, a signature, a sheet, an item of one; ``number`` is its id. None: there
    is none, or the person may not read the sheet that it came with.
    """
    table = _TABLES[kind]
    query = (
        select(
            table.c.id,
            table.c.paper_name.label("name"),
            STORED.c.sha256,
            STORED.c.size,
            STORED.c.media_type,
            _SHEET_OF.get(kind, null()).label("sheet_id"),
        )
        .join(STORED, STORED.c.sha256 == table.c.paper_sha256)
        .where(table.c.id == number)
    )
    if kind == "item":
        query = query.join(SHEET, SHEET.c.id == LINE.c.sheet_id).where(year.mine(SHEET))
    else:
        query = query.where(year.mine(table))
    row = year.connection.execute(query).mappings().first()
    if row is None or (kind in _SHEET_OF and row["sheet_id"] not in readable_by(year, sight)):
        return None
    return {**{name: row[name] for name in row if name != "sheet_id"}, "kind": kind}
