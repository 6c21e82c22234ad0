"""The pages as a process of their own, asked by plain HTTP."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.build import ROOT
from tests.flows.machine import free_port, until


@dataclass(frozen=True)
class Told:
    """An answer: its status, where it leads, its text."""

    status: int
    onward: str
    text: str


@dataclass
class Server:
    """A server that runs; ``log`` is what it has written to its own output."""

    port: int
    log: Path

    def ask(
        self,
        method: str,
        path: str,
        cookie: str = "",
        fields: dict[str, str] | None = None,
        **headers: str,
    ) -> Told:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Cookie": cookie, **{name.replace("_", "-"): value for name, value in headers.items()}}
        body = None
        if fields is not None:
            body = urlencode(fields)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode()
            return Told(answer.status, answer.headers.get("location", ""), text)
        finally:
            connection.close()

    def answers(self) -> bool:
        """Whether it can be asked."""
        try:
            return self.ask("GET", "/sign-in").status == 200
        except OSError:
            return False


@contextmanager
def serving(home: Path, **more: str) -> Iterator[Server]:
    """`python -m web.serve` on a home, on a port that nobody uses."""
    port, log = free_port(), home / "server.log"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("THIDUA_")}
    settings = {
        "THIDUA_HOME": str(home),
        "THIDUA_PAGE_PORT": str(port),
        "THIDUA_MAIL_PORT": "1",
        "THIDUA_PREFECT_PORT": "1",
    }
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "web.serve", "--with-parent"],
            cwd=ROOT,
            env=kept | settings | more,
            stdin=subprocess.PIPE,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        server = Server(port, log)
        try:
            until(server.answers, 60, "the pages answer")
            yield server
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)
