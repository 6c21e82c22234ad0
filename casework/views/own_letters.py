"""The letters that one person was sent, as she finds them in her account."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, select

from casework.letters.tables import LETTER, OUTBOX
from casework.views.found import subjects_named
from casework.views.naming import milestones_named

#: subjects of a letter that a list names; beyond these it only counts
_NAMED = 3
#: whatever became of it at the mail server, it was written for her; what was taken back says nothing any more
_LISTED = ("sent", "in_doubt", "failed")


def letters_of(
    connection: Connection, person: int, lang: str, *, before: int = 0, limit: int = 50
) -> list[dict[str, Any]]:
    """The letters to a person, the newest first, with what each is about: the first subjects (``text``, and the
    ``dossier`` where it is one) and how many more there are. With ``before``, those older than that letter.

    One that failed is listed too: here it can be read all the same. One-time links stand in none (docs/sign-in.md).
    """
    query = select(LETTER.c.id, LETTER.c.day, LETTER.c.kind, LETTER.c.subject, LETTER.c.standing).where(
        LETTER.c.person_id == person, LETTER.c.standing.in_(_LISTED)
    )
    if before:
        query = query.where(LETTER.c.id < before)
    rows = connection.execute(query.order_by(LETTER.c.id.desc()).limit(limit)).mappings().all()
    about = _about(connection, [row["id"] for row in rows], lang)
    return [
        {
            "letter": row["id"],
            "day": row["day"].isoformat(),
            "kind": row["kind"],
            "subject": row["subject"],
            "standing": row["standing"],
            "about": about.get(row["id"], ([], 0))[0],
            "more": about.get(row["id"], ([], 0))[1],
        }
        for row in rows
    ]


def _about(
    connection: Connection, letters: Collection[int], lang: str
) -> dict[int, tuple[list[dict[str, str | None]], int]]:
    """The first subjects of each letter in words, and how many more it has; the same statements for any number."""
    place = func.row_number().over(partition_by=OUTBOX.c.letter_id, order_by=OUTBOX.c.key)
    count = func.count().over(partition_by=OUTBOX.c.letter_id)
    items = (
        select(
            OUTBOX.c.letter_id,
            OUTBOX.c.subject,
            OUTBOX.c.facts,
            place.label("place"),
            count.label("count"),
        )
        .where(OUTBOX.c.letter_id.in_(letters))
        .subquery()
    )
    query = select(items).where(items.c.place <= _NAMED).order_by(items.c.letter_id, items.c.place)
    rows = connection.execute(query).mappings().all() if letters else []
    names = subjects_named(connection, {row["subject"] for row in rows}, lang)
    milestones = milestones_named(connection, lang) if rows else {}
    found: dict[int, tuple[list[dict[str, str | None]], int]] = {}
    for row in rows:
        told, _ = found.setdefault(row["letter_id"], ([], max(0, row["count"] - _NAMED)))
        dossier = names[row["subject"]] if row["subject"].startswith("dossier:") else None
        milestone = milestones.get(row["facts"].get("milestone", ""))
        text = dossier or milestone or _plainly(row["subject"], names[row["subject"]])
        if text:
            told.append({"text": text, "dossier": dossier})
    return found


def _plainly(subject: str, name: str) -> str:
    """The name of a subject; nothing where it has none that says something (`watch:letters_failed`)."""
    return "" if name == subject else name
