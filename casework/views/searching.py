"""Dossiers by words in their code or in the name of their unit, typed with or without Vietnamese marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select, true

from casework.load import DOSSIER
from casework.people import UNIT
from casework.views.folding import folded, holds, holds_plain
from models.dossier import CODE_NUMBER

_DIGITS = "0123456789"


def has_words(connection: Connection, words: Iterable[str]) -> list[ColumnElement[bool]]:
    """The conditions that each word stands in the dossier's code or in the name of its unit.

    No index finds a part of a text, and the dossiers are too many to look at each. So names and codes are looked
    through among the units, of which there are some thousand. What a dossier's code adds to its unit's is a year and a
    number (`th-binh-an.2425.1`): of these an office has few different ones, and each has its index.
    """
    wanted = [word for word in map(folded, words) if word]
    tails = _tails(connection) if any(_may_be_in_tail(word) for word in wanted) else {}
    return [_has(connection, word, tails) for word in wanted]


def _may_be_in_tail(word: str) -> bool:
    """Whether a word may stand in the year and number of a code, or reach into them."""
    return "." in word or word.strip(_DIGITS) == ""


def _tails(connection: Connection) -> dict[str, tuple[str, str]]:
    """What may stand behind a unit's code, and the school year and number of which it tells."""
    years = _values(connection, DOSSIER.c.school_year)
    numbers = _values(connection, CODE_NUMBER)
    return {f".{year[2:4]}{year[7:9]}.{number}": (year, number) for year in years for number in numbers}


def _values(connection: Connection, of: ColumnElement[str]) -> list[str]:
    """The different values of an indexed expression, from one to the next: a look into the index each."""
    least = select(func.min(of).label("value")).select_from(DOSSIER)
    found = least.cte("found", recursive=True)
    following = least.where(of > found.c.value).correlate(found)
    found = found.union_all(select(following.scalar_subquery()).where(found.c.value.is_not(None)))
    return list(connection.execute(select(found.c.value).where(found.c.value.is_not(None))).scalars())


def _has(connection: Connection, word: str, tails: Mapping[str, tuple[str, str]]) -> ColumnElement[bool]:
    # The parts of the word that may be the end of a unit's code, if a year and number go on as the word does.
    ends = {
        word[:place]: [tails[tail] for tail in tails if tail.startswith(word[place:])]
        for place, sign in enumerate(word)
        if sign == "." and place
    }
    ends = {end: goes_on for end, goes_on in ends.items() if goes_on}
    in_unit = or_(holds(UNIT.c.name, word), holds_plain(UNIT.c.code, word))
    found = [_of_units(connection, in_unit)]
    for end, goes_on in ends.items():
        ending = func.lower(UNIT.c.code).endswith(end, autoescape=True)
        found.append(and_(_of_units(connection, ending), _one_of(goes_on, tails)))
    inside = [tails[tail] for tail in tails if word in tail]
    if inside:
        found.append(_one_of(inside, tails))
    return or_(*found)


def _of_units(connection: Connection, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """That a dossier is of one of the units under a condition."""
    found = connection.execute(select(UNIT.c.id).where(condition)).scalars().all()
    # Numbers written into the statement: a word that all schools have would else bring thousands of parameters.
    units: Any = bindparam("of_units", found, expanding=True, literal_execute=True, unique=True)
    among: ColumnElement[bool] = DOSSIER.c.unit_id.in_(units)
    return among


def _one_of(found: Iterable[tuple[str, str]], tails: Mapping[str, tuple[str, str]]) -> ColumnElement[bool]:
    """That a dossier is of one of some (school year, number): by year, and by number within those that need it."""
    all_years, all_numbers = (frozenset(values) for values in zip(*tails.values(), strict=True))
    numbers: dict[str, set[str]] = {}
    for year, number in found:
        numbers.setdefault(year, set()).add(number)
    alike: dict[frozenset[str], set[str]] = {}
    for year, some in numbers.items():
        alike.setdefault(frozenset(some), set()).add(year)
    return or_(
        *(
            and_(
                true() if years == all_years else DOSSIER.c.school_year.in_(sorted(years)),
                true() if some == all_numbers else CODE_NUMBER.in_(sorted(some)),
            )
            for some, years in alike.items()
        )
    )
