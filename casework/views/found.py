"""Rows and subjects by the names under which people know them: a dossier's code instead of the number of its row."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, Connection, select

from casework.access import DELEGATION, DUTY, EMPLOYMENT
from casework.load import DOSSIER, NOMINATION, OBJECTION, OPINION, PAPER
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
    )
}
# `duties` is the chain of a person's duties.
_CODED = {"dossier": DOSSIER, "unit": UNIT, "person": PERSON, "duties": PERSON}


def found_named(connection: Connection, found: Iterable[str], lang: str) -> list[str]:
    """Each of ``found`` (``dossier:12``, ``nomination:7`` …) as people call it; what has no name stays as it is."""
    return [_named(connection, row, lang) for row in found]


def _named(connection: Connection, row: str, lang: str) -> str:
    kind, _, number = row.partition(":")
    if row == "home:clock":
        return say("rows.clock", None, lang)
    if not number.isdigit():
        return row
    if kind in _CODED:
        table = _CODED[kind]
        return connection.execute(select(table.c.code).where(table.c.id == int(number))).scalar() or row
    if kind == "letter":
        return say("rows.letter", {"number": number}, lang)
    if kind not in _BELONGS_TO:
        return row
    own, code, owner = _BELONGS_TO[kind]
    query = select(code).where(own == int(number), code.table.c.id == owner)
    return say(f"rows.{kind}", {"number": number, "of": connection.execute(query).scalar()}, lang)
