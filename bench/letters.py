"""Letters through the outbox beside a floor.

The floor is one `smtplib` connection that sends the same ready-made bytes, with two durable commits of raw SQL for each
letter: marked before, answered after. Interleaved pairs, medians; and where the time goes.
"""

from __future__ import annotations

import cProfile
import pstats
import smtplib
import sqlite3
import statistics
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import make_url

from bench.acts import Ratio, sqlite_url
from casework.letters.compose import Composer
from casework.letters.deliver import deliver, postman_name
from casework.letters.tables import ATTEMPT, LETTER, OUTBOX
from kit.clock import stopwatch
from kit.database import Database
from kit.settings import ROOT, Settings
from models.person import Person
from models.schema import upgrade_schema
from notifications.letter import LetterFacts, Rendered
from notifications.smtp import Line

PAIRS = 5
AIM = 0.40
NOW = datetime(2025, 6, 10, 5, tzinfo=UTC)
PARTS = {
    "handing over by SMTP, the server's share included": ("deliver.py", "_hand_over"),
    "commit, fsync included": ("default.py", "do_commit"),
    "looking once more whether what it says still holds": ("compose.py", "refresh"),
    "marking and noting: the statements": ("deliver.py", "_note_and_mark"),
    "leasing": ("deliver.py", "_lease"),
}


def _plainly(facts: LetterFacts) -> Rendered:
    # A letter of common length; the time of templates is not what is measured here.
    text = "\n".join([facts.reader, *(f"{item.subject}: {item.due}" for item in facts.items), "…" * 500])
    return Rendered(f"{facts.kind} {facts.day}", text, f"<p>{text}</p>", facts.lang)


