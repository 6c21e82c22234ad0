"""Letters as bytes, and the line to the mail server: the only file that knows `emails` and how it fails.

That library gives failures back instead of raising them, connects twice where TLS is asked for and checks no
certificate there, and its `SMTPBackend` sends once more, in silence, when a line breaks, also where the first copy
may have arrived. So its message and its SMTP client are used here, its backend is not: a letter is handed over
once, and what became of it is one of four answers.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from socket import gaierror
from types import TracebackType
from typing import Any

import dkim
from emails import Message
from emails.backend.response import SMTPResponse
from emails.backend.smtp.client import SMTPClientWithResponse
from emails.exc import BadHeaderError
from emails.signers import DKIMSigner

from kit.settings import Settings
from notifications.address import BadAddress, checked_address, one_line
from notifications.letter import Rendered

SENT, TEMPORARY, PERMANENT, IN_DOUBT = "sent", "temporary", "permanent", "in_doubt"

# A mailbox that is not there (RFC 5321, 4.2.2), and the enhanced codes (RFC 3463) that say so of an address: with a
# code of policy (5.7.x) the same 550 means that the server did not like the letter or its sender.
_NOBODY_THERE = (550, 551, 553)
_ENHANCED_OF_ADDRESS = ("5.1.", "5.2.1")
# Sign-in required (RFC 4954, 6): it is not the address that is refused.
_SIGN_IN_FIRST = 530
_DETAIL_LIMIT = 500


class BadKey(Exception):
    """The DKIM key that is configured cannot be read or is no key."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of handing a letter over.

    ``answer``: `sent`, `temporary` (try again: the server has it not), `permanent` (never again so), `in_doubt` (the
    end of the letter went out and no answer came back). ``trouble`` is a code of the catalogue `mail`, empty when
    sent. ``address_refused``: of a permanent one, whether nobody is at that address, rather than the letter
    unwanted. ``stop``: the next letter would fare no better (no server, sign-in refused, TLS failing, the office's
    own address refused).
    """

    answer: str
    smtp_code: int | None = None
    detail: str = ""
    trouble: str = ""
    address_refused: bool = False
    stop: bool = False


# --- A letter as bytes --------------------------------------------------------------------------------------


class _Signature(dkim.DKIM):  # type: ignore[misc]
    """A DKIM signature without the instant of signing (`t=`, which may be left out): the same letter, the same
    bytes."""

    def gen_header(self, fields: list[tuple[bytes, bytes]], *rest: Any, **options: Any) -> bytes:
        timeless = [field for field in fields if field[0] != b"t"]
        return bytes(super().gen_header(timeless, *rest, **options))


class _Signer(DKIMSigner):  # type: ignore[misc]
    """The library's signer with our signature."""

    def get_sign_string(self, message: bytes) -> bytes:
        params = self._sign_params
        signature = _Signature(message)
        # Headers signed with room for one more of each would be stricter; relaxed/simple is what servers expect.
        canonical = (b"relaxed", b"simple")
        return bytes(
            signature.sign(params["selector"], params["domain"], params["privkey"], canonicalize=canonical)
        )


@cache
def _signer(key_file: str, selector: str, domain: str) -> _Signer:
    try:
        return _Signer(selector=selector, domain=domain, key=Path(key_file).read_bytes())
    except (OSError, dkim.DKIMException, ValueError) as error:
        raise BadKey(f"{key_file}: {error}") from error


def sender_of(settings: Settings) -> tuple[str, str]:
    """Name (may be empty) and address of the office's own sender.

    Raises:
        BadAddress: the setting is no address.
    """
    name, address = parseaddr(one_line("from", settings.mail_from))
    return name, checked_address(address, "from")


