"""A home's recorded facts written out as files, for who looks at them without the program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from kit.database import Database
from models.dossier import Dossier
from models.history import HistoryEntry
from models.letter import Letter
from models.outbox import OutboxItem
from models.person import Delegation, Duty, Person
from models.regulation import Regulation
from models.unit import Placement, Unit
from notifications.postbox import letters_in
from tests.calendar.independent import Item, Lapse, LetterKey, local

UNIT, PLACEMENT, PERSON = Unit.__table__, Placement.__table__, Person.__table__
DUTY, DELEGATION, DOSSIER = Duty.__table__, Delegation.__table__, Dossier.__table__
REGULATION, ENTRY, OUTBOX = Regulation.__table__, HistoryEntry.__table__, OutboxItem.__table__
FOLDERS = {
    "calendar": "calendars",
    "holidays": "holidays",
    "procedure": "procedures",
    "succession": "successions",
}
CALENDAR_KINDS = ("opened", "deadline", "lapse_warning", "overdue", "escalation")


def _rows(connection: Connection, table: Table, **named: str) -> list[dict[str, Any]]:
    """Every row of a table by its key, with the columns under the names given."""
    key = list(table.primary_key.columns)
    rows = connection.execute(select(table).order_by(*key)).mappings()
    return [{name: _plain(row[column]) for name, column in named.items()} for row in rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def write_recorded(database: Database, folder: Path) -> Path:
    """Write a home's published files and facts into a folder; the folder."""
    with database.read() as connection:
        facts = {
            "regulations": _regulations(connection, folder),
            "units": _rows(connection, UNIT, id="id", code="code", kind="kind", since="since", until="until"),
            "placements": _rows(
                connection,
                PLACEMENT,
                unit="unit_id",
                relation="relation",
                under="under_id",
                since="since",
                until="until",
            ),
            "people": {row["id"]: row["code"] for row in _rows(connection, PERSON, id="id", code="code")},
            "duties": _rows(
                connection,
                DUTY,
                id="id",
                person="person_id",
                unit="unit_id",
                duty="duty",
                since="since",
                until="until",
            ),
            "delegations": _rows(
                connection,
                DELEGATION,
                id="id",
                duty="duty_id",
                to="to_person_id",
                since="since",
                until="until",
                ended_at="ended_at",
            ),
            "dossiers": _rows(
                connection,
                DOSSIER,
                id="id",
                code="code",
                unit="unit_id",
                school_year="school_year",
                level="level",
                route="route",
            ),
            "history": [
                row | {"payload": json.loads(row["payload"])}
                for row in _rows(
                    connection,
                    ENTRY,
                    subject="subject",
                    seq="seq",
                    at="at",
                    event="event",
                    payload="payload",
                )
            ],
        }
    (folder / "facts.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    return folder


def _regulations(connection: Connection, folder: Path) -> list[dict[str, Any]]:
    found = []
    query = select(REGULATION).where(REGULATION.c.kind.in_(FOLDERS)).order_by(REGULATION.c.published_at)
    for row in connection.execute(query).mappings():
        file = f"{FOLDERS[row['kind']]}/{row['name']}.{row['version']}.yaml"
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(row["text"], encoding="utf-8")
        named = {name: _plain(row[name]) for name in ("kind", "name", "version", "sha256", "published_at")}
        found.append(named | {"file": file})
    return found


def what_happened(database: Database) -> tuple[list[Item], list[Lapse]]:
    """(items, lapses), both sorted, that the program's ticks brought, in the same words."""
    with database.read() as connection:
        codes = _dossiers(connection)
        lapsed = connection.execute(select(ENTRY.c.at, ENTRY.c.subject).where(ENTRY.c.event == "lapse")).all()
    return sorted(_items_by_key(database).values()), sorted(
        Lapse(local(row.at), codes[row.subject]) for row in lapsed
    )


def _dossiers(connection: Connection) -> dict[str, str]:
    return {f"dossier:{row['id']}": row["code"] for row in _rows(connection, DOSSIER, id="id", code="code")}


def _items_by_key(database: Database) -> dict[str, Item]:
    """The items of the calendar in the outbox, by their keys."""
    with database.read() as connection:
        people = {row["id"]: row["code"] for row in _rows(connection, PERSON, id="id", code="code")}
        units = {row["id"]: row["code"] for row in _rows(connection, UNIT, id="id", code="code")}
        codes = _dossiers(connection)
        queued = [
            row
            for row in connection.execute(select(OUTBOX).where(OUTBOX.c.kind.in_(CALENDAR_KINDS))).mappings()
            # What a movement asks stands in no published file: tests/movements looks at it.
            if not row["facts"]["calendar"].startswith("movement-")
        ]
    return {
        row["key"]: Item(
            local(row["queued_at"]),
            people[row["person_id"]],
            row["kind"],
            codes.get(row["subject"]) or _owed(row["facts"], units),
            date.fromisoformat(row["facts"]["due"]),
            int(row["facts"]["rung"]),
        )
        for row in queued
    }


def _owed(facts: Mapping[str, str], units: Mapping[int, str]) -> str:
    return f"{facts['calendar']}/{facts['milestone']}/{units[int(facts['unit'])]}"


def what_arrived(database: Database, postbox: Path) -> list[tuple[LetterKey, list[Item]]]:
    """The letters of published calendars that lie in a postbox, each with its items; what came twice is there twice."""
    letters = Letter.__table__
    with database.read() as connection:
        people = {row["id"]: row["code"] for row in _rows(connection, PERSON, id="id", code="code")}
        known = {row.message_id: row for row in connection.execute(select(letters)).all()}
        rows = connection.execute(select(OUTBOX.c.key, OUTBOX.c.letter_id)).all()
    of_letter: dict[int | None, list[str]] = {}
    for row in rows:
        of_letter.setdefault(row.letter_id, []).append(row.key)
    items = _items_by_key(database)
    found = []
    for kept in letters_in(postbox):
        letter = known[kept.message_id]
        if letter.kind in CALENDAR_KINDS:
            key = LetterKey(people[letter.person_id], letter.day, letter.kind)
            told = [items[one] for one in of_letter[letter.id] if one in items]
            # A letter of what a movement asks alone is none of a published calendar.
            if told:
                found.append((key, told))
    return found
