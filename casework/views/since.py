"""What changed on dossiers since one person last acted on each: how often, and what came last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, or_, select, tuple_

from casework.history import ENTRY
from casework.people import names_of
from casework.record_step import subject_of


def changes_since(
    connection: Connection, person: int, dossiers: Sequence[Mapping[str, Any]]
) -> dict[int, dict[str, Any]]:
    """Dossier's id → what happened after the person's own last entry, in three statements for all of them.

    ``{"acted_at": …, "changes": 2, "event": …, "at": …, "by": …}``, the last three of the newest entry. A dossier on
    which the person never acted is left out: all of it is new to her. What another did on her behalf counts as hers.
    """
    by_subject = {subject_of(row["id"]): row for row in dossiers}
    query = (
        select(ENTRY.c.subject, func.max(ENTRY.c.seq).label("seq"))
        .where(
            ENTRY.c.subject.in_(list(by_subject)),
            or_(ENTRY.c.actor_id == person, ENTRY.c.on_behalf_of_id == person),
        )
        .group_by(ENTRY.c.subject)
    )
    mine = {row.subject: row.seq for row in connection.execute(query)}
    if not mine:
        return {}
    wanted = [*mine.items(), *((subject, by_subject[subject]["version"]) for subject in mine)]
    columns = (ENTRY.c.subject, ENTRY.c.seq, ENTRY.c.event, ENTRY.c.at, ENTRY.c.actor_id)
    entries = {
        (row.subject, row.seq): row
        for row in connection.execute(
            select(*columns).where(tuple_(ENTRY.c.subject, ENTRY.c.seq).in_(wanted))
        )
    }
    names = names_of(connection, {row.actor_id for row in entries.values() if row.actor_id is not None})
    found = {}
    for subject, seq in mine.items():
        row = by_subject[subject]
        latest = entries[subject, row["version"]]
        found[row["id"]] = {
            "acted_at": entries[subject, seq].at.isoformat(),
            "changes": row["version"] - seq,
            "event": latest.event,
            "at": latest.at.isoformat(),
            "by": names.get(latest.actor_id),
        }
    return found
