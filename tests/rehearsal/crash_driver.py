"""Plays a year and kills itself (SIGKILL) at commit points; a process of its own, started by `test_crash`.

    python -m tests.rehearsal.crash_driver at HOME SEED UNTIL COUNT before|after
    python -m tests.rehearsal.crash_driver every HOME SEED UNTIL
    python -m tests.rehearsal.crash_driver play HOME SEED UNTIL

`at` dies at the COUNT-th commit, before it is made or right after it. `every` plays the year in children that each die
right after their first commit, so that in one home every commit point of the year is a crash and a new start; it says
how many died. `play` plays to the end and says how many commits it made.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import Pool

from kit.settings import Settings
from rehearsal.script import make_plan
from rehearsal.year import play_year

LIMIT = 20_000


class Commits:
    """Counts the commits that end a write, and dies at one of them."""

    def __init__(self, die_at: int = 0, when: str = "after") -> None:
        self.seen = 0
        self.die_at = die_at
        self.when = when
        self._wrote = False
        event.listen(Engine, "before_cursor_execute", self._execute)
        event.listen(Engine, "rollback", self._rollback)
        event.listen(Engine, "commit", self._commit)
        event.listen(Pool, "checkin", self._checkin)

    def _execute(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self._wrote |= statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE", "CREATE"))

    def _rollback(self, _connection: Connection) -> None:
        # A refused act may have written before it was refused.
        self._wrote = False

    def _commit(self, _connection: Connection) -> None:
        if not self._wrote:
            return
        self._wrote = False
        self.seen += 1
        if self.seen == self.die_at and self.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)

    def _checkin(self, *_: object) -> None:
        # A connection goes back to its pool right after its commit.
        if self.die_at and self.seen >= self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)


def play(home: Path, seed: int, until: date) -> None:
    """The year in a home, wherever it stands."""
    play_year(Settings(home=home, sqlite_synchronous="NORMAL"), seed=seed, until=until)


def every(home: Path, seed: int, until: date) -> int:
    """A crash after every commit; gives how many there were."""
    died = 0
    # Made once here, and not in each of some thousand children.
    make_plan(seed)
    while True:
        child = os.fork()
        if child == 0:
            Commits(1, "after")
            play(home, seed, until)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0, "a child failed"
            return died
        assert os.WTERMSIG(status) == signal.SIGKILL
        died += 1
        # More than any year has: a start that only ever repeats itself would not end.
        assert died < LIMIT, "no progress"


def main() -> None:
    """See the top of this file."""
    mode, home, seed, until = (
        sys.argv[1],
        Path(sys.argv[2]),
        int(sys.argv[3]),
        date.fromisoformat(sys.argv[4]),
    )
    if mode == "every":
        print(every(home, seed, until))
        return
    commits = Commits(int(sys.argv[5]), sys.argv[6]) if mode == "at" else Commits()
    play(home, seed, until)
    print(commits.seen)


if __name__ == "__main__":
    main()
