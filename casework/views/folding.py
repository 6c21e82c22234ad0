"""Texts as people type them in a hurry: without Vietnamese marks and capitals; and how a database finds them so."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, func

# Where Latin letters with Vietnamese marks stand in Unicode.
_LATIN = (range(0x41, 0x250), range(0x1E00, 0x1F00))
#: marks that stand behind their letter: horn, breve, circumflex, the five tones and whatever else combines
_MARKS = "[\u0300-\u036f]*"


# Names of units are folded at every search and hardly ever change.
@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """A text without marks and in small letters: "Bình Đức" and "binh duc" are the same."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def holds(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    """The condition that a folded word stands in a column of names, whatever marks and capitals these have.

    Neither database folds Vietnamese marks by itself, so each letter is asked for as any that folds to it.
    """
    return column.regexp_match(_pattern(word))


def holds_plain(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    """The condition that a folded word stands in a column of codes, which never have marks."""
    return func.lower(column).contains(word, autoescape=True)


@lru_cache(maxsize=1_024)
def _pattern(word: str) -> str:
    return "".join(_any_of(sign) for sign in word)


def _any_of(sign: str) -> str:
    letters = _letters().get(sign)
    if letters is not None:
        return f"[{letters}]{_MARKS}"
    return sign if sign.isalnum() or not sign.isascii() else f"\\{sign}"


@lru_cache(maxsize=1)
def _letters() -> dict[str, str]:
    """Each letter of a to z with those that fold to it."""
    found: dict[str, str] = {}
    for signs in _LATIN:
        for sign in map(chr, signs):
            plain = folded(sign)
            if len(plain) == 1 and plain.isascii() and plain.isalpha():
                found[plain] = found.get(plain, "") + sign
    return found


# The alphabet with its twelve vowels, and the tones in the order of dictionaries.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACES = {sign: place for place, sign in enumerate(_ALPHABET)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


@lru_cache(maxsize=16_384)
def in_vietnamese_order(text: str) -> tuple[Any, ...]:
    """What to sort names by: letters as the Vietnamese alphabet has them, then tones; number 2 before number 10."""
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for part in _PARTS.findall(unicodedata.normalize("NFD", text.lower())):
        if part.isdecimal():
            letters.append((1, int(part)))
            continue
        sign = unicodedata.normalize("NFC", "".join(mark for mark in part if mark not in _TONES))
        letters.append((2, _PLACES[sign]) if sign in _PLACES else (0, ord(sign[0])))
        tones.append(max((_TONES.get(mark, 0) for mark in part), default=0))
    return letters, tones, text


_PARTS = re.compile(r"[0-9]+|[^\u0300-\u036f][\u0300-\u036f]*")