def build(
    rendered: Rendered,
    *,
    to_name: str,
    to_address: str,
    message_id: str,
    date: datetime,
    settings: Settings,
) -> bytes:
    """The whole letter as it is handed to the mail server. The same input gives the same bytes.

    ``date`` is aware: the business time at which it was composed. The sender is the office's own, whoever acted.

    Raises:
        BadAddress: an address is none, or something for a header holds a line break.
        BadKey: the configured DKIM key cannot be used.
    """
    sender = sender_of(settings)
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": one_line("name", rendered.lang)}
    message = Message(
        subject=one_line("subject", rendered.subject),
        mail_from=sender,
        mail_to=[(one_line("name", to_name), checked_address(to_address))],
        reply_to=reply_to_of(settings),
        message_id=one_line("message_id", message_id),
        date=format_datetime(date),
        headers=headers,
        text=rendered.text,
        html=rendered.html,
    )
    seed = "\0".join((message_id, to_address, rendered.subject, rendered.text, rendered.html))
    mark = hashlib.sha256(seed.encode()).hexdigest()[:24]

    def bound(_message: Message, whole: Any) -> None:
        # Drawn by lot otherwise. Not in any text: it is made of the text's own hash.
        parts = (part for part in whole.walk() if part.is_multipart())
        for number, part in enumerate(parts):
            part.set_boundary(f"=_{mark}_{number}")

    message.after_build = bound
    if settings.mail_dkim_key:
        domain = sender[1].rpartition("@")[2]
        message._signer = _signer(settings.mail_dkim_key, settings.mail_dkim_selector, domain)
    try:
        return bytes(message.as_bytes())
    except BadHeaderError as error:
        raise BadAddress("subject", str(error)) from error
    except dkim.DKIMException as error:
        raise BadKey(str(error)) from error


def reply_to_of(settings: Settings) -> list[tuple[str, str]]:
    """Where answers go, as name and address; empty where no setting says so.

    Raises:
        BadAddress: the setting is no address.
    """
    if not settings.mail_reply_to:
        return []
    name, address = parseaddr(one_line("reply_to", settings.mail_reply_to))
    return [(name, checked_address(address, "reply_to"))]


# --- The line to the server -----------------------------------------------------------------------------------


class _Parent:
    """What the library's client asks of its backend: an empty response. Nothing else of the backend is wanted."""

    @staticmethod
    def make_response(exception: Exception | None = None) -> SMTPResponse:
        return SMTPResponse(exception=exception)


