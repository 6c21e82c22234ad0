"""Reading what people type: days, numbers, opinions. A value that cannot be read is refused with how to write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

import typer

from rules.school_years import year_named
from rules.shares import share_in
from rules.windows import LOCAL

# Days outside of these are slips of the pen; the very last one has no day after it, which a window needs.
_FIRST_YEAR, _LAST_YEAR = 1945, 2100
# What an INTEGER column of PostgreSQL holds.
LARGEST = 2**31 - 1
# Money stands in a wider column; twelve digits are read.
MOST_MONEY = 10**12 - 1
LONGEST = 4000
# School years of one statement: a working life.
_MOST_YEARS = 60

_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_LOCAL_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


class BadValue(typer.BadParameter):
    """A value that cannot be read; ``code`` and ``params`` name its text in the catalogue `values`."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def day(text: str) -> date:
    """A day: 2025-06-30 or 30/06/2025."""
    if match := _ISO_DAY.fullmatch(text.strip()):
        year, month, number = map(int, match.groups())
    elif match := _LOCAL_DAY.fullmatch(text.strip()):
        number, month, year = map(int, match.groups())
    else:
        raise BadValue("not_a_day", value=shortened(text))
    try:
        found = date(year, month, number)
    except ValueError:
        raise BadValue("day_does_not_exist", value=shortened(text)) from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise BadValue("day_too_far", value=shortened(text), first=_FIRST_YEAR, last=_LAST_YEAR)
    return found


def school_year(text: str) -> str:
    """A school year: 2025-2026."""
    if year_named(text.strip()) is None:
        raise BadValue("not_a_school_year", value=shortened(text))
    return text.strip()


def instant(text: str) -> datetime:
    """An instant in Viet Nam: a day, or a day and a time (2025-06-16 07:30); without a time the day's start."""
    first, _, rest = text.strip().replace("T", " ", 1).partition(" ")
    found = day(first)
    clock = time.min
    if rest.strip():
        match = _TIME.fullmatch(rest.strip())
        try:
            clock = time(*(int(part or 0) for part in match.groups())) if match else None  # type: ignore[assignment]
        except ValueError:
            clock = None  # type: ignore[assignment]
        if clock is None:
            raise BadValue("not_an_instant", value=shortened(text))
    return datetime.combine(found, clock, tzinfo=LOCAL)


def points(text: str) -> Decimal:
    """Points with at most two decimals: 912,5 or 912.5."""
    plain = text.strip().replace(",", ".")
    try:
        found = Decimal(plain) if len(plain) <= 20 else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite():
        raise BadValue("not_points", value=shortened(text))
    if abs(found) >= 1_000_000 or found != round(found, 2):
        raise BadValue("points_too_fine", value=shortened(text))
    return found


def whole(least: int = 0, most: int = LARGEST) -> Callable[[str], int]:
    """A whole number in a range; 2.340.000 is read as people write money."""

    def read(text: str | int) -> int:
        # A default is given as it is.
        plain = str(text).strip()
        if re.fullmatch(r"-?\d{1,3}(\.\d{3})+", plain):
            plain = plain.replace(".", "")
        if not re.fullmatch(r"-?[0-9]{1,12}", plain) or not least <= int(plain) <= most:
            raise BadValue("not_whole", value=shortened(plain), least=least, most=most)
        return int(plain)

    return read


def words(limit: int = LONGEST) -> Callable[[str], str]:
    """A text of limited length in NFC, without the signs that steer a terminal."""

    def read(text: str) -> str:
        if len(text) > limit:
            raise BadValue("text_too_long", length=len(text), limit=limit)
        # Newlines are honest in a reason from a file; other controls and halves of characters are not.
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
            raise BadValue("text_unreadable")
        return unicodedata.normalize("NFC", text).strip()

    return read


def one_of(known: Collection[str]) -> Callable[[str], str]:
    """One of the program's own words; a hyphen may stand for the underscore."""

    def read(text: str) -> str:
        plain = text.strip().replace("-", "_").lower() if text not in known else text
        if plain not in known:
            raise BadValue("not_one_of", value=shortened(text), known=list(known))
        return plain

    return read


def opinion(text: str) -> tuple[int, str, str | None, str | None]:
    """(nomination, verdict, lower title, reason) of ``12=not_supported:reason`` or ``12=lower_title:LDTT:reason``."""
    number, separator, rest = words()(text).partition("=")
    verdict, _, tail = rest.partition(":")
    if not separator or not number.strip().isascii() or not number.strip().isdigit():
        raise BadValue("not_an_opinion", value=shortened(text))
    nomination = whole(1)(number)
    verdict = one_of(("supported", "not_supported", "lower_title"))(verdict)
    lower = None
    if verdict == "lower_title":
        lower, _, tail = tail.partition(":")
        if not lower.strip():
            raise BadValue("not_an_opinion", value=shortened(text))
    return nomination, verdict, lower.strip() if lower else None, tail.strip() or None


def author(text: str) -> tuple[str, int | None]:
    """(staff code, share in hundredths of a percent) of ``gv-0001=60`` or ``gv-0001=33,34``."""
    code, separator, share = words()(text).partition("=")
    read = share_in(share)
    if not separator or not code.strip() or read is None:
        raise BadValue("not_an_author", value=shortened(text))
    return code.strip(), read


def line_choice(text: str) -> tuple[int, str]:
    """(line of a file, staff code) of ``12=gv-0001``; ``12=-`` leaves the line out."""
    line, separator, code = words()(text).partition("=")
    plain = line.strip()
    if not separator or not code.strip() or not re.fullmatch(r"[0-9]{1,6}", plain):
        raise BadValue("not_a_line_choice", value=shortened(text))
    return int(plain), code.strip()


def year_span(text: str) -> tuple[int, ...]:
    """School years by their first years, of ``2019-2020..2023-2024`` or of one alone."""
    first, _, last = text.strip().partition("..")
    since, until = year_named(first.strip()), year_named((last or first).strip())
    if since is None or until is None or not 0 <= until - since <= _MOST_YEARS:
        raise BadValue("not_a_year_span", value=shortened(text))
    return tuple(range(since, until + 1))


def votes(text: str) -> tuple[int, int]:
    """(votes for, members) of ``8/9``."""
    match = re.fullmatch(r"([0-9]{1,5})/([0-9]{1,5})", text.strip())
    if match is None:
        raise BadValue("not_votes", value=shortened(text))
    return int(match[1]), int(match[2])


def shortened(text: str, limit: int = 60) -> str:
    """``text`` fit to be repeated in a message: one line, without controls, not too long."""
    plain = "".join(sign if sign.isprintable() else "·" for sign in text[: limit + 1])
    return plain if len(plain) <= limit else plain[:limit] + "…"


def choice(text: str | tuple[int, str]) -> tuple[int, str]:
    """(nomination, choice) of ``12=yes``."""
    if not isinstance(text, str):
        return text
    number, _, rest = text.partition("=")
    if not number.strip().isascii() or not number.strip().isdigit() or not rest.strip():
        raise BadValue("not_a_choice", value=shortened(text))
    return whole(1)(number), one_of(("yes", "no", "abstain"))(rest)
