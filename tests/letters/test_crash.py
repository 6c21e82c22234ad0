"""The post is cut off at any statement or word to the mail server: nothing is lost, nothing goes twice unseen."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from casework.letters.acts import resend_letter
from casework.letters.tables import ATTEMPT, LETTER, OUTBOX, SUPPRESSED
from kit.settings import ROOT
from models.home import HomeMark
from tests.letters.crash_driver import GONE
from tests.letters.post import Post
from tests.letters.server import Told

# What the server answers to the second of three letters, while the first process lives.
ANSWERS: dict[str, tuple[str, str]] = {
    "250": ("end", ""),
    "421": ("mail", "421 4.3.2 closing"),
    "451": ("rcpt", "451 4.7.1 greylisted"),
    "452": ("end", "452 4.3.1 full"),
    "550": ("rcpt", "550 5.1.1 nobody"),
    "554": ("end", "554 5.6.0 no"),
    "dropped before": ("begin", "drop"),
    "dropped after, lost": ("end", "drop"),
    "dropped after, kept": ("end", "keep drop"),
    "hangs, kept": ("end", "keep hang"),
}
READERS = ("clerk", "appraiser", "chairman")
ADDRESS = "appraiser@mau.example"


class Driver:
    """The process whose children are cut off."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.letters.crash_driver"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, post: Post, *, at: int = 0, rounds: int = 1) -> dict[str, int]:
        self.start(post, at=at, rounds=rounds)
        return self.answer()

    def start(self, post: Post, *, at: int = 0, rounds: int = 1) -> None:
        url = post.database.engine.url.render_as_string(hide_password=False)
        times = {"now": post.now.isoformat(), "wall": post.clock().isoformat()}
        task = {"url": url, "port": post.port, "at": at, "rounds": rounds, **times}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, int]:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def dismiss(self) -> None:
        self.process.communicate(timeout=20)


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    made = Driver()
    yield made
    made.dismiss()


@dataclass
class Found:
    """What came of all cases."""

    cases: int = 0
    cut: int = 0
    lost: int = 0
    enqueued_twice: int = 0
    in_doubt: int = 0
    two_copies: int = 0
    unseen: int = 0
    by_answer: Counter[str] = field(default_factory=Counter)


def anew(post: Post, told: Told) -> None:
    """The post as it was before anything was composed."""
    with post.database.write() as connection:
        connection.execute(update(OUTBOX).values(standing="queued", letter_id=None, ready_at=post.now))
        for table in (ATTEMPT, SUPPRESSED, LETTER, HomeMark.__table__):
            connection.execute(delete(table))
    told.at.clear()
    told.taken.clear()


def one_case(post: Post, told: Told, driver: Driver, answer: str, at: int, found: Found) -> None:
    """Cut the first process off at a point; let a second go on; then let an administrator look at what is in doubt."""
    anew(post, told)
    stage, word = ANSWERS[answer]
    if stage in ("mail", "begin"):
        # These know no address: the second letter of the line.
        told.at[stage] = ["", word]
    else:
        told.at[f"{stage}:{ADDRESS}"] = word
    first = driver.run(post, at=at)
    assert first["exit"] in (0, GONE), first
    found.cases += 1
    found.cut += first["exit"] == GONE
    found.by_answer[answer] += 1
    told.at.clear()
    started, post.clock.at = post.clock(), post.clock() + timedelta(hours=1)
    assert driver.run(post, rounds=3)["exit"] == 0
    judge(post, told, answer, found)
    post.clock.at = started


