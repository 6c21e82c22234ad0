"""Asking the application for pages: in this process without a network, and over HTTP from several connections."""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, event

from kit.clock import stopwatch
from web.visit import SIGN_IN_COOKIE

HIDDEN = re.compile(r'name="(csrf|key|version)" value="([^"]*)"')
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, in how many milliseconds, and how many of them this process was at work (0: not known)."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    ms: float
    busy_ms: float = 0.0


class Here:
    """An application asked in this process, one request after the other: what a server adds is left out."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self._runner = asyncio.Runner()

    def ask(self, path: str, token: str, fields: Mapping[str, str] | None = None) -> Answer:
        """The answer to a GET, or to a form with ``fields``."""
        target, _, query = path.partition("?")
        body = urlencode(fields).encode() if fields is not None else b""
        headers = {"host": "localhost", "cookie": f"{SIGN_IN_COOKIE}={token}"}
        if fields is not None:
            headers |= {"content-type": _FORM, "content-length": str(len(body))}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET" if fields is None else "POST",
            "scheme": "http",
            "path": target,
            "raw_path": target.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "server": ("localhost", 80),
            "client": ("127.0.0.1", 1),
        }
        return self._runner.run(self._asked(scope, body))

    async def _asked(self, scope: dict[str, Any], body: bytes) -> Answer:
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        begun, worked = stopwatch(), time.process_time()
        await self.app(scope, receive, send)
        spent, worked = stopwatch() - begun, time.process_time() - worked
        headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        found = b"".join(message.get("body", b"") for message in messages[1:])
        return Answer(messages[0]["status"], found, headers, spent * 1000, worked * 1000)

    def close(self) -> None:
        """End the loop."""
        self._runner.close()


@dataclass
class Statements:
    """The SQL statements of a request, and the milliseconds that the database took for them and for its commits."""

    said: list[tuple[str, Any, bool]] = field(default_factory=list)
    ms: float = 0.0
    busy_ms: float = 0.0


@contextmanager
def statements(engine: Engine) -> Iterator[Statements]:
    """What an engine is asked while the block runs."""
    found, begun = Statements(), threading.local()

    def before(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        found.said.append((statement, parameters, many))
        begun.at = stopwatch(), time.process_time()

    def after(*_: Any) -> None:
        at, worked = begun.at
        found.ms += (stopwatch() - at) * 1000
        found.busy_ms += (time.process_time() - worked) * 1000

    def commit(connection: Any) -> None:
        begun.at = stopwatch(), time.process_time()
        real(connection)
        after()

    real = engine.dialect.do_commit
    engine.dialect.do_commit = commit  # type: ignore[method-assign]
    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)
        engine.dialect.do_commit = real  # type: ignore[method-assign]


def replay(engine: Engine, said: Sequence[tuple[str, Any, bool]]) -> tuple[float, float]:
    """The milliseconds of the same reading statements by themselves, on the driver's own connection, and how many of
    them this process was at work."""
    with closing(engine.raw_connection()) as raw, closing(raw.cursor()) as cursor:
        begun, worked = stopwatch(), time.process_time()
        for statement, parameters, _ in said:
            cursor.execute(statement, parameters)
            cursor.fetchall()
        return (stopwatch() - begun) * 1000, (time.process_time() - worked) * 1000


# --- Over HTTP ---


@contextmanager
def server(url: str, home: Path) -> Iterator[int]:
    """The port of a server of the pages, a process of its own."""
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"THIDUA_HOME": str(home), "THIDUA_DATABASE_URL": url, "THIDUA_PAGE_PORT": str(port)}
    # It ends with this process, however this one ends.
    command = [sys.executable, "-m", "web.serve", "--with-parent"]
    process = subprocess.Popen(
        command, env=os.environ | settings, stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        _wait_for(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    begun = stopwatch()
    while process.poll() is None and stopwatch() - begun < 60:
        try:
            _asked_of(http.client.HTTPConnection("127.0.0.1", port), "/sign-in", "", None)
        except ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server of the pages did not come up")


def _asked_of(
    line: http.client.HTTPConnection, path: str, token: str, fields: Mapping[str, str] | None
) -> Answer:
    headers = {"cookie": f"{SIGN_IN_COOKIE}={token}"}
    begun = stopwatch()
    if fields is None:
        line.request("GET", path, headers=headers)
    else:
        line.request("POST", path, urlencode(fields), headers | {"content-type": _FORM})
    response = line.getresponse()
    body = response.read()
    return Answer(response.status, body, dict(response.getheaders()), (stopwatch() - begun) * 1000)


def at_once(
    port: int, token: str, asked: Sequence[Sequence[tuple[str, Mapping[str, str] | None]]]
) -> list[float]:
    """The milliseconds of each answer while each connection asks for its paths one after the other.

    Raises:
        RuntimeError: an answer was neither a page nor a way on.
    """
    answers: list[Answer] = []

    def ask(paths: Sequence[tuple[str, Mapping[str, str] | None]]) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as line:
            answers.extend([_asked_of(line, path, token, fields) for path, fields in paths])

    threads = [threading.Thread(target=ask, args=(paths,)) for paths in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(answers) != sum(map(len, asked)) or any(answer.status not in (200, 303) for answer in answers):
        raise RuntimeError(f"answers: {sorted(answer.status for answer in answers)}")
    return [answer.ms for answer in answers]
