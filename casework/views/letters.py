"""Letters, listed and shown: what goes to whom, where it stands and why, and what still waits to become a letter."""

from __future__ import annotations

import zlib
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any

from sqlalchemy import Connection, func, select

from casework.letters.tables import ATTEMPT, ITEM_WAITS, LETTER, OUTBOX, SUPPRESSED
from casework.people import PERSON, person_by_code
from casework.views.found import found_named
from notifications.render import kinds_of_letters
from rules.reasons import Reason, Refused


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def list_letters(
    connection: Connection,
    *,
    person: str | None = None,
    kind: str | None = None,
    standing: str | None = None,
    limit: int = 200,
) -> tuple[list[dict[str, Any]], int]:
    """Letters, the newest first, and how many there are in all.

    Raises:
        Refused: there is no such person, or no such kind of letters.
    """
    if kind is not None and kind not in kinds_of_letters():
        possible = sorted(kinds_of_letters())
        raise Refused([Reason("unknown_letter_kind", {"name": kind, "possible": possible})])
    columns = [column for column in LETTER.c if column.name not in ("mime", "digest")]
    query = select(*columns, PERSON.c.code, PERSON.c.name).join(PERSON, PERSON.c.id == LETTER.c.person_id)
    if person is not None:
        query = query.where(LETTER.c.person_id == person_by_code(connection, person)["id"])
    if kind is not None:
        query = query.where(LETTER.c.kind == kind)
    if standing is not None:
        query = query.where(LETTER.c.standing == standing)
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = connection.execute(query.order_by(LETTER.c.id.desc()).limit(limit)).mappings()
    return [_letter(row) for row in rows], int(total)


def _letter(row: Any) -> dict[str, Any]:
    return {
        "letter": row["id"],
        "day": row["day"].isoformat(),
        "kind": row["kind"],
        "person": {"code": row["code"], "name": row["name"]},
        "address": row["address"],
        "subject": row["subject"],
        "standing": row["standing"],
        "trouble": row["trouble"],
        "attempts": row["attempts"],
        "queued_at": _iso(row["queued_at"]),
        "not_before": _iso(row["not_before"]),
        "sent_at": _iso(row["sent_at"]),
        "message_id": row["message_id"],
    }


def letters_about(
    connection: Connection, subject: str, *, person: int | None = None, limit: int = 50
) -> tuple[list[dict[str, Any]], int]:
    """Letters that tell of a subject (``dossier:12``), the newest first, and how many items still wait to be told.

    ``person``: only what goes to this one.
    """
    told = OUTBOX.c.subject == subject
    if person is not None:
        told &= OUTBOX.c.person_id == person
    columns = [column for column in LETTER.c if column.name not in ("mime", "digest")]
    query = (
        select(*columns, PERSON.c.code, PERSON.c.name)
        .join(PERSON, PERSON.c.id == LETTER.c.person_id)
        .where(LETTER.c.id.in_(select(OUTBOX.c.letter_id).where(told)))
        .order_by(LETTER.c.id.desc())
        .limit(limit)
    )
    waiting = connection.execute(
        select(func.count()).select_from(OUTBOX).where(told, ITEM_WAITS)
    ).scalar_one()
    return [_letter(row) for row in connection.execute(query).mappings()], int(waiting)


def waiting_items(connection: Connection, *, person: str | None = None) -> int:
    """How many items no letter has taken up yet.

    Raises:
        Refused: there is no such person.
    """
    query = select(func.count()).select_from(OUTBOX).where(ITEM_WAITS)
    if person is not None:
        query = query.where(OUTBOX.c.person_id == person_by_code(connection, person)["id"])
    return int(connection.execute(query).scalar_one())


def suppressed_addresses(connection: Connection) -> list[dict[str, Any]]:
    """Addresses to which nothing is sent until somebody clears them."""
    rows = connection.execute(select(SUPPRESSED).order_by(SUPPRESSED.c.id)).mappings()
    return [
        {
            "address": row["address"],
            "smtp_code": row["smtp_code"],
            "detail": row["detail"],
            "since": _iso(row["since"]),
            "letter": row["letter_id"],
        }
        for row in rows
    ]


def show_letter(connection: Connection, letter: int, lang: str = "vi") -> dict[str, Any]:
    """One letter: its headers and text as handed over, its items, every try and its answer.

    ``about`` of an item is what its subject is called: a dossier's or a unit's code.

    Raises:
        Refused: there is no such letter.
    """
    query = select(LETTER, PERSON.c.code, PERSON.c.name).join(PERSON, PERSON.c.id == LETTER.c.person_id)
    row = connection.execute(query.where(LETTER.c.id == letter)).mappings().first()
    if row is None:
        raise Refused([Reason("letter_not_found", {"letter": letter})])
    headers, text = read_message(zlib.decompress(row["mime"])) if row["mime"] else ([], "")
    items = select(OUTBOX).where(OUTBOX.c.letter_id == letter).order_by(OUTBOX.c.key)
    told = connection.execute(items).mappings().all()
    abouts = found_named(connection, [item["subject"] for item in told], lang)
    tries = select(ATTEMPT).where(ATTEMPT.c.letter_id == letter).order_by(ATTEMPT.c.number)
    return {
        **_letter(row),
        "headers": headers,
        "text": text,
        "items": [
            {
                "key": item["key"],
                "subject": item["subject"],
                "about": about,
                "facts": item["facts"],
                "standing": item["standing"],
            }
            for item, about in zip(told, abouts, strict=True)
        ],
        "tries": [
            {
                "number": entry["number"],
                "at": _iso(entry["at"]),
                "answer": entry["answer"],
                "smtp_code": entry["smtp_code"],
                "detail": entry["detail"],
            }
            for entry in connection.execute(tries).mappings()
        ],
    }


def read_message(mime: bytes) -> tuple[list[list[str]], str]:
    """The headers of a letter, decoded, and its text part."""
    message = message_from_bytes(mime, policy=policy.default)
    headers = [[name, str(value)] for name, value in message.items()]
    plain = (part for part in message.walk() if part.get_content_type() == "text/plain")
    return headers, next((str(part.get_content()) for part in plain), "")