def judge(post: Post, told: Told, answer: str, found: Found) -> None:
    letters = {row["id"]: row for row in post.letters()}
    tries = post._rows(ATTEMPT, ATTEMPT.c.id)
    doubted = {row["letter_id"] for row in tries if row["answer"] == "in_doubt"}
    # One letter a reader, however often it was begun; every item in the letter of its reader.
    found.enqueued_twice += len(letters) - len(READERS)
    items = post._rows(OUTBOX, OUTBOX.c.key)
    assert {item["letter_id"] for item in items} == set(letters)
    assert {row["standing"] for row in letters.values()} <= {"sent", "failed", "in_doubt"}
    copies = Counter(told.ids())
    for row in letters.values():
        here = copies[row["message_id"]]
        if row["standing"] == "sent":
            found.lost += here == 0
            found.unseen += here > 1 and row["id"] not in doubted
        elif row["standing"] == "failed":
            assert answer in ("550", "554")
            assert here == 0
        else:
            found.in_doubt += 1
            assert here <= 1
    # What is in doubt is sent once more: the second copy, if it is one, is known by its Message-ID.
    for row in letters.values():
        if row["standing"] == "in_doubt":
            resend_letter(post.database, row["id"], post.office.call("admin"), wall=post.clock())
    post.clock.pass_by(hours=48)
    post.deliver()
    copies = Counter(told.ids())
    by_id = {row["message_id"]: row for row in post.letters()}
    assert set(copies) <= set(by_id)
    for own, row in by_id.items():
        assert row["standing"] in ("sent", "failed"), row
        found.lost += row["standing"] == "sent" and copies[own] == 0
        if copies[own] > 1:
            found.two_copies += 1
            found.unseen += row["id"] not in doubted
            same = {mime for (_, mime), known in zip(told.taken, told.ids(), strict=True) if known == own}
            assert (copies[own], len(same)) == (2, 1)


def prepared(post: Post) -> None:
    post.address()
    for person in READERS:
        post.item(person)
    post.item("clerk", part=2)


def points_of(post: Post, told: Told, driver: Driver) -> int:
    """How many points a run has that nobody cuts off."""
    anew(post, told)
    whole = driver.run(post)
    assert whole["exit"] == 0
    assert {row["standing"] for row in post.letters()} == {"sent"}
    return whole["points"]


def nothing_went_wrong(found: Found) -> None:
    print(
        f"\n{found.cases} cases, {found.cut} cut off: {found.lost} lost, {found.enqueued_twice} enqueued twice; "
        f"{found.in_doubt} shown in doubt, {found.two_copies} of them arrived twice under one Message-ID, "
        f"{found.unseen} twice unseen; {dict(found.by_answer)}"
    )
    assert (found.lost, found.enqueued_twice, found.unseen) == (0, 0, 0)


def test_cut_off_at_some_points_nothing_is_lost_and_nothing_goes_twice_unseen(
    post: Post, told: Told, driver: Driver
) -> None:
    prepared(post)
    points, found = points_of(post, told, driver), Found()
    dice = random.Random(20250601)
    answers = [answer for answer in ANSWERS if answer != "hangs, kept"]
    for answer in answers:
        one_case(post, told, driver, answer, dice.randint(1, points), found)
    nothing_went_wrong(found)
    assert found.cases >= 9


def test_processes_that_compose_and_send_at_once_double_nothing(post: Post, told: Told) -> None:
    post.address()
    for person in post.office.people:
        for kind in ("extension", "received", "delegation"):
            for part in (1, 2):
                post.item(person, kind, part=part)
    drivers = [Driver() for _ in range(3)]
    for driver in drivers:
        driver.start(post)
    assert [driver.answer()["exit"] for driver in drivers] == [0, 0, 0]
    # What one left because another had it in hand goes with the next round.
    assert drivers[0].run(post)["exit"] == 0
    for driver in drivers:
        driver.dismiss()
    expected = 3 * len(post.office.people)
    assert (len(post.letters()), len(told.ids()), len(set(told.ids()))) == (expected,) * 3
    assert set(post.items().values()) == {"sent"}
    assert {attempt for attempt, _ in post.attempts()} == {"sent"}


@pytest.mark.hard
def test_cut_off_at_every_point_with_every_answer(post: Post, told: Told, driver: Driver) -> None:
    """Every third point, from another one on for each answer; a part of it with THIDUA_HARD_PART=ci."""
    prepared(post)
    points, found = points_of(post, told, driver), Found()
    part: dict[str, Any] = {"step": 20 if os.environ.get("THIDUA_HARD_PART") == "ci" else 3}
    for number, answer in enumerate(ANSWERS):
        for at in range(1 + number % part["step"], points + 1, part["step"]):
            one_case(post, told, driver, answer, at, found)
    nothing_went_wrong(found)
    if part["step"] == 3:
        assert found.cut >= 200
