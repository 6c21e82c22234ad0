"""What waits for composing, read: items that are ready, the letters of a day, and which of them may still change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Select, literal, select, tuple_

from casework.letters.holding import WITH_LINK, Item
from casework.letters.tables import ATTEMPT, ITEM_WAITS, LETTER, OUTBOX
from kit.database import Database
from notifications.announcements import MORNING, OF_THE_MORNING
from rules.windows import day_start

# Answers after which the server may have a copy: from then on the bytes are never made anew.
HANDED_OVER = ("sent", "in_doubt")


def pages(
    database: Database, query: Select[Any], order: tuple[Column[Any], ...], size: int
) -> Iterator[Sequence[Mapping[str, Any]]]:
    """The rows of a query, ``size`` at a time, in an order that an index gives; each page read by itself."""
    last: Mapping[str, Any] | None = None
    while True:
        page = query
        if last is not None:
            seen = (literal(last[column.name], column.type) for column in order)
            page = query.where(tuple_(*order) > tuple_(*seen))
        with database.read() as connection:
            rows = connection.execute(page.order_by(*order).limit(size)).mappings().all()
        if rows:
            yield rows
        if len(rows) < size:
            return
        last = rows[-1]


def ready_items(now: datetime) -> Select[Any]:
    """The items that no letter has taken up and that are ready at ``now``."""
    return select(OUTBOX).where(ITEM_WAITS, OUTBOX.c.ready_at <= now)


def grouped(items: Iterable[Item]) -> dict[tuple[int, str], list[Item]]:
    """Items by person and kind."""
    groups: dict[tuple[int, str], list[Item]] = {}
    for item in items:
        groups.setdefault((item["person_id"], item["kind"]), []).append(item)
    return groups


def letters_of(
    connection: Connection, people: Collection[int], day: date
) -> dict[tuple[int, str], Mapping[str, Any]]:
    """The letters of some people's day, by person and kind."""
    query = select(LETTER).where(LETTER.c.person_id.in_(list(people)), LETTER.c.day == day)
    return {(row["person_id"], row["kind"]): row for row in connection.execute(query).mappings()}


def handed_over(connection: Connection, letters: Collection[int]) -> frozenset[int]:
    """Which letters the server may have, and keep their bytes for it. One with a link is asked for anew instead."""
    if not letters:
        return frozenset()
    query = select(ATTEMPT.c.letter_id).join(LETTER, LETTER.c.id == ATTEMPT.c.letter_id)
    query = query.where(ATTEMPT.c.letter_id.in_(list(letters)), ATTEMPT.c.answer.in_(HANDED_OVER))
    query = query.where(LETTER.c.kind.not_in(WITH_LINK))
    return frozenset(connection.execute(query).scalars())


def attached(connection: Connection, letters: Collection[int]) -> dict[int, list[Item]]:
    """The items of some letters that wait with them."""
    found: dict[int, list[Item]] = {}
    if letters:
        query = select(OUTBOX).where(OUTBOX.c.letter_id.in_(list(letters)), OUTBOX.c.standing == "queued")
        for row in connection.execute(query).mappings():
            found.setdefault(row["letter_id"], []).append(row)
    return found


def takes_more(letter: Mapping[str, Any], frozen: Collection[int], wall: datetime) -> bool:
    """Whether a letter may take up further items; ``frozen`` are those that the server may have."""
    leased = letter["leased_until"] is not None and letter["leased_until"] > wall
    if letter["kind"] in WITH_LINK:
        # The day's row of these serves each link that is asked for; one that failed or went does not stand in its way.
        return letter["standing"] != "sending" and not leased
    return letter["standing"] in ("queued", "retracted") and letter["id"] not in frozen and not leased


def next_morning(day: date, kind: str) -> datetime:
    """When an item that came too late for ``day``'s letter is ready for the next day's."""
    start = day_start(day + timedelta(days=1))
    return start + MORNING if kind in OF_THE_MORNING else start
