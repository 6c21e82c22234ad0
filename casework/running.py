"""What each flow does, as a table of plain functions: the same whether Prefect, a person or a test starts it.

A function takes the open database, the settings, the home's business time, the door and the part of the office; it
gives a summary of counts, ids and codes. Each may run at any time, twice, and beside itself: what is due is worked out
from facts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, select

from kit.clock import wall_now
from kit.database import Database
from kit.settings import Settings
from rules.reasons import Reason, Refused, refuse_if

Summary = dict[str, Any]
Run = Callable[[Database, Settings, datetime, str, str], Summary]

#: rows of who was reminded that a summary keeps one by one; the outbox has them all
_LISTED = 500
#: letters that a postman leases at a time
_ROUND = 500
#: the code of a part: it becomes the name of a folder and of a database
_PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def settings_of(settings: Settings, part: str) -> Settings:
    """The settings of one office, a district or a province, among several that share these; empty: as they are.

    Each has a home and a database of its own, `<home>/<part>` and `{part}` in the database's address: what one
    office keeps, no other can touch, and each may be served by another machine.

    Raises:
        Refused: ``part`` is no plain code, or the address has no `{part}`, so that two offices would share rows.
    """
    if not part:
        return settings
    if len(part) > 60 or not _PART.fullmatch(part):
        raise Refused([Reason("part_unreadable", {"part": part[:60]})])
    if settings.database_url and "{part}" not in settings.database_url:
        raise Refused([Reason("part_without_database", {"part": part})])
    address = settings.database_url.replace("{part}", part.replace("-", "_"))
    return Settings(**settings.model_dump() | {"home": settings.home / part, "database_url": address})


def _tick(database: Database, settings: Settings, now: datetime, via: str, part: str) -> Summary:
    from casework.letters.compose import Composed, compose_letters
    from casework.letters.sending import settings_against
    from casework.tick import tick

    report = tick(database, now, via)
    # What the day brings comes whatever stands in the settings. Letters wait until that is put right: `deliver` says
    # what it is.
    unfit = settings_against(settings)
    composed = Composed() if unfit else compose_letters(database, settings, now, wall=wall_now())
    return report.as_dict() | {
        "reminded": _reminded(database, report.reminders[:_LISTED]),
        "reminded_count": len(report.reminders),
        "letters": composed.as_dict(),
    }


def _reminded(database: Database, reminders: Sequence[Any]) -> list[dict[str, Any]]:
    """Who was reminded of what, as the codes by which people and units are known."""
    from casework.people import PERSON
    from casework.routing import UNIT

    with database.read() as connection:
        people = _codes(connection, PERSON, {reminder.person for reminder in reminders})
        units = _codes(connection, UNIT, {reminder.unit for reminder in reminders})
    return [
        {
            "person": people.get(reminder.person, str(reminder.person)),
            "kind": reminder.kind,
            "subject": reminder.subject,
            "unit": units.get(reminder.unit, str(reminder.unit)),
            "milestone": reminder.milestone,
            "due": reminder.due.isoformat(),
        }
        for reminder in reminders
    ]


def _codes(connection: Connection, table: Table, ids: set[int]) -> dict[int, str]:
    query = select(table.c.id, table.c.code).where(table.c.id.in_(ids))
    return {row.id: row.code for row in connection.execute(query)}


def _deliver(database: Database, settings: Settings, now: datetime, via: str, part: str) -> Summary:
    from casework.letters.compose import Composer
    from casework.letters.deliver import deliver, postman_name
    from casework.letters.sending import settings_against
    from notifications.smtp import Line

    refuse_if(settings_against(settings))
    composer = Composer(database, settings)
    # What acts enqueued since the last tick need not wait for the next.
    composed = composer.compose(now, wall_now())
    total: Summary = {}
    while True:
        done = deliver(
            database,
            lambda: Line(settings),
            wall_now,
            postman=postman_name(),
            limit=_ROUND,
            pace=settings.mail_pace,
            composer=composer,
            business_now=now,
        )
        _add(total, done.as_dict())
        # Whatever is put off waits for a later run; a full round says that there is more.
        if done.stopped or done.sent + done.waiting + done.failed + done.in_doubt < _ROUND:
            if total["stopped"]:
                # How many wait for the next round, whenever their turn is: none of them is lost.
                total["left"] = _letters_left(database)
            return total | {"letters": composed.as_dict()}


def _letters_left(database: Database) -> int:
    from casework.letters.tables import LETTER

    with database.read() as connection:
        left = select(func.count()).where(LETTER.c.standing.in_(("queued", "sending")))
        return int(connection.execute(left).scalar_one())


def _add(total: Summary, more: Summary) -> None:
    """Add the counts and lists of one round; of words the last counts."""
    for name, value in more.items():
        total[name] = value if isinstance(value, str) else total.get(name, type(value)()) + value


def _seal(database: Database, settings: Settings, now: datetime, via: str, part: str) -> Summary:
    from casework.seal import seal_history

    return seal_history(database, settings.seals, now).as_dict()


def _watch(database: Database, settings: Settings, now: datetime, via: str, part: str) -> Summary:
    from casework.watch import keep_watch

    return keep_watch(database, settings, now).as_dict()


def _open_year(database: Database, settings: Settings, now: datetime, via: str, part: str) -> Summary:
    from casework.open_year import open_year

    return {"obligations": open_year(database, now, via)}


RUNS: dict[str, Run] = {
    "tick": _tick,
    "deliver": _deliver,
    "seal": _seal,
    "watch": _watch,
    "open_year": _open_year,
}
