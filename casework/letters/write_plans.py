"""Plans for letters written: one short transaction that looks again at everything that their texts were made from.

The locks wait for nobody, and only letters for which nothing has changed meanwhile are written; the others are for the
next run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select, update

from casework.letters.plan import COMPOSED, Composed, Key, Plan
from casework.letters.tables import LETTER, OUTBOX
from kit.database import Database, insert_or_ignore

_WRITE = (
    update(LETTER)
    .where(LETTER.c.id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in COMPOSED})
)
_ATTACH = (
    update(OUTBOX)
    .where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)))
    .values(letter_id=bindparam("b_id"))
)
# A struck item leaves its letter: what stands in a letter is what its text says.
_STRIKE = (
    update(OUTBOX)
    .where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)), OUTBOX.c.standing == "queued")
    .values(standing="struck", letter_id=None)
)


def write_plans(
    database: Database, plans: Sequence[Plan], late: Mapping[str, datetime], done: Composed
) -> None:
    """Write what is to become of letters, all or nothing for each.

    ``late`` are the items (keys) that wait for the next day's letter, and until when.

    Raises:
        StorageTrouble: the database could not be written.
    """
    if not plans and not late:
        return
    with database.write() as connection:
        sound = _unchanged(connection, plans)
        made = _insert(connection, sound)
        for plan in sound:
            letter_id = plan.letter["id"] if plan.letter is not None else made.get(plan.key)
            if plan.letter is None and plan.values and letter_id is None:
                # Somebody else made this very letter in this moment.
                continue
            if plan.struck:
                connection.execute(_STRIKE, {"keys": plan.struck})
                done.struck += len(plan.struck)
            keys = [item["key"] for item in plan.kept if item["letter_id"] is None]
            if keys:
                connection.execute(_ATTACH, {"keys": keys, "b_id": letter_id})
            plan.count(done)
        changed = [_bound(plan) for plan in sound if plan.letter is not None and plan.values]
        if changed:
            connection.execute(_WRITE, changed)
        _postpone(connection, late, done)


def _bound(plan: Plan) -> dict[str, Any]:
    assert plan.letter is not None  # noqa: S101  (only such plans are bound)
    return {"b_id": plan.letter["id"], **{f"b_{name}": plan.values[name] for name in COMPOSED}}


def _postpone(connection: Connection, late: Mapping[str, datetime], done: Composed) -> None:
    for ready_at in sorted(set(late.values())):
        keys = [key for key, at in late.items() if at == ready_at]
        waits = and_(OUTBOX.c.key.in_(keys), OUTBOX.c.letter_id.is_(None), OUTBOX.c.ready_at < ready_at)
        done.postponed += connection.execute(update(OUTBOX).where(waits).values(ready_at=ready_at)).rowcount


def _insert(connection: Connection, plans: Iterable[Plan]) -> dict[Key, int]:
    rows = [
        {"person_id": plan.person, "day": plan.day, "kind": plan.kind, **plan.values}
        for plan in plans
        if plan.letter is None and plan.values
    ]
    if not rows:
        return {}
    columns = (LETTER.c.id, LETTER.c.person_id, LETTER.c.day, LETTER.c.kind)
    made = connection.execute(insert_or_ignore(connection, LETTER).returning(*columns), rows)
    return {(row.person_id, row.day, row.kind): row.id for row in made}


def _unchanged(connection: Connection, plans: Sequence[Plan]) -> list[Plan]:
    """The plans whose letter and items are still as they were read; they are locked now.

    Rows that somebody else holds are skipped, not waited for: a postman holds two letters at once and we hold many,
    so waiting could become waiting for each other.
    """
    ids = [plan.letter["id"] for plan in plans if plan.letter is not None]
    letters: dict[int, tuple[Any, ...]] = {}
    queued: dict[int, set[str]] = {}
    if ids:
        look = select(
            LETTER.c.id, LETTER.c.standing, LETTER.c.digest, LETTER.c.leased_by, LETTER.c.leased_until
        )
        look = look.where(LETTER.c.id.in_(ids)).order_by(LETTER.c.id).with_for_update(skip_locked=True)
        letters = {row.id: tuple(row)[1:] for row in connection.execute(look)}
        items = select(OUTBOX.c.key, OUTBOX.c.letter_id).where(
            OUTBOX.c.letter_id.in_(ids), OUTBOX.c.standing == "queued"
        )
        for row in connection.execute(items.with_for_update(skip_locked=True)):
            queued.setdefault(row.letter_id, set()).add(row.key)
    keys = [item["key"] for plan in plans for item in plan.new]
    free: set[str] = set()
    if keys:
        waits = and_(OUTBOX.c.key.in_(keys), OUTBOX.c.standing == "queued", OUTBOX.c.letter_id.is_(None))
        free = set(
            connection.execute(select(OUTBOX.c.key).where(waits).with_for_update(skip_locked=True)).scalars()
        )
    return [plan for plan in plans if _same(plan, letters, queued, free)]


def _same(
    plan: Plan, letters: Mapping[int, tuple[Any, ...]], queued: Mapping[int, set[str]], free: set[str]
) -> bool:
    if any(item["key"] not in free for item in plan.new):
        return False
    if plan.letter is None:
        return True
    row = plan.letter
    seen = (row["standing"], row["digest"], row["leased_by"], row["leased_until"])
    same_items = queued.get(row["id"], set()) == {item["key"] for item in plan.attached}
    return letters.get(row["id"]) == seen and same_items
