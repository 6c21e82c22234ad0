"""What became of the initiatives of a home, counted from what it keeps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from casework.history import ENTRY
from casework.load import AUTHOR, INITIATIVE, NOMINATION

# Every one is taken at least once in the sample's year; and what is counted.
COUNTED_IN = {
    "initiative_listed": "initiative",
    "initiative_shared": "initiative",
    "initiative_recognised": "initiative",
    "initiative_not_recognised": "initiative",
    "initiatives_returned": "dossier",
    "initiative_used_at_the_base": "nomination",
    "initiative_used_for_the_province": "nomination",
}


def initiative_side_ways(connection: Connection) -> dict[str, int]:
    """How many took each, counted as `COUNTED_IN` says."""

    def size(query: Any) -> int:
        return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())

    put_forward = select(NOMINATION.c.id).where(NOMINATION.c.initiative_id.is_not(None))
    used = select(NOMINATION.c.id).where(
        NOMINATION.c.uses_initiative_id.is_not(None), NOMINATION.c.outcome != "struck"
    )
    shared = select(AUTHOR.c.initiative_id).group_by(AUTHOR.c.initiative_id).having(func.count() > 1)
    dossiers = select(NOMINATION.c.dossier_id).where(NOMINATION.c.initiative_id.is_not(None)).distinct()
    subjects = {f"dossier:{number}" for number in connection.execute(dossiers).scalars()}
    returns = set(connection.execute(select(ENTRY.c.subject).where(ENTRY.c.event == "return")).scalars())
    return {
        "initiative_listed": size(select(INITIATIVE.c.id)),
        "initiative_shared": size(shared),
        "initiative_recognised": size(put_forward.where(NOMINATION.c.outcome == "awarded")),
        "initiative_not_recognised": size(
            put_forward.where(NOMINATION.c.outcome.in_(("stopped", "not_awarded")))
        ),
        "initiatives_returned": len(subjects & returns),
        "initiative_used_at_the_base": size(used.where(NOMINATION.c.title == "CSTDCS")),
        "initiative_used_for_the_province": size(used.where(NOMINATION.c.title == "CSTDT")),
    }
