"""Composes and sends letters in children that may be ended in the middle; a process of its own, told by lines of JSON.

A child counts points: before and after each SQL statement and commit, before and after each word to and from the mail
server. At the point that it is told it is gone at once (`os._exit`), as after kill -9.
"""

from __future__ import annotations

import json
import os
import smtplib
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from casework.letters.compose import Composer
from casework.letters.deliver import deliver, postman_name
from kit.database import Database
from kit.settings import Settings
from notifications.smtp import Line
from tests.letters.post import plainly

GONE = 77


class Points:
    """Counts, and ends the process at one of them."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen = 0
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(Engine, name, self.hit)
        # A connection goes back to its pool right after its commit.
        event.listen(Pool, "checkin", self.hit)
        for name in ("send", "getreply"):
            setattr(smtplib.SMTP, name, self._around(getattr(smtplib.SMTP, name)))

    def hit(self, *_: object) -> None:
        self.seen += 1
        if self.seen == self.at:
            os._exit(GONE)

    def _around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **options: Any) -> Any:
            self.hit()
            try:
                return work(*args, **options)
            finally:
                self.hit()

        return counted


def work(task: dict[str, Any]) -> int:
    """Compose and deliver, in as many rounds as told, half a day apart; gives the number of points."""
    points = Points(task["at"])
    settings = Settings(mail_port=task["port"], mail_timeout_s=1)
    now, wall = datetime.fromisoformat(task["now"]), datetime.fromisoformat(task["wall"])
    database = Database(task["url"], synchronous="NORMAL")
    composer = Composer(database, settings, render=plainly, debts=lambda _reads, _subjects: {})
    for _ in range(task["rounds"]):
        this = wall
        composer.compose(now, this)
        deliver(
            database,
            lambda: Line(settings),
            lambda: this,  # noqa: B023
            postman=postman_name(),
            composer=composer,
            business_now=now,
        )
        wall += timedelta(hours=13)
    database.close()
    return points.seen


def main() -> None:
    """See the top of this file."""
    for line in sys.stdin:
        task = json.loads(line)
        hear, tell = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(hear)
            seen = work(task)
            os.write(tell, str(seen).encode())
            os._exit(0)
        os.close(tell)
        with os.fdopen(hear) as pipe:
            seen = pipe.read()
        _, status = os.waitpid(child, 0)
        print(json.dumps({"exit": os.waitstatus_to_exitcode(status), "points": int(seen or 0)}), flush=True)


if __name__ == "__main__":
    main()
