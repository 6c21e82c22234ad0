"""What single cells of files say: days, school years, words for which there are codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from casework.views.staff import bare
from notifications.words import LANGS, catalogue
from rules.school_years import year_named

_EARLIEST = date(1945, 9, 2)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
_YEARS = re.compile(r"(\d{4})\s*[-–/]\s*(\d{4})")


def day_in(text: str) -> date | None:
    """A day as people and spreadsheets write it, of our time; None where it is none."""
    found = any_day(text)
    return found if found is not None and found >= _EARLIEST else None


def any_day(text: str) -> date | None:
    """A day of any century, as of a birth; None where it is none."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    parts = [int(part) for part in match.groups() if part is not None]
    try:
        return date(*parts) if match[4] else date(parts[2], parts[1], parts[0])
    except ValueError:
        return None


def year_in(text: str) -> str | None:
    """A school year, written 2020-2021 or 2020 – 2021; None where it is none, or its years do not follow."""
    match = _YEARS.fullmatch(text.strip())
    if match is None or year_named(f"{match[1]}-{match[2]}") is None:
        return None
    return f"{match[1]}-{match[2]}"


def words_of(vocabulary: str, codes: Iterable[str]) -> dict[str, str]:
    """Every word under which people know some codes, without marks → code."""
    found = {bare(code): code for code in codes}
    for lang in LANGS:
        said = catalogue(vocabulary, lang)
        found |= {bare(text): code for code in codes for text in said.get(code, "").split(";") if text}
    return found
