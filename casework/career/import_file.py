"""Taking over a file of earlier years: looked at, confirmed, written as one act that can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from casework.access import EMPLOYMENT
from casework.act import Done
from casework.call import Call
from casework.career.columns import FileRow, read_file
from casework.career.in_turn import act_in_turn
from casework.career.keys import (
    complete_keys,
    discipline_key,
    grade_key,
    holder_of,
    initiatives_key,
    member_keys,
    service_key,
    title_keys,
)
from casework.career.look import look
from casework.career.reach import against_keeping, reach_of
from casework.career.seen import TAKEN, Choices, SeenFile, SeenRow
from casework.career.tables import COMPLETE, DISCIPLINE, GRADE, IMPORT, IMPORTED, SERVICE
from casework.career.write_initiatives import write_initiatives
from casework.career.written import Noted, inserted, write_decisions
from casework.decided import AWARD
from casework.law.reopen import facts_changed
from casework.routing import unit_by_code
from kit.canonical import sha256_hex
from kit.database import Database
from rules.reasons import Reason, refuse_if
from rules.record import COMPLETE_IN, complete_from
from rules.school_years import first_day, last_day, name_of, year_named, year_of

_LONGEST_NAME = 200
#: kinds whose rows stand on decisions of their own
_DECIDED = ("titles", "initiatives")
_TABLES: Mapping[str, tuple[str, Table]] = {
    "titles": ("award", AWARD),
    "grades": ("grade", GRADE),
    "disciplines": ("discipline", DISCIPLINE),
    "service": ("service", SERVICE),
}


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with a file: its kind and bytes, what a person chose, and of which school's years nothing is missing.

    ``complete`` are school years by their numbers; ``unit`` is the code of the unit whose file it is."""

    kind: str
    file_name: str
    body: bytes
    choices: Choices = field(default_factory=Choices)
    unit: str = ""
    complete: tuple[int, ...] = ()


def import_subject(number: int) -> str:
    """The name of the chain of an import."""
    return f"career-import:{number}"


def look_at_file(connection: Connection, given: Given, call: Call) -> SeenFile:
    """What each row of a file means, and why it would be refused; nothing is written.

    Raises:
        Refused: there is no such unit.
    """
    return _looked(connection, given, call)[0]


def _looked(connection: Connection, given: Given, call: Call) -> tuple[SeenFile, dict[str, Any] | None]:
    unit = dict(unit_by_code(connection, given.unit)) if given.unit else None
    units = [int(unit["id"])] if unit else []
    reach = reach_of(connection, call.actor_id or 0, call.day, units)
    reasons = against_keeping(connection, call, reach)
    rows: list[FileRow] = []
    if not reasons:
        # Whoever keeps nothing learns nothing of a file either: names would be tried out.
        reasons += _complete_reasons(given, unit, call)
        rows, found = read_file(given.kind, given.body)
        reasons += found
    seen = (
        look(connection, given.kind, rows, reach, call.day, choices=given.choices, actor=call.actor_id)
        if rows
        else SeenFile(given.kind, ())
    )
    whole = SeenFile(given.kind, seen.rows, (*reasons, *seen.reasons))
    return whole, unit


def _complete_reasons(given: Given, unit: Mapping[str, Any] | None, call: Call) -> list[Reason]:
    if not given.complete:
        return []
    reasons = []
    if given.kind not in COMPLETE_IN:
        reasons.append(Reason("complete_not_of_kind", {"kind": given.kind}))
    if unit is None:
        reasons.append(Reason("complete_without_unit"))
    return reasons + against_running(given.kind, given.complete, call.day)


def against_running(what: str, years: Iterable[int], day: date) -> list[Reason]:
    """The reason against calling years complete that may still bring something.

    Disciplines of a year are known when its teaching has ended: one that comes later opens verdicts again anyhow.
    """
    ahead = [year for year in years if day < complete_from(what, year)]
    told = {"years": [name_of(year) for year in ahead]}
    if not ahead:
        return []
    if what == "disciplines":
        return [Reason("complete_teaching_runs", told)]
    return [Reason("complete_year_runs", told)]


