"""A client that asks an application without a server, and without what Starlette's own client does for each request.

That one begins a thread and an event loop for each request, and crosses between threads nine times to hand over its
answer piece by piece. Here one loop answers all requests, each with one crossing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from typing import Any
from urllib.parse import unquote

import anyio.to_thread
import httpx2
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

#: where requests are answered meanwhile; none: each begins a loop of its own
_portals: list[BlockingPortal] = []
#: the loop of this thread, where everything is done in one thread
_loops: list[asyncio.AbstractEventLoop] = []


@contextmanager
def one_event_loop() -> Iterator[None]:
    """All clients ask one event loop, as the browsers of an office ask one server."""
    with start_blocking_portal() as portal:
        _portals.append(portal)
        try:
            yield
        finally:
            _portals.remove(portal)


@contextmanager
def in_one_thread() -> Iterator[None]:
    """What the application would hand to a thread it does at once: for many requests, one after the other.

    The loop runs in the thread of the test as well, so that no request crosses to another and back.
    """

    async def at_once(call: Any, *given: Any, **_options: Any) -> Any:
        return call(*given)

    with pytest.MonkeyPatch.context() as patch, closing(asyncio.new_event_loop()) as loop:
        patch.setattr(anyio.to_thread, "run_sync", at_once)
        _loops.append(loop)
        try:
            yield
        finally:
            _loops.remove(loop)


class _Answers(httpx2.BaseTransport):
    """An application in the place of the network."""

    def __init__(self, app: Any, raises: bool) -> None:
        self._app = app
        self._raises = raises

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """What the application answers.

        Raises:
            Exception: what the application did not take up, where the client was told to raise it.
        """
        body = request.read()
        if _loops:
            return _loops[-1].run_until_complete(self._answer(request, body))
        if _portals:
            return _portals[-1].call(self._answer, request, body)
        with start_blocking_portal() as portal:
            return portal.call(self._answer, request, body)

    async def _answer(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        begun: dict[str, Any] = {}
        pieces: list[bytes] = []
        asked, ended = False, asyncio.Event()

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if asked:
                # Nobody goes away before the answer is there.
                await ended.wait()
                return {"type": "http.disconnect"}
            asked = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            assert not ended.is_set(), message
            if message["type"] == "http.response.start":
                assert not begun, message
                begun.update(message)
                return
            assert begun, message
            assert message["type"] == "http.response.body", message
            pieces.append(bytes(message.get("body", b"")))
            if not message.get("more_body", False):
                ended.set()

        # A fault that is not to come out has an answer of its own, or is noticed by what is missing.
        with nullcontext() if self._raises else suppress(Exception):
            await self._app(_scope(request), receive, send)
        assert ended.is_set(), "an answer without an end"
        headers = [(name.decode(), value.decode()) for name, value in begun.get("headers", [])]
        content = b"" if request.method == "HEAD" else b"".join(pieces)
        return httpx2.Response(begun["status"], headers=headers, content=content, request=request)


def _scope(request: httpx2.Request) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(url.path),
        "raw_path": url.raw_path.split(b"?", 1)[0],
        "root_path": "",
        "scheme": url.scheme,
        "query_string": url.query,
        "headers": [(name.lower().encode(), value.encode()) for name, value in request.headers.multi_items()],
        "client": ("testclient", 50000),
        "server": [url.host, url.port or 80],
        "extensions": {},
        "state": {},
    }


def client_of(app: Any, *, raises: bool = True) -> httpx2.Client:
    """A client of an application; ``raises``: what nobody took up comes out of the request, not only as a 500."""
    return httpx2.Client(
        transport=_Answers(app, raises),
        base_url="http://localhost",
        headers={"user-agent": "testclient"},
        follow_redirects=True,
        trust_env=False,
    )
