"""Two processes in one folder: the second learns who is there and waits, and a killed one bars nobody."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from kit.one_at_a_time import NAME, Holder, one_at_a_time

NOW = datetime(2025, 6, 16, 5, tzinfo=UTC)
HOLDING = """
import sys
from datetime import datetime
from pathlib import Path
from kit.one_at_a_time import one_at_a_time
now = datetime.fromisoformat("2025-06-16T05:00:00+00:00")
with one_at_a_time(Path(sys.argv[1]), "terminal:lan", now, print):
    print("held", flush=True)
    sys.stdin.readline()
"""


def holding(folder: Path) -> subprocess.Popen[str]:
    """Another process that has the lock, and lets it go when it is written a line."""
    command = [sys.executable, "-c", HOLDING, str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_the_second_is_told_who_is_there_and_waits_until_they_have_finished(tmp_path: Path) -> None:
    other = holding(tmp_path)
    told: list[Holder] = []

    def tell(holder: Holder) -> None:
        told.append(holder)
        assert other.poll() is None
        other.stdin.write("\n")
        other.stdin.flush()

    with one_at_a_time(tmp_path, "terminal:an", NOW, tell):
        assert told == [Holder("terminal:lan", NOW)]
    assert other.wait() == 0
    other.stdin.close()
    other.stdout.close()


def test_one_that_was_killed_bars_nobody(tmp_path: Path) -> None:
    other = holding(tmp_path)
    other.send_signal(signal.SIGKILL)
    other.wait()
    other.stdin.close()
    other.stdout.close()
    told: list[Holder] = []
    with one_at_a_time(tmp_path, "terminal:an", NOW, told.append):
        assert told == []
    assert (tmp_path / NAME).read_text() == ""
