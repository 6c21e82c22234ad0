"""A browser that goes away while its form is still on its way."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.web.conftest import Pages

SCOPE: dict[str, Any] = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "path": "/sign-out",
    "raw_path": b"/sign-out",
    "root_path": "",
    "query_string": b"",
    "client": ("127.0.0.1", 1),
    "server": ("127.0.0.1", 8000),
    "headers": [
        (b"host", b"127.0.0.1"),
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"content-length", b"100"),
    ],
}


def test_a_form_that_breaks_off_is_no_fault_of_the_server(pages: Pages) -> None:
    came = iter([{"type": "http.request", "body": b"csrf=", "more_body": True}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(came, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        sent.append(message)

    # An error that nobody takes up comes out here, and stands as a trace in the server's log.
    asyncio.run(pages.app(dict(SCOPE), receive, send))
    assert sent[0]["status"] == 400
