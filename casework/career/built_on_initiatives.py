"""What was built on initiatives that an import wrote or recognised, so that the import stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, or_, select

from casework.career.keys import holder_of, initiatives_key
from casework.career.tables import EARLIER_USE
from casework.decided import AWARD
from casework.load import AUTHOR, DOSSIER, INITIATIVE, NOMINATION
from rules.reasons import Reason

_BATCH = 500
#: rows that an import wrote, by their kinds
_Written = Mapping[str, Collection[Mapping[str, Any]]]


def initiatives_in(written: _Written) -> frozenset[int]:
    """The initiatives that an import wrote, recognised, or told the use of."""
    own = {row["id"] for row in written.get("initiative", ())}
    told = {row["initiative_id"] for kind in ("award", "earlier_use") for row in written.get(kind, ())}
    return frozenset(own | told) - {None}


def author_keys(connection: Connection, initiatives: Collection[int]) -> set[str]:
    """What looked at the initiatives of the authors of some."""
    people: set[int] = set()
    for some in _batches(initiatives):
        query = select(AUTHOR.c.person_id).where(AUTHOR.c.initiative_id.in_(some))
        people |= set(connection.execute(query).scalars())
    return {initiatives_key(holder_of(person, None)) for person in people}


def built_on_initiatives(connection: Connection, written: _Written) -> list[Reason]:
    """Nominations that name one of them, struck ones too; and what another file has recorded of one that would go."""
    reasons = []
    for some in _batches(initiatives_in(written)):
        query = (
            select(INITIATIVE.c.code, DOSSIER.c.code.label("dossier"))
            .join(
                NOMINATION,
                or_(
                    NOMINATION.c.initiative_id == INITIATIVE.c.id,
                    NOMINATION.c.uses_initiative_id == INITIATIVE.c.id,
                ),
            )
            .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
            .where(INITIATIVE.c.id.in_(some))
            .distinct()
            .order_by(INITIATIVE.c.code, DOSSIER.c.code)
        )
        reasons += [
            Reason("built_on_by_nomination", {"initiative": row.code, "dossier": row.dossier})
            for row in connection.execute(query)
        ]
    codes = {row["id"]: row["code"] for row in written.get("initiative", ())}
    counts: dict[int, int] = {}
    for kind, table in (("award", AWARD), ("earlier_use", EARLIER_USE)):
        own = {row["id"] for row in written.get(kind, ())}
        for some in _batches(codes):
            query = select(table.c.id, table.c.initiative_id).where(table.c.initiative_id.in_(some))
            for row in connection.execute(query):
                if row.id not in own:
                    counts[row.initiative_id] = counts.get(row.initiative_id, 0) + 1
    reasons += [
        Reason("built_on_by_recognition", {"initiative": codes[number], "count": count})
        for number, count in sorted(counts.items())
    ]
    return reasons


def _batches(ids: Iterable[int]) -> Iterable[list[int]]:
    listed = sorted(ids)
    return (listed[start : start + _BATCH] for start in range(0, len(listed), _BATCH))
