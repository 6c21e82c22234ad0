"""A small post for tests: an office whose people have addresses, items, and a plain renderer."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import insert, select, update

from casework.calendars import calendar_named
from casework.debts import Debt
from casework.letters.compose import Composer
from casework.letters.deliver import Delivered, deliver
from casework.letters.plan import Composed
from casework.letters.tables import ATTEMPT, LETTER, OUTBOX, SUPPRESSED
from casework.people import PERSON
from kit.database import Database
from kit.settings import Settings
from notifications.letter import LetterFacts, Rendered
from notifications.smtp import Line
from published.calendar import Calendar
from rules.reminders import Term
from tests.build import Office, noon

_postmen = itertools.count()
WALL = datetime(2026, 1, 5, 3, tzinfo=UTC)


def plainly(facts: LetterFacts) -> Rendered:
    """A letter in words, without any template."""
    lines = [f"{item.dossier or item.subject}: {item.state or ''} {item.due or ''}" for item in facts.items]
    text = f"{facts.reader}\n{facts.day}\n" + "\n".join(lines)
    return Rendered(f"{facts.kind} ({len(facts.items)})", text, f"<p>{text}</p>", facts.lang)


@dataclass
class Clock:
    """Real time in a test: stands still until it is moved."""

    at: datetime = WALL

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: int) -> None:
        self.at += timedelta(**span)


@dataclass
class Post:
    """The post of an office."""

    office: Office
    port: int = 1
    clock: Clock = field(default_factory=Clock)
    now: datetime = field(default_factory=lambda: noon("2025-06-10"))
    owed: dict[str, Debt] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    context: Any = None

    @property
    def database(self) -> Database:
        return self.office.database

    @property
    def settings(self) -> Settings:
        return Settings(**{"mail_port": self.port, "mail_timeout_s": 2, **self.more})

    def composer(self, render: Any = plainly, **options: Any) -> Composer:
        def debts(_reads: object, subjects: Collection[str]) -> dict[str, Debt]:
            return {subject: self.owed[subject] for subject in subjects if subject in self.owed}

        return Composer(self.database, self.settings, render=render, debts=debts, **options)

    def address(self, **addresses: str) -> None:
        """Give everybody an address, and some people another."""
        with self.database.write() as connection:
            connection.execute(update(PERSON).values(email=PERSON.c.code + "@mau.example"))
            for person, address in addresses.items():
                code = person.replace("_", "-")
                connection.execute(update(PERSON).where(PERSON.c.code == code).values(email=address))

    def item(
        self, person: str, kind: str = "extension", subject: str = "unit:1", *, part: object = 1, **facts: str
    ) -> str:
        """Enqueue an item; gives its key."""
        key = f"{kind}/{subject}/{part}/{self.office.people[person]}"
        row = {
            "key": key,
            "kind": kind,
            "person_id": self.office.people[person],
            "subject": subject,
            "facts": facts,
            "standing": "queued",
            "queued_at": self.now,
            "ready_at": self.now,
        }
        with self.database.write() as connection:
            connection.execute(insert(OUTBOX), row)
        return key

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar that the small office has published."""
        with self.database.read() as connection:
            return calendar_named(connection, "2024-2025")

    def owes(self, subject: str, due: str) -> None:
        """Let a subject owe something until a day."""
        day = date.fromisoformat(due)
        term = Term(opens=date(2025, 6, 1), due=day, since=date(2025, 1, 1))
        self.owed[subject] = Debt(
            subject, self.calendar, "dossier-completion", 1, (1,), (1,), ("clerk",), term, day, noon(due)
        )

    def compose(self, **options: Any) -> Composed:
        return self.composer(**options).compose(self.now, self.clock())

    def deliver(self, *, composing: bool = True, postman: str | None = None, **options: Any) -> Delivered:
        more = {"composer": self.composer(), "business_now": self.now} if composing else {}
        return deliver(
            self.database,
            lambda: Line(self.settings, context=self.context),
            self.clock,
            postman=postman or f"postman-{next(_postmen)}",
            **more,
            **options,
        )

    def _rows(self, table: Any, order: Any) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(select(table).order_by(order)).mappings()]

    def letters(self) -> list[dict[str, Any]]:
        return self._rows(LETTER, LETTER.c.id)

    def letter(self) -> dict[str, Any]:
        (row,) = self.letters()
        return row

    def attempts(self) -> list[tuple[str, int | None]]:
        return [(row["answer"], row["smtp_code"]) for row in self._rows(ATTEMPT, ATTEMPT.c.id)]

    def details(self) -> list[str]:
        return [row["detail"] for row in self._rows(ATTEMPT, ATTEMPT.c.id)]

    def items(self) -> dict[str, str]:
        return {row["key"]: row["standing"] for row in self._rows(OUTBOX, OUTBOX.c.key)}

    def suppressed(self) -> list[str]:
        return [row["address"] for row in self._rows(SUPPRESSED, SUPPRESSED.c.id)]
