"""What is refused before a page is asked, and the headers that every answer carries."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: own files only, nothing inline, no frames; forms go to ourselves
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none';"
    " manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
# Pages show people's data: no browser and no proxy keeps them.
NOT_KEPT = "no-store"
_CHANGES_NOTHING = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Around the whole application: host names, sizes of requests, where a form came from, headers."""

    def __init__(self, app: ASGIApp, names: Iterable[str], limit_bytes: int, *, secure: bool) -> None:
        self.app = app
        self.names = frozenset(names)
        self.limit_bytes = limit_bytes
        self.headers = dict(HEADERS)
        if secure:
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", NOT_KEPT)
            await send(message)

        refused = self._refused(Headers(scope=scope), scope)
        if refused is not None:
            status, words = refused
            await PlainTextResponse(words, status)(scope, receive, with_headers)
            return
        await self.app(scope, self._bounded(receive), with_headers)

    def _refused(self, headers: Headers, scope: MutableMapping[str, Any]) -> tuple[int, str] | None:
        if _host(headers.get("host", "")) not in self.names:
            return 400, "Unknown host."
        if "\0" in scope["path"] or b"%00" in scope["query_string"] or b"\0" in scope["query_string"]:
            # No name of ours holds one, and not every database takes it for a letter.
            return 400, "Unreadable."
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self.limit_bytes:
            return 413, "Too large."
        if scope["method"] not in _CHANGES_NOTHING and not self._from_here(headers):
            return 403, "A form of another site."
        return None

    def _from_here(self, headers: Headers) -> bool:
        """Whether a browser says that a form is one of ours. One that says nothing still needs the form's token."""
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None and site not in ("same-origin", "none"):
            return False
        return origin is None or origin == "null" or urlsplit(origin).netloc == headers.get("host")

    def _bounded(self, receive: Receive) -> Receive:
        """A body without a stated length is cut off where it grows too large."""
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.limit_bytes:
                return {"type": "http.disconnect"}
            return message

        return bounded


def _host(value: str) -> str:
    try:
        return urlsplit(f"//{value}").hostname or ""
    except ValueError:
        return ""


def form_token(secret: str) -> str:
    """The token that forms of one sign-in (or of one visitor) carry; nobody who lacks ``secret`` can make it."""
    return hmac.new(secret.encode(), b"thidua form", hashlib.sha256).hexdigest()


def is_form_token(secret: str, given: str) -> bool:
    """Whether a form carried the token of its sign-in."""
    return hmac.compare_digest(form_token(secret).encode(), given.encode())


def own_path(given: str | None) -> str:
    """A path of our own to go on to; anything else (another site, another scheme) becomes the first page."""
    if not given or not given.startswith("/") or given.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(given)
    unsafe = parts.scheme or parts.netloc or any(ord(sign) < ord(" ") or sign == "\\" for sign in given)
    return "/" if unsafe else given
