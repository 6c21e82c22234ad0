"""Addresses of letters: which can be written to, and when two of them are the same."""

from __future__ import annotations

import re

# Letters that stand in a mailbox's name without quotes (RFC 5322, dot-atom). Others exist and are rare; a letter to
# one of them is not sent, and said to be unsendable, rather than sent to somebody else.
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_MAILBOX_LIMIT, _DOMAIN_LIMIT = 64, 190


class BadAddress(ValueError):
    """An address, or what goes beside it into a header, cannot be written into a letter; nothing was sent.

    ``field`` is the part that is wrong: to, from, reply_to, name, subject, message_id.
    """

    def __init__(self, field: str, detail: str) -> None:
        self.field = field
        self.detail = detail
        super().__init__(f"{field}: {detail}")


def one_line(field: str, text: str) -> str:
    """``text``, which goes into a header.

    Raises:
        BadAddress: it holds a line break or another control character: whoever wrote it could add headers.
    """
    if any(ord(sign) < 32 or ord(sign) in (0x7F, 0x85, 0x2028, 0x2029) for sign in text):
        raise BadAddress(field, f"holds a line break or a control character: {text!r}"[:200])
    return text


def checked_address(address: str, field: str = "to") -> str:
    """The address as mail servers read it: the domain in lower case and in ASCII (IDNA).

    Raises:
        BadAddress: it is no address that every mail server takes.
    """
    mailbox, at, domain = one_line(field, address).strip().rpartition("@")
    try:
        ascii_domain = domain.lower().encode("idna").decode("ascii")
    except UnicodeError as error:
        raise BadAddress(field, f"not an address: {address!r}"[:200]) from error
    labels = ascii_domain.split(".")
    sound = (
        at
        and len(mailbox) <= _MAILBOX_LIMIT
        and len(ascii_domain) <= _DOMAIN_LIMIT
        and _MAILBOX.fullmatch(mailbox)
        and all(_LABEL.fullmatch(label) for label in labels)
    )
    if not sound:
        raise BadAddress(field, f"not an address: {address!r}"[:200])
    return f"{mailbox}@{ascii_domain}"


def same_address(address: str) -> str:
    """What two addresses of one mailbox have in common: as it is sent, in lower case. Never raises.

    A server may tell upper from lower case in a mailbox's name; none that people use does.
    """
    try:
        return checked_address(address).lower()
    except BadAddress:
        return address.strip().lower()


def domain_of(address: str) -> str:
    """The domain of an address, in lower case; empty where it has none."""
    return same_address(address).rpartition("@")[2]