def import_file(
    database: Database,
    given: Given,
    call: Call,
    *,
    mark: str | None = None,
    dry_run: bool = False,
) -> Done:
    """Write a file that was looked at. ``mark`` is that of what was looked at: another meaning is refused.

    Raises:
        Refused: somebody has still to choose, or rows are refused and were not left out; every reason at once.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen, unit = _looked(connection, given, call)
        reasons = list(seen.reasons)
        for row in seen.rows:
            reasons += row.reasons
        waiting = [row.line for row in seen.of("doubtful")]
        if waiting:
            reasons.append(Reason("career_doubtful", {"count": len(waiting), "lines": waiting[:20]}))
        if not reasons and mark is not None and mark != seen.mark:
            reasons.append(Reason("career_changed_meanwhile"))
        taken = seen.of(TAKEN)
        if not reasons and not taken and not given.complete:
            reasons.append(Reason("career_nothing_to_write"))
        refuse_if(reasons)
        return _write(connection, given, seen, unit, call)

    asked = {
        "kind": given.kind,
        "sha256": sha256_hex(given.body),
        "unit": given.unit,
        "complete": list(given.complete),
        "people": {str(line): code for line, code in given.choices.people.items()},
        "left_out": given.choices.left_out,
    }
    return act_in_turn(database, "import_career", call, work, asked=asked, dry_run=dry_run)


def _write(
    connection: Connection, given: Given, seen: SeenFile, unit: Mapping[str, Any] | None, call: Call
) -> tuple[str, dict[str, Any]]:
    taken = seen.of(TAKEN)
    sha256 = sha256_hex(given.body)
    head = {
        "kind": given.kind,
        "file_name": given.file_name[:_LONGEST_NAME],
        "sha256": sha256,
        "rows": len(seen.rows),
        "written": len(taken),
        "imported_by_id": call.actor_id,
        "imported_at": call.now,
    }
    number = int(connection.execute(insert(IMPORT), head).inserted_primary_key[0])
    noted: Noted = []
    decisions: dict[tuple[int, str, int], int] = {}
    if given.kind in _DECIDED:
        decisions = write_decisions(connection, taken, call, noted)
    more: dict[str, Any] = {}
    if given.kind == "initiatives":
        more["initiatives"] = write_initiatives(connection, taken, decisions, call, noted)
    else:
        kind, table = _TABLES[given.kind]
        values = [_row(given.kind, row, decisions, call) for row in taken]
        for made, row in zip(inserted(connection, table, values), taken, strict=True):
            noted.append({"kind": kind, "row_id": made, "line": row.line})
    keys = changed_keys(connection, given.kind, taken)
    stated = []
    if given.complete and unit is not None:
        stated = complete_rows(connection, int(unit["id"]), given.kind, given.complete, call)
        made_rows = inserted(connection, COMPLETE, stated)
        noted += [{"kind": "complete_year", "row_id": made, "line": 0} for made in made_rows]
        for one in stated:
            holder = holder_of(one["person_id"], one["unit_id"])
            keys |= complete_keys(holder, one["what"], one["school_year"])
            if one["unit_id"] is not None:
                year = year_named(one["school_year"])
                keys.add(f"members:u{one['unit_id']}:{year}")
    if noted:
        connection.execute(insert(IMPORTED), [{**one, "import_id": number} for one in noted])
    facts_changed(connection, keys, call)
    told = {
        "kind": given.kind,
        "sha256": sha256,
        "rows": len(seen.rows),
        "written": len(taken),
        "counts": seen.counts,
        "decisions": sum(one["kind"] == "decision" for one in noted),
        "complete": [name_of(year) for year in given.complete],
        "stated": len(stated),
        **more,
    }
    if unit is not None:
        told["unit"] = int(unit["id"])
    return import_subject(number), told


def _row(
    kind: str, row: SeenRow, decisions: Mapping[tuple[int, str, int], int], call: Call
) -> dict[str, Any]:
    person, unit = row.holder
    if kind == "titles" and row.decision is not None:
        body, number, day, _ = row.decision
        decided = decisions[body, number, day.year]
        return {
            **row.values,
            "person_id": person,
            "unit_id": unit,
            "decision_id": decided,
            "standing": "held",
        }
    recorded = {"recorded_by_id": call.actor_id, "recorded_at": call.now}
    if kind == "grades":
        return {**row.values, "person_id": person, "unit_id": unit, **recorded}
    return {**row.values, "person_id": person, **recorded}


def changed_keys(connection: Connection, kind: str, rows: Iterable[SeenRow]) -> set[str]:
    """The facts that rows of a kind are about."""
    keys: set[str] = set()
    people: set[tuple[int, str]] = set()
    for row in rows:
        person, unit = row.holder
        holder = holder_of(person, unit)
        year = row.values.get("school_year")
        if kind == "titles":
            keys |= title_keys(holder, str(year), row.values["title"])
        elif kind == "grades":
            keys.add(grade_key(holder, str(year)))
        elif kind == "disciplines":
            keys.add(discipline_key(holder))
            year = name_of(year_of(row.values["decided_on"]))
        elif kind == "initiatives":
            # Of members, nothing asks for initiatives.
            keys.add(initiatives_key(holder))
            year = None
        else:
            keys.add(service_key(holder))
        if person is not None and year is not None:
            people.add((person, str(year)))
    return keys | member_keys(connection, people)


def complete_rows(
    connection: Connection, unit: int, what: str, years: Collection[int], call: Call, *, known: bool = True
) -> list[dict[str, Any]]:
    """The statements that nothing of a kind is missing of a unit's years: of the unit, and of everybody whom it
    employed in that year. Those that are ``known`` already are left out."""
    found = []
    for year in sorted(set(years)):
        name = name_of(year)
        there = select(COMPLETE.c.person_id, COMPLETE.c.unit_id).where(
            COMPLETE.c.what == what, COMPLETE.c.school_year == name
        )
        stated = {tuple(row) for row in connection.execute(there)} if known else set()
        query = select(EMPLOYMENT.c.person_id).where(
            EMPLOYMENT.c.unit_id == unit,
            EMPLOYMENT.c.since <= last_day(year),
            EMPLOYMENT.c.until.is_(None) | (EMPLOYMENT.c.until >= first_day(year)),
        )
        people = sorted(set(connection.execute(query).scalars()))
        # A unit has no disciplines of its own.
        own: list[tuple[int | None, int | None]] = [] if what == "disciplines" else [(None, unit)]
        for person, of_unit in [*own, *((person, None) for person in people)]:
            if (person, of_unit) not in stated:
                found.append(_stated(what, name, call, person=person, unit=of_unit))
    return found


def _stated(
    what: str, school_year: str, call: Call, *, person: int | None = None, unit: int | None = None
) -> dict[str, Any]:
    return {
        "person_id": person,
        "unit_id": unit,
        "what": what,
        "school_year": school_year,
        "stated_by_id": call.actor_id,
        "stated_at": call.now,
    }
