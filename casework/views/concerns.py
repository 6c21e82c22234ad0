"""What an administrator should look at, for a page: the same as `thidua watch` tells, with where it is mended."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from casework.outcome import concern_in_words
from casework.watch import concerns_of
from kit.settings import Settings

#: concerns in which a program or its surroundings stand still, not only a letter or a dossier
_STOPS = frozenset(
    {"disk_low", "no_administrator", "prefect_silent", "ticks_missed", "run_died", "run_failed"}
)


def concerns_shown(connection: Connection, settings: Settings, lang: str) -> list[dict[str, Any]]:
    """What is so now, what is worst first: its words, the path of the page where it is mended (empty: none can), the
    first units that it is about, of how many (``count``) with how many dossiers or debts (``things``), and whether
    something stands still."""
    found = []
    for concern in concerns_of(connection, settings):
        found.append(
            {
                "code": concern.code,
                "text": concern_in_words(concern.code, concern.params, lang, short=True),
                "path": concern.path,
                "stops": concern.code in _STOPS,
                "units": list(concern.params.get("units", ())),
                "count": concern.params.get("count", 0),
                "things": concern.params.get("things", 0),
            }
        )
    return found
