"""A real SMTP server on the loopback that answers as it is told, at each stage of a letter."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

HANG_S = 30


@dataclass
class Told:
    """What the server is to do: stage → answer, `hang` or `drop`; of `end` also `keep` and then hang or drop.

    Stages: ehlo, mail, rcpt, begin (the word DATA), end (after the final dot). A list is used up, one a letter.
    """

    at: dict[str, Any] = field(default_factory=dict)
    #: (recipient, bytes) of what was taken, in order
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0
    signed_in: list[str] = field(default_factory=list)

    def next(self, stage: str, recipient: str = "") -> str:
        word = self.at.get(f"{stage}:{recipient}", self.at.get(stage, ""))
        if isinstance(word, list):
            word = word.pop(0) if word else ""
        return word

    def ids(self) -> list[str]:
        return [message_from_bytes(mime)["Message-ID"] for _, mime in self.taken]


class _Server(SMTP):
    told: Told

    async def obey(self, word: str) -> bool:
        """Whether the stage is over with this."""
        if word == "drop":
            self.transport.abort()
            return True
        if word == "hang":
            await asyncio.sleep(HANG_S)
            return True
        if word:
            await self.push(word)
            return True
        return False

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self.obey(self.told.next("ehlo")):
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        if not await self.obey(self.told.next("ehlo")):
            await super().smtp_HELO(hostname)

    async def smtp_MAIL(self, arg: str) -> None:
        if not await self.obey(self.told.next("mail")):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:
        address = arg.partition("<")[2].partition(">")[0]
        if not await self.obey(self.told.next("rcpt", address)):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if not await self.obey(self.told.next("begin")):
            await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, told: Told) -> None:
        self.told = told

    async def handle_DATA(self, server: _Server, _session: Any, envelope: Any) -> str:
        recipient = envelope.rcpt_tos[0]
        word = self.told.next("end", recipient)
        keeps = not word or word.startswith("keep")
        if keeps:
            self.told.taken.append((recipient, bytes(envelope.content)))
        word = word.removeprefix("keep").strip()
        if word == "drop":
            server.transport.abort()
        elif word == "hang":
            await asyncio.sleep(HANG_S)
        return word or "250 2.0.0 taken"


@contextmanager
def mail_server(
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    password: str | None = None,
) -> Iterator[tuple[Told, int]]:
    """A server and its port."""
    told = Told()

    def sign_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        told.signed_in.append(data.login.decode())
        return AuthResult(success=data.password.decode() == password, handled=False)

    class Server(Controller):
        def factory(self) -> SMTP:
            told.connections += 1
            made = type("Obeying", (_Server,), {"told": told})
            options: dict[str, Any] = {"hostname": "mau.example", "loop": self.loop}
            if starttls is not None:
                options |= {"tls_context": starttls, "require_starttls": True}
            if password is not None:
                options |= {"authenticator": sign_in, "auth_required": True, "auth_require_tls": False}
            return made(_Handler(told), **options)

        def _trigger_server(self) -> None:
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    server = Server(None, hostname="127.0.0.1", port=0, ssl_context=tls)
    server.start()
    told.connections = 0
    try:
        yield told, server.port
    finally:
        server.stop()
