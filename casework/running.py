"""What each flow does, as a table of plain functions: the same whether Prefect, a person or a test starts it.

A function takes the open database, the settings, the home's business time, the door and the part of the office; it
gives a summary of counts, ids and codes. Each may run at any time, twice, and beside itself: what is due is worked out
from facts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from kit.database import Database
from kit.settings import Settings
from rules.reasons import Reason, Refused

Summary = dict[str, Any]
Run = Callable[[Database, Settings, datetime, str, str], Summary]

#: rows of who was reminded that a summary keeps one by one; the outbox has them all
_LISTED = 500
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
    from casework.letters.compose import compose
    from casework.tick import tick

    told = tick(database, now, via).as_dict()
    reminded = list(told.get("reminded", ()))
    composed = compose(database, settings, now)
    return told | {
        "reminded": reminded[:_LISTED],
        "reminded_count": len(reminded),
        "composed": composed.as_dict(),
    }


def _deliver(database: Database, settings: Settings, now: datetime, via: str, part: str) -> Summary:
    from casework.letters.deliver import deliver

    return deliver(database, settings, now).as_dict()


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
