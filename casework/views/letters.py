"""Letters, listed and shown: what goes to whom, where it stands and why, and what still waits to become a letter."""

from __future__ import annotations

import zlib
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from sqlalchemy import Connection, func, select

from casework.letters.tables import ATTEMPT, ITEM_WAITS, LETTER, OUTBOX, SUPPRESSED
from casework.people import PERSON, person_by_code
from casework.views.bounded import COUNTED, counted_rows
from casework.views.found import found_named
from models.letter import LETTER_STANDINGS
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
    trouble: str | None = None,
    before: int | None = None,
    limit: int = 200,
    count_all: bool = True,
) -> tuple[list[dict[str, Any]], int]:
    """Letters, the newest first, and how many there are in all; with ``before``, only those older than that letter.

    Without ``count_all`` they are counted as in `casework/views/bounded.py`, so far and no further.

    Raises:
        Refused: there is no such person, or no such kind of letters.
    """
    if kind is not None and kind not in kinds_of_letters():
        possible = sorted(kinds_of_letters())
        raise Refused([Reason("unknown_letter_kind", {"name": kind, "possible": possible})])
    whose = person_by_code(connection, person)["id"] if person is not None else None
    wanted = [
        column == value
        for column, value in (
            (LETTER.c.person_id, whose),
            (LETTER.c.kind, kind),
            (LETTER.c.standing, standing),
            (LETTER.c.trouble, trouble),
        )
        if value is not None
    ]
    if count_all:
        total = connection.execute(select(func.count()).select_from(LETTER).where(*wanted)).scalar_one()
    else:
        total = counted_rows(connection, select(LETTER.c.id).where(*wanted))
    columns = [column for column in LETTER.c if column.name not in ("mime", "digest")]
    query = select(*columns, PERSON.c.code, PERSON.c.name).join(PERSON, PERSON.c.id == LETTER.c.person_id)
    query = query.where(*wanted)
    if before is not None:
        query = query.where(LETTER.c.id < before)
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


def letters_by_standing(connection: Connection) -> dict[str, int]:
    """How many letters stand how, each counted as in `casework/views/bounded.py`, so far and no further."""
    counts = [
        select(func.count()).select_from(_some(standing, LETTER.c.id)).scalar_subquery().label(standing)
        for standing in LETTER_STANDINGS
    ]
    row = connection.execute(select(*counts)).mappings().one()
    return {standing: number for standing, number in row.items() if number}


def failed_by_trouble(connection: Connection) -> list[tuple[str, int]]:
    """Why letters failed, and how many for each reason among as many as are counted; the most first."""
    failed = _some("failed", LETTER.c.trouble)
    count = func.count().label("count")
    query = select(failed.c.trouble, count).group_by(failed.c.trouble)
    rows = connection.execute(query.order_by(count.desc(), failed.c.trouble))
    return [(row.trouble, row.count) for row in rows]


def _some(standing: str, column: Any) -> Any:
    return select(column).where(LETTER.c.standing == standing).limit(COUNTED + 1).subquery()


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


def suppressed_addresses(connection: Connection, limit: int | None = None) -> list[dict[str, Any]]:
    """Addresses to which nothing is sent until somebody clears them, the oldest first."""
    rows = connection.execute(select(SUPPRESSED).order_by(SUPPRESSED.c.id).limit(limit)).mappings()
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


def show_letter(
    connection: Connection, letter: int, lang: str = "vi", *, html: bool = False
) -> dict[str, Any]:
    """One letter: its headers and text as handed over, its items, every try and its answer.

    ``about`` of an item is what its subject is called: a dossier's or a unit's code. ``html`` adds its HTML part.

    Raises:
        Refused: there is no such letter.
    """
    query = select(LETTER, PERSON.c.code, PERSON.c.name).join(PERSON, PERSON.c.id == LETTER.c.person_id)
    row = connection.execute(query.where(LETTER.c.id == letter)).mappings().first()
    if row is None:
        raise Refused([Reason("letter_not_found", {"letter": letter})])
    mime = zlib.decompress(row["mime"]) if row["mime"] else b""
    headers, text = read_message(mime) if mime else ([], "")
    more = {"html": html_of(mime) if mime else ""} if html else {}
    items = select(OUTBOX).where(OUTBOX.c.letter_id == letter).order_by(OUTBOX.c.key)
    told = connection.execute(items).mappings().all()
    abouts = found_named(connection, [item["subject"] for item in told], lang)
    tries = select(ATTEMPT).where(ATTEMPT.c.letter_id == letter).order_by(ATTEMPT.c.number)
    return {
        **_letter(row),
        **more,
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
    return headers, _part(message, "text/plain")


def html_of(mime: bytes) -> str:
    """The HTML part of a letter."""
    return _part(message_from_bytes(mime, policy=policy.default), "text/html")


def _part(message: EmailMessage, kind: str) -> str:
    parts = (part for part in message.walk() if part.get_content_type() == kind)
    return next((str(part.get_content()) for part in parts), "")
