"""Processes, ports and Prefect's interface, as a test looks at them from outside."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# Faster than in an office, where a minute more or less is nothing.
QUICK = {
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "1",
    "PREFECT_RUNNER_POLL_FREQUENCY": "1",
    "PREFECT_WORKER_QUERY_SECONDS": "1",
}


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a server could take a port."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def until(holds: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait for something; gives it."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := holds():
            return found
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s: {what}")


def processes_of(mark: str) -> dict[int, str]:
    """The living processes in whose environment a text stands, by id, with their command lines; not this one."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        with suppress(OSError):
            if mark in (folder / "environ").read_bytes().decode(errors="replace"):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                # An ended process that nobody has asked about yet has no command line any more.
                if command:
                    found[int(folder.name)] = command
    return found


def ask(address: str, what: str, question: Any = None) -> Any:
    """What Prefect's interface answers."""
    data = None if question is None else json.dumps(question).encode()
    request = urllib.request.Request(f"{address}/{what}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def answers(address: str) -> bool:
    """Whether Prefect's server is there."""
    with suppress(urllib.error.URLError, OSError):
        return bool(ask(address, "health"))
    return False


class Told:
    """A process that tells lines of JSON."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **QUICK, **environment},
            start_new_session=True,
        )
        self.lines: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self._new: queue.Queue[None] = queue.Queue()
        self._readers = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(json.loads(line))

    def _read_errors(self) -> None:
        self.errors += list(self.process.stderr or ())

    def wait_for(self, code: str, seconds: float) -> dict[str, Any]:
        """The first line with a code."""

        def there() -> dict[str, Any] | None:
            found = next((line for line in self.lines if line["told"] == code), None)
            assert found or self.process.poll() is None, (self.lines, self.errors)
            return found

        return until(there, seconds, f"{code}; told: {self.lines}, {self.errors}")

    def runs(self, flow: str) -> list[dict[str, Any]]:
        """The runs of a flow that were told."""
        return [line for line in self.lines if line["told"] == "run" and line["flow"] == flow]

    def end(self, number: signal.Signals, seconds: float) -> int:
        """Send a signal and wait; gives the exit code and reads what was still told."""
        self.process.send_signal(number)
        code = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(5)
        return code

    def close(self) -> None:
        """End it in any case."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for reader in self._readers:
            reader.join(5)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
