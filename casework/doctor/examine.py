"""Examining a database: every invariant in turn, in one table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from casework.doctor import (
    blocs,
    calendars,
    careers,
    councils,
    decisions,
    dossiers,
    history,
    imports,
    initiatives,
    judged_again,
    letters,
    movements,
    nominations,
    papers,
    people,
    recorded,
    replay,
    units,
    verdicts,
)
from casework.doctor.finding import Finding, Invariant
from casework.doctor.view import View
from documents.store import PaperStore

INVARIANTS: tuple[Invariant, ...] = (
    *dossiers.INVARIANTS,
    *replay.INVARIANTS,
    *nominations.INVARIANTS,
    *initiatives.INVARIANTS,
    *decisions.INVARIANTS,
    *people.INVARIANTS,
    *units.INVARIANTS,
    *calendars.INVARIANTS,
    *blocs.INVARIANTS,
    *councils.INVARIANTS,
    *movements.INVARIANTS,
    *careers.INVARIANTS,
    *recorded.INVARIANTS,
    *imports.INVARIANTS,
    *verdicts.INVARIANTS,
    *judged_again.INVARIANTS,
    *papers.INVARIANTS,
    *letters.INVARIANTS,
    *history.INVARIANTS,
)


def examine(
    connection: Connection,
    now: datetime,
    *,
    store: PaperStore | None = None,
    read_papers: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Finding]:
    """What does not hold, in the order of the table; nothing in a sound database. Reads only.

    ``connection`` should be a `snapshot` where others are at work. ``store`` lets the papers' files be looked for,
    ``read_papers`` lets each be read and hashed.
    """
    view = View(connection, now, store, read_papers)
    findings: list[Finding] = []
    for done, invariant in enumerate(INVARIANTS, 1):
        finding = invariant.examine(view)
        if finding is not None:
            findings.append(finding)
        if progress:
            progress(done, len(INVARIANTS))
    return findings
