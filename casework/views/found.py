"""Rows and subjects by the names under which people know them: a dossier's code instead of the number of its row."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Column, Connection, select

from casework.access import DELEGATION, DUTY, EMPLOYMENT
from casework.council.tables import COUNCIL
from casework.exemplars.stages import EXEMPLAR
from casework.load import DOSSIER, INITIATIVE, NOMINATION, OBJECTION, OPINION, PAPER
from casework.movements.calendar_of import MOVEMENT
from casework.people import PERSON, UNIT
from casework.routing import PLACEMENT
from models.decision import Recovery
from notifications.words import say

# Kind of row → the column that names what it belongs to, and the table whose code that is.
_BELONGS_TO: dict[str, tuple[Column[int], Column[str], Column[int]]] = {
    kind: (table.c.id, owner.c.code, table.c[column])
    for kind, table, column, owner in (
        ("nomination", NOMINATION, "dossier_id", DOSSIER),
        ("opinion", OPINION, "dossier_id", DOSSIER),
        ("objection", OBJECTION, "dossier_id", DOSSIER),
        ("paper", PAPER, "dossier_id", DOSSIER),
        ("recovery", Recovery.__table__, "dossier_id", DOSSIER),
        ("duty", DUTY, "person_id", PERSON),
        ("employment", EMPLOYMENT, "person_id", PERSON),
        ("delegation", DELEGATION, "to_person_id", PERSON),
        ("placement", PLACEMENT, "unit_id", UNIT),
        ("exemplar", EXEMPLAR, "unit_id", UNIT),
        ("council", COUNCIL, "unit_id", UNIT),
    )
}
# What is called by its number alone: of whom it is, not everybody may know (docs/careers.md).
_BY_NUMBER = ("letter", "award", "grade", "discipline", "matter", "service", "complete_year")
# `duties` is the chain of a person's duties.
_CODED = {
    "dossier": DOSSIER,
    "initiative": INITIATIVE,
    "movement": MOVEMENT,
    "unit": UNIT,
    "person": PERSON,
    "duties": PERSON,
}
#: rows that are asked for in one statement
_BATCH = 500


def found_named(connection: Connection, found: Iterable[str], lang: str) -> list[str]:
    """Each of ``found`` (``dossier:12``, ``nomination:7`` …) as people call it; what has no name stays as it is."""
    rows = list(found)
    names = subjects_named(connection, rows, lang)
    return [names[row] for row in rows]


def subjects_named(connection: Connection, found: Collection[str], lang: str) -> dict[str, str]:
    """The name of each of ``found``: a statement for each kind of row, however many there are."""
    names = {row: _plainly(row, lang) for row in found}
    numbers: dict[str, set[int]] = {}
    for row in found:
        kind, _, number = row.partition(":")
        if number.isdigit() and (kind in _CODED or kind in _BELONGS_TO):
            numbers.setdefault(kind, set()).add(int(number))
    for kind, wanted in numbers.items():
        for number, code in _codes(connection, kind, sorted(wanted)):
            told = say(f"rows.{kind}", {"number": str(number), "of": code}, lang)
            names[f"{kind}:{number}"] = code if kind in _CODED else told
    return names | _years_named(connection, found) | _careers_named(connection, found, lang)


def _careers_named(connection: Connection, found: Collection[str], lang: str) -> dict[str, str]:
    """Of chains of histories: the code of whose it is; of imports, their number."""
    names = {
        row: say("rows.career_import", {"number": row.partition(":")[2]}, lang)
        for row in found
        if row.startswith("career-import:")
    }
    holders = {row: row.partition(":")[2] for row in found if row.startswith("career:")}
    for sign, kind in (("p", "person"), ("u", "unit")):
        mine = {row: int(of[1:]) for row, of in holders.items() if of[:1] == sign and of[1:].isdigit()}
        codes = dict(_codes(connection, kind, sorted(set(mine.values()))))
        names |= {row: say("rows.career", {"of": codes[n]}, lang) for row, n in mine.items() if n in codes}
    return names


def _years_named(connection: Connection, found: Collection[str]) -> dict[str, str]:
    """Of chains of a bloc's year: the bloc's code and the year."""
    years = {row: row.split(":") for row in found if row.startswith("bloc_year:")}
    wanted = {
        row: (int(part[1]), part[2]) for row, part in years.items() if len(part) == 3 and part[1].isdigit()
    }
    codes = dict(_codes(connection, "unit", sorted({unit for unit, _ in wanted.values()})))
    return {row: f"{codes[unit]} {year}" for row, (unit, year) in wanted.items() if unit in codes}


def _codes(connection: Connection, kind: str, numbers: list[int]) -> Iterable[tuple[int, str]]:
    """(number of a row, code of what it is or belongs to)."""
    for start in range(0, len(numbers), _BATCH):
        some = numbers[start : start + _BATCH]
        query: Any
        if kind in _CODED:
            table = _CODED[kind]
            query = select(table.c.id, table.c.code).where(table.c.id.in_(some))
        else:
            own, code, owner = _BELONGS_TO[kind]
            query = select(own, code).where(own.in_(some), code.table.c.id == owner)
        yield from ((row[0], row[1]) for row in connection.execute(query))


def _plainly(row: str, lang: str) -> str:
    """What is said without asking the database."""
    kind, _, number = row.partition(":")
    if row == "home:clock":
        return say("rows.clock", None, lang)
    if row == "home:administrators":
        return say("rows.administrators", None, lang)
    if number.isdigit() and (kind in _BY_NUMBER or kind in _BELONGS_TO):
        return say(f"rows.{kind}", {"number": number, "of": None}, lang)
    return row