class _Client(SMTPClientWithResponse):  # type: ignore[misc]
    """The library's client on a line of ours; it knows whether the end of a letter went out."""

    def __init__(self, settings: Settings, context: ssl.SSLContext | None) -> None:
        self.settings = settings
        self._context = context
        #: whether all of a letter's bytes, the final dot with them, were given to the line
        self.end_sent = False
        host, port, timeout = settings.mail_host, settings.mail_port, settings.mail_timeout_s
        name = sender_of(settings)[1].rpartition("@")[2]
        super().__init__(_Parent(), host=host, port=port, local_hostname=name, timeout=timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        plain = super()._get_socket(host, port, timeout)
        if self.settings.mail_security != "tls" or self._context is None:
            return plain
        with ExitStack() as unless_secured:
            unless_secured.callback(plain.close)
            secured = self._context.wrap_socket(plain, server_hostname=host)
            unless_secured.pop_all()
            return secured

    def initialize(self) -> None:
        self.ehlo_or_helo_if_needed()
        if self.settings.mail_security == "starttls":
            code, reply = self.starttls(context=self._context)
            if code != 220:
                raise smtplib.SMTPNotSupportedError(f"STARTTLS: {code} {_words(reply)}")
            self.ehlo_or_helo_if_needed()
        if self.settings.mail_user:
            self.login(self.settings.mail_user, self.settings.mail_password.get_secret_value())
        self.initialized = True

    def quit(self) -> None:
        """Say goodbye where anybody still hears it."""
        try:
            super().quit()
        except (smtplib.SMTPException, OSError):
            self.close()

    def send(self, s: Any) -> None:
        super().send(s)
        # Commands are text; only a letter is bytes, and it goes out in one piece with its final dot. When the line
        # takes less than all of it, the call above raises, and no server can have seen the end.
        if isinstance(s, bytes):
            self.end_sent = True


def _words(reply: Any) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    return " ".join(text.split())[:_DETAIL_LIMIT]


class Line:
    """One kept connection to the mail server, for a batch of letters.

    It is opened by the first letter (or `open`) and again after it broke; leaving the block says goodbye.
    """

    def __init__(self, settings: Settings, *, context: ssl.SSLContext | None = None) -> None:
        self.settings = settings
        self._client: _Client | None = None
        self._context = context
        if context is None and settings.mail_security != "plain":
            # Checks the certificate and the name in it against the machine's own list of authorities.
            self._context = ssl.create_default_context()

    @property
    def sender(self) -> str:
        """The office's own sending address.

        Raises:
            BadAddress: the setting is none.
        """
        return sender_of(self.settings)[1]

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye and hang up."""
        if self._client is not None:
            self._client.quit()
            self._client = None

    def open(self) -> Answer | None:
        """Connect, encrypt and sign in where it is not done; None when the line stands, else why it does not."""
        if self._client is not None:
            return None
        try:
            self._client = _Client(self.settings, self._context)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return self._not_opened(error)
        return None

    def _not_opened(self, error: Exception) -> Answer:
        where = f"{self.settings.mail_host}:{self.settings.mail_port}"
        code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None
        said = error.smtp_error if isinstance(error, smtplib.SMTPResponseException) else error
        trouble = next(word for kinds, word in _NOT_OPENED if isinstance(error, kinds))
        return Answer(TEMPORARY, code, _words(f"{where}: {_words(said)}"), trouble, stop=True)

    def send(self, sender: str, recipient: str, mime: bytes) -> Answer:
        """Hand one letter over, once.

        Raises:
            BadAddress: an address is none; nothing was sent.
        """
        sender, recipient = checked_address(sender, "from"), checked_address(recipient)
        refused = self.open()
        if refused is not None:
            return refused
        client = self._client
        assert client is not None  # noqa: S101  (open() gave None)
        client.end_sent = False
        try:
            response = client.sendmail(sender, [recipient], mime)
        except smtplib.SMTPDataError as error:
            # The server did not want to begin with the letter; the client has not cleared the line.
            self._hang_up()
            return _answer_of("begin", error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._hang_up()
            if client.end_sent:
                return Answer(IN_DOUBT, None, _words(error), "answer_lost")
            return Answer(TEMPORARY, None, _words(error), "line_lost")
        stage, code, reply = response.last_command, response.status_code, response.status_text
        if code == 421 or client.sock is None:
            # The server says that it hangs up, or has done so.
            self._hang_up()
        return _answer_of(stage, code, reply)

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


# What an error at opening means; the first that fits counts.
_NOT_OPENED: tuple[tuple[Any, str], ...] = (
    (BadAddress, "sender_refused"),
    (smtplib.SMTPAuthenticationError, "sign_in_refused"),
    # A user name or password with letters that signing in cannot carry.
    (UnicodeError, "sign_in_refused"),
    (gaierror, "unknown_host"),
    (ssl.SSLError, "tls_failed"),
    (smtplib.SMTPNotSupportedError, "not_supported"),
    (Exception, "server_unreachable"),
)


def _answer_of(stage: str, code: int, reply: Any) -> Answer:
    """The answer that a server's number is, at a stage: `mail`, `rcpt`, `begin` (of the letter), `data` (its end)."""
    words, family = _words(reply), code // 100
    if stage == "data" and family == 2:
        return Answer(SENT, code, words)
    if stage == "data" and family not in (4, 5):
        # Nonsense after the final dot says neither that it was taken nor that it was not.
        return Answer(IN_DOUBT, None if code < 0 else code, words, "answer_lost")
    if family != 5:
        return Answer(TEMPORARY, None if code < 0 else code, words, "server_busy")
    if stage == "mail" and code != 552:
        # The server refuses the office itself: not this letter's fault, and the next one would fare the same.
        trouble = "sign_in_needed" if code == _SIGN_IN_FIRST else "sender_refused"
        return Answer(TEMPORARY, code, words, trouble, stop=True)
    if stage == "rcpt" and _nobody_there(code, words):
        return Answer(PERMANENT, code, words, "address_refused", address_refused=True)
    return Answer(PERMANENT, code, words, "letter_refused")


def _nobody_there(code: int, words: str) -> bool:
    enhanced = words.split(" ", 1)[0]
    if enhanced.startswith("5.") and enhanced.replace(".", "").isdigit():
        return enhanced.startswith(_ENHANCED_OF_ADDRESS)
    return code in _NOBODY_THERE