@contextmanager
def sink() -> Iterator[int]:
    """The port of a mail server in a process of its own."""
    command = [sys.executable, "-m", "bench.sink"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.communicate(timeout=30)


class Post:
    """A database with people, and letters that wait with their bytes."""

    def __init__(self, url: str, synchronous: str, port: int, letters: int) -> None:
        upgrade_schema(url)
        self.url, self.synchronous, self.port = url, synchronous, port
        self.database = Database(url, synchronous=synchronous)
        self.settings = Settings(mail_port=port, mail_host="127.0.0.1", mail_security="plain")
        self.composer = Composer(
            self.database, self.settings, render=_plainly, debts=lambda _reads, _subjects: {}
        )
        with self.database.write() as connection:
            rows = [
                {"code": f"p{n}", "name": f"Người Mẫu {n}", "email": f"p{n}@mau.example", "locale": "vi"}
                for n in range(letters)
            ]
            connection.execute(insert(Person.__table__), rows)
            ours = Person.__table__.c.email != ""
            people = connection.execute(select(Person.__table__.c.id).where(ours)).scalars().all()
            # What the measurement of acts left in this database is not for this post.
            connection.execute(update(OUTBOX).values(standing="struck"))
            items = [
                {
                    "key": f"extension/unit:1/1/{person}",
                    "kind": "extension",
                    "person_id": person,
                    "subject": "unit:1",
                    "facts": {"due": "2025-07-05"},
                    "standing": "queued",
                    "queued_at": NOW,
                    "ready_at": NOW,
                }
                for person in people
            ]
            connection.execute(insert(OUTBOX), items)
        start = stopwatch()
        self.composer.compose(NOW, NOW)
        self.compose_ms = (stopwatch() - start) * 1000 / letters

    def anew(self) -> None:
        """Every letter waits again, as it was composed."""
        with self.database.write() as connection:
            connection.execute(delete(ATTEMPT))
            values = {"standing": "queued", "attempts": 0, "sent_at": None, "not_before": NOW}
            connection.execute(update(LETTER).values(**values))
            connection.execute(update(OUTBOX).values(standing="queued"))
        if not self.database.is_sqlite:
            with self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                # What the last round left behind is cleared away at both sides' cost, not at the next one's.
                connection.exec_driver_sql("VACUUM ANALYZE letter")
                connection.exec_driver_sql("VACUUM ANALYZE outbox_item")

    def program(self, letters: int) -> None:
        """All letters through the outbox."""
        done = deliver(
            self.database,
            lambda: Line(self.settings),
            lambda: NOW,
            postman=postman_name(),
            limit=letters,
            composer=self.composer,
            business_now=NOW,
        )
        if done.sent != letters:
            raise RuntimeError(f"of {letters} letters {done.sent} were sent: {done}")

    def ready_made(self) -> list[tuple[int, str, bytes]]:
        """Number, address and bytes of every letter."""
        with self.database.read() as connection:
            rows = connection.execute(select(LETTER.c.id, LETTER.c.address, LETTER.c.mime)).all()
        return [(row.id, row.address, zlib.decompress(row.mime)) for row in rows]


class Floor:
    """The same letters by the bare drivers: two durable commits a letter, one kept `smtplib` connection."""

    def __init__(self, post: Post) -> None:
        url = make_url(post.url)
        if post.database.is_sqlite:
            self.connection: Any = sqlite3.connect(str(url.database), isolation_level=None)
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute(f"PRAGMA synchronous = {post.synchronous}")
            mark, self.at = "?", NOW.replace(tzinfo=None).isoformat(" ")
        else:
            plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
            self.connection = psycopg.connect(plain, autocommit=True)
            mark, self.at = "%s", NOW.isoformat()
        self.begin = "BEGIN IMMEDIATE" if post.database.is_sqlite else "BEGIN"
        self.sending = f"UPDATE letter SET standing = 'sending' WHERE id = {mark} AND standing = 'queued'"
        self.sent = f"UPDATE letter SET standing = 'sent', sent_at = {mark}, attempts = 1 WHERE id = {mark}"
        self.noted = (
            "INSERT INTO letter_attempt (letter_id, number, at, answer, smtp_code, detail) "
            f"VALUES ({mark}, 1, {mark}, 'sent', 250, '')"
        )
        self.told = f"UPDATE outbox_item SET standing = 'sent' WHERE letter_id = {mark}"
        self.letters = post.ready_made()
        self.port = post.port

    def run(self) -> None:
        """All letters, once."""
        cursor = self.connection.cursor()
        with smtplib.SMTP("127.0.0.1", self.port, local_hostname="floor.example") as smtp:
            for number, address, mime in self.letters:
                cursor.execute(self.begin)
                cursor.execute(self.sending, (number,))
                cursor.execute("COMMIT")
                smtp.sendmail("thidua@thidua.example", [address], mime)
                cursor.execute(self.begin)
                cursor.execute(self.sent, (self.at, number))
                cursor.execute(self.noted, (number, self.at))
                cursor.execute(self.told, (number,))
                cursor.execute("COMMIT")


def _timed(work: Any, letters: int) -> float:
    start = stopwatch()
    work()
    return (stopwatch() - start) * 1000 / letters


def measure_letters(url: str, name: str, synchronous: str, letters: int) -> Ratio:
    """Letters through the outbox beside the floor, on one database; milliseconds are per letter."""
    with sink() as port:
        post = Post(url, synchronous, port, letters)
        floor = Floor(post)
        try:
            pairs = []
            for number in range(PAIRS + 1):
                post.anew()
                low = _timed(floor.run, letters)
                post.anew()
                own = _timed(lambda: post.program(letters), letters)
                # The first pair warms up.
                if number:
                    pairs.append((low, own))
        finally:
            floor.connection.close()
            post.database.close()
    ratios = [low / own for low, own in pairs]
    return Ratio(
        f"{name}, {letters} letters",
        statistics.median(low for low, _ in pairs),
        statistics.median(own for _, own in pairs),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        AIM,
    )


def letter_shares(folder: Path, letters: int) -> list[tuple[str, float]]:
    """(part, share of the whole time) of sending on SQLite with synchronous=FULL; the rest comes last."""
    with sink() as port:
        post = Post(sqlite_url(folder, "letter-shares"), "FULL", port, letters)
        post.program(letters)
        post.anew()
        profile = cProfile.Profile()
        profile.enable()
        post.program(letters)
        profile.disable()
        post.database.close()
    stats = pstats.Stats(profile)
    times = {(Path(file).name, name): row[3] for (file, _, name), row in stats.stats.items()}  # type: ignore[attr-defined]
    whole = times[("deliver.py", "walk")]
    found = {part: times.get(where, 0.0) / whole for part, where in PARTS.items()}
    # A commit is within marking; each is told once.
    found["marking and noting: the statements"] -= found["commit, fsync included"]
    shares = sorted(found.items(), key=lambda item: -item[1])
    return [*shares, ("the rest", 1 - sum(share for _, share in shares))]
