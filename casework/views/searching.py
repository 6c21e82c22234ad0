"""Dossiers by words in their code or in the name of their unit, typed with or without Vietnamese marks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from casework.load import DOSSIER
from casework.people import UNIT


# Names of units are folded at every search and hardly ever change.
@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """A text without marks and in small letters: "Bình Đức" and "binh duc" are the same."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def has_words(connection: Connection, words: Iterable[str]) -> list[ColumnElement[bool]]:
    """The conditions that each word stands in the dossier's code or in the name of its unit.

    Neither database folds Vietnamese marks by itself, and neither finds a part of a text by an index. So the codes and
    names of units are read and compared here, in one statement: there are some thousand units, and they grow no faster
    than schools are built. What a dossier's code adds to its unit's is a year and a number (`th-binh-an.2425.1`), so
    only a word that has signs of these is looked for among the dossiers.
    """
    wanted = [word for word in map(folded, words) if word]
    if not wanted:
        return []
    rows = connection.execute(select(UNIT.c.id, UNIT.c.code, UNIT.c.name))
    units = [(row.id, folded(row.code), folded(row.name)) for row in rows]
    return [_has(word, units) for word in wanted]


def _has(word: str, units: Iterable[tuple[int, str, str]]) -> ColumnElement[bool]:
    in_unit, goes_on = [], []
    # The parts of the word that may be the end of a unit's code, before the year.
    ends = tuple(word[:place] for place, sign in enumerate(word) if sign == ".")
    for unit, code, name in units:
        if word in name or word in code:
            in_unit.append(unit)
        elif ends and code.endswith(ends):
            goes_on.append(unit)
    found = DOSSIER.c.unit_id.in_(in_unit)
    in_code = func.lower(DOSSIER.c.code).contains(word, autoescape=True)
    if word.strip("0123456789.") == "":
        # A year or a number: in the code of any unit's dossier.
        return or_(found, in_code)
    return or_(found, and_(DOSSIER.c.unit_id.in_(goes_on), in_code)) if goes_on else found
