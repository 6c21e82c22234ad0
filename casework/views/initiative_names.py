"""Initiatives as they are shown wherever one stands as a nominee: name, and the authors with their shares."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, select

from casework.dates import BATCH
from casework.load import AUTHOR, INITIATIVE
from casework.people import PERSON
from rules.shares import share_text


def initiatives_told(connection: Connection, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """By id: ``id``, ``code``, ``name``, ``field``, ``unit_id``, ``year``, and ``authors`` with ``code``, ``name``,
    ``share``, ``erased``, the largest share first. Two statements, and none where no id is asked for."""
    found: dict[int, dict[str, Any]] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        for row in connection.execute(select(INITIATIVE).where(INITIATIVE.c.id.in_(some))):
            found[row.id] = {
                "id": row.id,
                "code": row.code,
                "name": row.name,
                "field": row.field,
                "unit_id": row.unit_id,
                "year": row.school_year,
                "authors": [],
            }
        authors = (
            select(
                AUTHOR.c.initiative_id,
                AUTHOR.c.share,
                PERSON.c.code,
                PERSON.c.name,
                PERSON.c.erased_at.is_not(None).label("erased"),
            )
            .join(PERSON, PERSON.c.id == AUTHOR.c.person_id)
            .where(AUTHOR.c.initiative_id.in_(some))
            .order_by(AUTHOR.c.initiative_id, AUTHOR.c.share.desc(), PERSON.c.id)
        )
        for row in connection.execute(authors):
            author = {
                "code": row.code,
                "name": row.name,
                "share": share_text(row.share),
                "erased": row.erased,
            }
            found[row.initiative_id]["authors"].append(author)
    return found


def with_authors_named(initiative: dict[str, Any], *, public: bool = False) -> str:
    """The name of an initiative and whose it is, in one line: ``Vườn chữ (An Mẫu, Bình Mẫu)``.

    ``public``: of an author who was erased nothing is told; the staff code stands for the name there.
    """
    names = [a["name"] for a in initiative["authors"] if not (public and a["erased"])]
    return f"{initiative['name']} ({', '.join(names)})" if names else str(initiative["name"])
