"""Dossiers by words in their code or in the name of their unit, typed with or without Vietnamese marks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, func, or_, select

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

    Neither database folds Vietnamese marks by itself, so the names of units are read and compared here, in one
    statement: there are some thousand units, and they grow no faster than schools are built.
    """
    wanted = [word for word in map(folded, words) if word]
    if not wanted:
        return []
    units = [(row.id, folded(row.name)) for row in connection.execute(select(UNIT.c.id, UNIT.c.name))]
    return [
        or_(
            func.lower(DOSSIER.c.code).contains(word, autoescape=True),
            DOSSIER.c.unit_id.in_([unit for unit, name in units if word in name]),
        )
        for word in wanted
    ]
