"""Composing: waiting items become letters, one a person, day and kind; letters that still wait are kept true.

What costs time is read and rendered first, outside of any lock (`waiting.py`, `wording.py`). Then one short transaction
looks again and writes (`write_plans.py`). So two who compose at once, or one who composes while a postman sends, double
nothing.

Two clocks: ``now`` is the home's business time: it says which items are ready, which day a letter belongs to and what
stands in its Date header. ``wall`` is real time, by which letters wait and are sent: in a home whose business clock
stands still, or is in another year, the post still goes.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.debts import debts_of
from casework.letters.facts import DebtsOf
from casework.letters.holding import WITH_LINK
from casework.letters.identity import home_identity
from casework.letters.plan import Composed, Key, Plan
from casework.letters.tables import LETTER, OUTBOX, QUEUED, not_leased
from casework.letters.waiting import (
    attached,
    grouped,
    handed_over,
    letters_of,
    next_morning,
    pages,
    ready_items,
    takes_more,
)
from casework.letters.wording import Drawn, Render, Wording
from casework.letters.write_plans import write_plans
from kit.database import Database
from kit.settings import Settings
from notifications.render import render_letter
from rules.windows import local_day

BATCH = 200
_BY_AGE = (LETTER.c.not_before, LETTER.c.id)
_BY_READINESS = (OUTBOX.c.ready_at, OUTBOX.c.key)


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter as it would be: whose, of which kind, why it could not go, and its bytes where it could."""

    person: int
    kind: str
    trouble: str
    mime: bytes
    faults: tuple[str, ...]


class Composer:
    """Composes the letters of one home.

    Raises:
        BadAddress: the office's own sending address is none.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        render: Render = render_letter,
        debts: DebtsOf = debts_of,
        batch: int = BATCH,
    ) -> None:
        self.database = database
        self.batch = batch
        self.wording = Wording(settings, render, debts)
        self._home = ""

    def compose(self, now: datetime, wall: datetime) -> Composed:
        """Keep the waiting letters true, then take up every item that is ready."""
        done = Composed()
        waiting = select(LETTER).where(QUEUED, not_leased(wall))
        for rows in pages(self.database, waiting, _BY_AGE, self.batch):
            self._refresh(rows, now, wall, done)
        for items in pages(self.database, ready_items(now), _BY_READINESS, self.batch):
            with self.database.read() as connection:
                plans, late = self._plans(connection, items, now, wall, done)
            write_plans(self.database, plans, late, done)
        return done

    def refresh(self, letters: Collection[int], now: datetime, wall: datetime, postman: str) -> Composed:
        """Look again whether what some letters say is true: those that ``postman`` is about to send."""
        done = Composed()
        if letters:
            mine = LETTER.c.leased_by == postman
            query = select(LETTER).where(LETTER.c.id.in_(list(letters)), LETTER.c.standing == "queued", mine)
            with self.database.read() as connection:
                rows = connection.execute(query.order_by(LETTER.c.id)).mappings().all()
            self._refresh(rows, now, wall, done)
        return done

    def drawn(self, letter: int, now: datetime, wall: datetime) -> Drawn | None:
        """A waiting letter with a new one-time link in it, for the postman alone; None where its link is over.

        Raises:
            LetterUnrenderable, BadAddress: its template or the reader's name was broken since it was composed.
        """
        with self.database.read() as connection:
            row = connection.execute(select(LETTER).where(LETTER.c.id == letter)).mappings().one()
            items = attached(connection, [letter]).get(letter, [])
            plan = Plan(row["person_id"], row["kind"], row["day"], row, [], items)
            return self.wording.drawn(connection, plan, now, wall)

    def preview(self, now: datetime, wall: datetime, *, person: int | None = None) -> list[Preview]:
        """The letters that composing would make or change at ``now``. Nothing is written."""
        found: dict[Key, Preview] = {}
        ready = ready_items(now)
        if person is not None:
            ready = ready.where(OUTBOX.c.person_id == person)
        self._home = self._home or "preview"
        for items in pages(self.database, ready, _BY_READINESS, self.batch):
            done = Composed()
            with self.database.read() as connection:
                plans, _ = self._plans(connection, items, now, wall, done)
            for plan in plans:
                if plan.values and plan.key not in found:
                    found[plan.key] = _preview(plan, done)
        return list(found.values())

    def _refresh(
        self, rows: Sequence[Mapping[str, Any]], now: datetime, wall: datetime, done: Composed
    ) -> None:
        with self.database.read() as connection:
            frozen = handed_over(connection, [row["id"] for row in rows])
            rows = [row for row in rows if row["id"] not in frozen]
            items = attached(connection, [row["id"] for row in rows])
            plans = [
                Plan(row["person_id"], row["kind"], row["day"], row, [], items.get(row["id"], []))
                for row in rows
            ]
            self._fill(connection, plans, now, wall, done)
        write_plans(self.database, [plan for plan in plans if plan.values or plan.struck], {}, done)

    def _plans(
        self,
        connection: Connection,
        items: Sequence[Mapping[str, Any]],
        now: datetime,
        wall: datetime,
        done: Composed,
    ) -> tuple[list[Plan], dict[str, datetime]]:
        """What is to become of items that are ready; of some it is that they came too late for the day's letter."""
        day = local_day(now)
        plans: list[Plan] = []
        late: dict[str, datetime] = {}
        people = sorted({item["person_id"] for item in items})
        # All that waits for these people, so that no letter is composed twice in one run.
        theirs = ready_items(now).where(OUTBOX.c.person_id.in_(people))
        there = letters_of(connection, people, day)
        frozen = handed_over(connection, [row["id"] for row in there.values()])
        had = attached(connection, [row["id"] for row in there.values()])
        for (person, kind), new in grouped(connection.execute(theirs).mappings()).items():
            letter = there.get((person, kind))
            if letter is None or takes_more(letter, frozen, wall):
                old = had.get(letter["id"], []) if letter is not None else []
                plans.append(Plan(person, kind, day, letter, new, old))
            elif kind not in WITH_LINK and (letter["standing"] != "queued" or letter["id"] in frozen):
                late |= {item["key"]: next_morning(day, kind) for item in new}
        self._fill(connection, plans, now, wall, done)
        return plans, late

    def _fill(
        self, connection: Connection, plans: list[Plan], now: datetime, wall: datetime, done: Composed
    ) -> None:
        if not self._home and plans:
            with self.database.write() as writing:
                self._home = home_identity(writing, wall)
        self.wording.fill(connection, plans, self._home, now, wall, done)


def _preview(plan: Plan, done: Composed) -> Preview:
    mime = plan.values["mime"]
    faults = () if mime else tuple(fault for fault in done.faults if fault.startswith(f"{plan.kind}: "))
    return Preview(
        plan.person, plan.kind, plan.values["trouble"], zlib.decompress(mime) if mime else b"", faults
    )


def compose_letters(
    database: Database,
    settings: Settings,
    now: datetime,
    *,
    wall: datetime,
    render: Render = render_letter,
    debts: DebtsOf = debts_of,
) -> Composed:
    """Take up every item that is ready at ``now`` (business time) into letters; ``wall`` is real time.

    Raises:
        BadAddress: the office's own sending address is none.
        BadKey: the DKIM key that is configured cannot be used.
        StorageTrouble: the database could not be written.
    """
    return Composer(database, settings, render=render, debts=debts).compose(now, wall)
