"""A file of earlier years looked at row by row, by the reader of its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from sqlalchemy import Connection

from casework.career.columns import FileRow
from casework.career.discipline_rows import DisciplineRows
from casework.career.grade_rows import GradeRows
from casework.career.initiative_rows import InitiativeRows
from casework.career.reach import Reach
from casework.career.reader import Reader
from casework.career.seen import Choices, SeenFile
from casework.career.service_rows import ServiceRows
from casework.career.title_rows import TitleRows
from rules.reasons import Reason

READERS: Mapping[str, type[Reader]] = MappingProxyType(
    {reader.kind: reader for reader in (TitleRows, GradeRows, DisciplineRows, ServiceRows, InitiativeRows)}
)


def look(
    connection: Connection,
    kind: str,
    rows: Sequence[FileRow],
    reach: Reach,
    day: date,
    *,
    choices: Choices | None = None,
    actor: int | None = None,
) -> SeenFile:
    """What each row means for people and units of a reach; every row is accounted for."""
    given = choices or Choices()
    reader = READERS[kind](connection, reach, day, given, actor)
    seen = [reader.read(row) for row in rows]
    seen = reader.together(seen)
    lines = {row.line for row in rows}
    strange = sorted(line for line in {*given.people, *given.left_out} if line not in lines)
    return SeenFile(
        kind, tuple(seen), tuple(Reason("career_choice_without_row", {"line": line}) for line in strange)
    )
