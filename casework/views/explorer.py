"""The whole history, looked through by an administrator: by subject, by person, by event, by day; entries in words.

Every list is bounded. Where neither a subject nor a day narrows it down, only the newest entries are looked through,
so that a question costs the same in a large home; who asks is told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select

from casework.career.import_file import import_subject
from casework.career.taken_over import taken_over
from casework.duties import duties_subject
from casework.exemplars.stages import subject_of as exemplar_subject
from casework.history import ENTRY, NOTE
from casework.initiatives import initiative_subject
from casework.letters.acts import letter_subject
from casework.load import DOSSIER, INITIATIVE
from casework.movements.calendar_of import MOVEMENT
from casework.movements.rows import subject_of as movement_subject
from casework.people import PERSON, UNIT, names_of, unit_names
from casework.record_step import subject_of
from casework.regulations import REGULATION
from casework.views.naming import milestones_named, people_named
from notifications.words import say_value
from rules.windows import day_start

#: entries that are looked through where neither subject nor day is named
AMONG = 20_000
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. ``kind`` and ``name`` say of which subject, as people name it; of kind `person` what that
    person did is looked for, whatever about.
    """

    kind: str = ""
    name: str = ""
    event: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries, the newest first. ``known`` is False where there is no subject of that name; ``among`` tells
    that only so many of the newest were looked through.
    """

    entries: tuple[dict[str, Any], ...]
    more: bool = False
    known: bool = True
    among: int | None = None


def explore(connection: Connection, wanted: Wanted, lang: str, *, page: int = 1, rows: int = 50) -> Found:
    """A page of the entries that are wanted; as many statements however many entries."""
    subject = person = None
    if wanted.name and wanted.kind in KINDS:
        found = KINDS[wanted.kind](connection, wanted.name)
        if found is None:
            return Found((), known=False)
        subject, person = (None, int(found)) if wanted.kind == "person" else (found, None)
    narrow = subject is not None or wanted.day is not None
    bounded = not narrow and (wanted.event != "" or person is not None)
    entry: Any = ENTRY
    if bounded:
        entry = select(ENTRY).order_by(ENTRY.c.at.desc()).limit(AMONG).subquery()
    query = select(entry)
    if subject is not None:
        query = query.where(entry.c.subject == subject)
    if person is not None:
        query = query.where(or_(entry.c.actor_id == person, entry.c.on_behalf_of_id == person))
    if wanted.event:
        query = query.where(entry.c.event == wanted.event)
    if wanted.day is not None:
        query = query.where(
            entry.c.at >= day_start(wanted.day), entry.c.at < day_start(wanted.day + _ONE_DAY)
        )
    order = (
        [entry.c.seq.desc()]
        if subject is not None
        else [entry.c.at.desc(), entry.c.subject, entry.c.seq.desc()]
    )
    read = (
        connection.execute(query.order_by(*order).offset((page - 1) * rows).limit(rows + 1)).mappings().all()
    )
    told = [{**row, "payload": json.loads(row["payload"])} for row in read[:rows]]
    return Found(_in_words(connection, told, lang), len(read) > rows, among=AMONG if bounded else None)


# --- Subjects, as people name them ---


def _coded(table: Any, subject: Callable[[int], str]) -> Callable[[Connection, str], str | None]:
    def find(connection: Connection, name: str) -> str | None:
        number = connection.execute(select(table.c.id).where(table.c.code == name)).scalar()
        return subject(int(number)) if number is not None else None

    return find


def _regulation(connection: Connection, name: str) -> str | None:
    kind, _, rest = name.rpartition(":")
    query = select(REGULATION.c.kind).where(REGULATION.c.name == rest)
    if kind:
        query = query.where(REGULATION.c.kind == kind)
    found = connection.execute(query.order_by(REGULATION.c.kind).limit(1)).scalar()
    return f"regulation:{found}:{rest}" if found is not None else None


def _bloc_year(connection: Connection, name: str) -> str | None:
    code, _, year = name.strip().rpartition(" ")
    number = connection.execute(select(UNIT.c.id).where(UNIT.c.code == code.strip())).scalar()
    return f"bloc_year:{number}:{year}" if number is not None else None


def _initiative(connection: Connection, name: str) -> str | None:
    number = connection.execute(select(INITIATIVE.c.id).where(INITIATIVE.c.code == name)).scalar()
    if number is None:
        return None
    # What was taken over stands in the chain of its file.
    came = taken_over(connection, [number]).get(number)
    return import_subject(came.number) if came else initiative_subject(number)


def _numbered(subject: Callable[[int], str]) -> Callable[[Connection, str], str | None]:
    def find(_connection: Connection, name: str) -> str | None:
        return subject(int(name)) if name.isdecimal() and len(name) < len(str(2**63)) else None

    return find


#: kind of subject → the chain of one, from the name that people know; of a person, her number
KINDS: dict[str, Callable[[Connection, str], str | None]] = {
    "dossier": _coded(DOSSIER, subject_of),
    "unit": _coded(UNIT, lambda number: f"unit:{number}"),
    "person": _coded(PERSON, str),
    "duties": _coded(PERSON, duties_subject),
    "regulation": _regulation,
    "bloc_year": _bloc_year,
    "initiative": _initiative,
    "movement": _coded(MOVEMENT, movement_subject),
    "exemplar": _numbered(exemplar_subject),
    "letter": _numbered(letter_subject),
    "home": lambda _connection, name: f"home:{name}",
}


# --- Entries in words ---


def _in_words(connection: Connection, entries: list[dict[str, Any]], lang: str) -> tuple[dict[str, Any], ...]:
    payloads = [entry["payload"] for entry in entries]
    actors = {entry[name] for entry in entries for name in ("actor_id", "on_behalf_of_id")} - {None}
    received = {payload["to"] for payload in payloads if isinstance(payload.get("to"), int)}
    people = people_named(connection, actors | received)
    units = unit_names(
        connection, {p[n] for p in payloads for n in ("unit", "school") if isinstance(p.get(n), int)}
    )
    milestones = milestones_named(connection, lang) if any("milestone" in p for p in payloads) else {}
    notes = _notes(connection, payloads)
    subjects = _subjects(connection, {entry["subject"] for entry in entries})

    def facts(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
        names = {"milestone": milestones, "unit": units, "school": units, "to": people}
        return [
            (name, say_value(names[name].get(value, value) if name in names else value, how, lang))
            for name, how in _FACTS.items()
            # The state that a dossier reached is said by its kind.
            if (value := payload.get(name)) is not None and not (name == "to" and isinstance(value, str))
        ]

    return tuple(
        {
            "subject": entry["subject"],
            **subjects[entry["subject"]],
            "seq": entry["seq"],
            "at": entry["at"].isoformat(),
            "event": entry["event"],
            "person": people.get(entry["actor_id"]),
            "on_behalf_of": people.get(entry["on_behalf_of_id"]),
            "via": entry["via"],
            "state_kind": entry["payload"].get("kind") if "to" in entry["payload"] else None,
            "facts": facts(entry["payload"]),
            "reason": notes.get(_note_of(entry["payload"])),
            "payload": json.dumps(entry["payload"], ensure_ascii=False, indent=1, sort_keys=True),
            "hash": entry["hash"],
        }
        for entry in entries
    )


#: what is said of an entry beside its event, and how
_FACTS = {
    "milestone": "",
    "unit": "",
    "school": "",
    "to": "",
    "duty": "duties",
    "number": "",
    "decided_on": "day",
    "score": "number",
    "rank": "number",
    "since": "day",
    "until": "day",
    "opens": "day",
    "last_day": "day",
    "done_on": "day",
    "stands_at": "moment",
    "version": "",
}


def _subjects(connection: Connection, subjects: Iterable[str]) -> dict[str, dict[str, str]]:
    """Kind of a subject, the name by which it is asked for, and what it is called."""
    parts = {subject: subject.split(":", 2) for subject in subjects}

    def numbers(*kinds: str) -> set[int]:
        return {int(p[1]) for p in parts.values() if p[0] in kinds and p[1].isdigit()}

    dossiers = _codes(connection, DOSSIER, numbers("dossier"))
    units = _codes(connection, UNIT, numbers("unit", "bloc_year"))
    movements = _codes(connection, MOVEMENT, numbers("movement"))
    unit_called = unit_names(connection, set(units))
    people = _codes(connection, PERSON, numbers("duties", "person"))
    initiatives = _codes(connection, INITIATIVE, numbers("initiative"))
    people_called = names_of(connection, set(people))
    found = {}
    for subject, part in parts.items():
        kind, rest = part[0], subject.partition(":")[2]
        number = int(part[1]) if part[1].isdigit() else 0
        name = called = rest
        if kind == "dossier":
            name = called = dossiers.get(number, rest)
        elif kind == "initiative":
            name = called = initiatives.get(number, rest)
        elif kind == "unit":
            name, called = units.get(number, rest), unit_called.get(number, rest)
        elif kind == "bloc_year":
            name = f"{units.get(number, part[1])} {part[-1]}"
            called = f"{unit_called.get(number, part[1])}, {part[-1]}"
        elif kind == "movement":
            name = called = movements.get(number, rest)
        elif kind in ("duties", "person"):
            name, called = people.get(number, rest), people_called.get(number, rest)
        found[subject] = {"kind": kind, "name": name, "called": called}
    return found


def _codes(connection: Connection, table: Any, numbers: set[int]) -> dict[int, str]:
    if not numbers:
        return {}
    query = select(table.c.id, table.c.code).where(table.c.id.in_(sorted(numbers)))
    return {row.id: row.code for row in connection.execute(query)}


def _note_of(payload: Mapping[str, Any]) -> str | None:
    told = payload.get("reason")
    return told.get("note") if isinstance(told, dict) else None


def _notes(connection: Connection, payloads: Iterable[Mapping[str, Any]]) -> dict[str | None, str]:
    """Texts of the reasons by their ids; one that was erased is left out."""
    ids = sorted({note for payload in payloads if (note := _note_of(payload)) is not None})
    if not ids:
        return {}
    query = select(NOTE.c.id, NOTE.c.text).where(NOTE.c.id.in_(ids), NOTE.c.erased_at.is_(None))
    return {row.id: row.text for row in connection.execute(query)}
