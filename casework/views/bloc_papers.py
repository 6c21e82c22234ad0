"""The papers of a bloc's year: minutes, signed covenants, evidence of sheets; each for who may see what it is of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from casework.bloc.hold_meeting import MEETING
from casework.bloc.sight import readable_by
from casework.bloc.sign_covenant import SIGNATURE
from casework.bloc.year import SHEET, BlocYear
from casework.sight import Sight
from models.paper import StoredFile

STORED = StoredFile.__table__
_TABLES = {"minutes": MEETING, "covenant": SIGNATURE, "evidence": SHEET}
KINDS = tuple(_TABLES)


def paper_in_year(year: BlocYear, sight: Sight, kind: str, number: int) -> dict[str, Any] | None:
    """``id``, ``kind``, ``name``, ``sha256``, ``size``, ``media_type`` of the paper of a meeting, signature or sheet.

    ``number`` is the id of its row. None: there is none, or the person may not read the sheet that it came with.
    """
    table = _TABLES[kind]
    query = (
        select(
            table.c.id,
            table.c.paper_name.label("name"),
            STORED.c.sha256,
            STORED.c.size,
            STORED.c.media_type,
        )
        .join(STORED, STORED.c.sha256 == table.c.paper_sha256)
        .where(year.mine(table), table.c.id == number)
    )
    row = year.connection.execute(query).mappings().first()
    if row is None or (kind == "evidence" and number not in _readable(year, sight)):
        return None
    return {**row, "kind": kind}


def _readable(year: BlocYear, sight: Sight) -> frozenset[int]:
    return readable_by(
        year.connection,
        sight,
        year.id,
        year.members,
        year.sheets,
        settled=year.settled,
        day=year.call.day,
    )
