"""A postbox of the home's own: a real SMTP server on the loopback that keeps what it gets, one file a letter.

It answers 250 only once the file is on the disk under its name, so what was taken is there. The name begins with
the time of arrival and holds the Message-ID: two copies of one letter are two files that can be known as one
letter.
"""

from __future__ import annotations

import email
import errno
import os
import re
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from kit.clock import wall_now

_UNSAFE = re.compile(r"[^A-Za-z0-9._@+-]+")
_LIMIT = 10_000_000
_NAME_LIMIT = 120
#: the longest line of an envelope that is looked through for a recipient
_HEAD = 10_000


class PortTaken(Exception):
    """Another program listens at the postbox's port. ``host`` and ``port`` say where."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        super().__init__(f"{host}:{port}")


class _Keeper:
    """What the server does with a letter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        try:
            keep(self.folder, envelope.mail_from or "", envelope.rcpt_tos, bytes(envelope.content or b""))
        except OSError as error:
            return f"452 4.3.1 not kept: {error.strerror}"
        return "250 2.0.0 kept"


def keep(folder: Path, sender: str, recipients: list[str], mime: bytes) -> Path:
    """Write one letter into the folder, whole or not at all; gives its file."""
    folder.mkdir(parents=True, exist_ok=True)
    named = email.message_from_bytes(mime, policy=policy.compat32).get("Message-ID", "no-id")
    known = _UNSAFE.sub("_", str(named).strip().strip("<>"))[:_NAME_LIMIT]
    at = wall_now().strftime("%Y%m%dT%H%M%S.%fZ")
    # The envelope, which is not in the letter, above it in the way of mail servers.
    head = f"X-Envelope-From: {sender}\r\nX-Envelope-To: {', '.join(recipients)}\r\n".encode(
        "utf-8", "replace"
    )
    place = folder / f"{at}-{secrets.token_hex(2)}-{known}.eml"
    half = place.with_suffix(".part")
    with half.open("wb") as file:
        file.write(head + mime)
        file.flush()
        os.fsync(file.fileno())
    half.replace(place)
    return place


class _Controller(Controller):  # type: ignore[misc]
    """The library's server in a thread, with the port that the system chose."""

    def _trigger_server(self) -> None:
        # The library knocks at its own door to see that it opens; with port 0 it would knock at no door.
        if self.port == 0 and self.server is not None:
            self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Postbox:
    """The server; `start` and `stop`, or a ``with`` block. ``port`` 0 picks a free one, which `port` then tells."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", port: int = 8025) -> None:
        self.folder = folder
        self.host = host
        self.port = port
        self._server: Any = None

    def start(self) -> None:
        """Listen.

        Raises:
            PortTaken: another program listens there.
            OSError: the folder cannot be made, or the address is not of this machine.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                if self.port:
                    raise PortTaken(self.host, self.port) from error
                raise
        self._server = _Controller(
            _Keeper(self.folder),
            hostname=self.host,
            port=self.port,
            server_hostname="postbox",
            ident="Thidua postbox",
            data_size_limit=_LIMIT,
        )
        try:
            self._server.start()
        except OSError as error:
            self._server = None
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(self.host, self.port) from error
            raise
        self.port = self._server.port

    def stop(self) -> None:
        """Listen no more; what was taken stays."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def __enter__(self) -> Postbox:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


# --- Reading what is there ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter in the postbox. ``number`` counts from 1 in the order of arrival; ``date`` is its Date header."""

    number: int
    file: Path
    sender: str
    to: str
    subject: str
    message_id: str
    date: datetime | None
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """The letter as plain data, without its HTML part."""
        return {
            "number": self.number,
            "file": self.file.name,
            "from": self.sender,
            "to": self.to,
            "subject": self.subject,
            "message_id": self.message_id,
            "date": self.date.isoformat() if self.date else None,
            "text": self.text,
        }


def letters_in(folder: Path) -> Iterator[Kept]:
    """The letters of a postbox in the order in which they came; none where there is no such folder."""
    for number, file in enumerate(_files(folder), 1):
        yield read_letter(file, number)


def newest_in(folder: Path, to: str = "", *, skip: int = 0, limit: int = 50) -> tuple[list[Kept], int]:
    """Some letters of a postbox, the newest first, and how many there are; with ``to``, only of recipients whose
    address holds that text. Of those that are not given only the first line or two are read.
    """
    files = _files(folder)
    wanted = to.casefold()
    found = [(n, file) for n, file in enumerate(files, 1) if not wanted or wanted in _recipients(file)]
    some = list(reversed(found))[skip : skip + limit]
    return [read_letter(file, number) for number, file in some], len(found)


def letter_in(folder: Path, number: int) -> Kept | None:
    """One letter of a postbox by its number; None where there is none."""
    files = _files(folder)
    return read_letter(files[number - 1], number) if 1 <= number <= len(files) else None


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml")) if folder.is_dir() else []


def _recipients(file: Path) -> str:
    """For whom the postbox was given a letter, from the envelope that `keep` writes above it."""
    with file.open("rb") as kept:
        head = [kept.readline(_HEAD) for _ in range(2)]
    told = (line for line in head if line.lower().startswith(b"x-envelope-to:"))
    return next(told, b"").partition(b":")[2].decode("utf-8", "replace").casefold()


def read_letter(file: Path, number: int = 0) -> Kept:
    """One letter from its file."""
    message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101  (the policy makes it so)
    return Kept(
        number=number,
        file=file,
        sender=str(message.get("From", "")),
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        message_id=str(message.get("Message-ID", "")).strip(),
        date=_date_of(message),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers=tuple((name, str(value)) for name, value in message.items()),
    )


def _part(message: EmailMessage, kind: str) -> str:
    for part in message.walk():
        if part.get_content_type() == f"text/{kind}":
            try:
                return str(part.get_content())
            except (LookupError, MessageError):
                return ""
    return ""


def _date_of(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return None
