"""Writing the initiatives of a file: each once, with its authors, its recognitions and what it was used for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from casework.call import Call
from casework.career.initiatives_known import initiatives_known
from casework.career.seen import SeenRow
from casework.career.tables import EARLIER_USE
from casework.career.written import Noted, inserted
from casework.decided import AWARD
from casework.initiatives import authors_told, code_of, next_number, searched, text_digest
from casework.load import AUTHOR, INITIATIVE
from casework.people import UNIT
from casework.views.staff import like
from kit.canonical import canonical_json, sha256_hex
from rules.reasons import Reason, refuse_if
from rules.record import MERIT

#: unit, school year, name as names are compared
_Key = tuple[int, str, str]


def write_initiatives(
    connection: Connection,
    rows: Iterable[SeenRow],
    decisions: Mapping[tuple[int, str, int], int],
    call: Call,
    noted: Noted,
) -> dict[str, Any]:
    """Write the initiatives of some rows, and note what was written; gives what the chain says of those that are new.

    Raises:
        Refused: somebody has listed or taken over one of them in the meantime.
    """
    of: dict[_Key, list[SeenRow]] = {}
    for row in rows:
        v = row.values
        of.setdefault((v["unit_id"], v["school_year"], like(v["name"])), []).append(row)
    units = _held(connection, {unit for unit, _, _ in of})
    known = initiatives_known(connection, units, {year for _, year, _ in of})
    for key, some in of.items():
        there = known[key].id if key in known else None
        if there != some[0].values["initiative_id"]:
            refuse_if([Reason("career_changed_meanwhile")])
    new = {key: some for key, some in of.items() if key not in known}
    listed = _listed(connection, new, units, call)
    ids = dict(zip(new, inserted(connection, INITIATIVE, listed), strict=True))
    noted += [{"kind": "initiative", "row_id": ids[key], "line": some[0].line} for key, some in new.items()]
    authors = {ids[key]: _authors(ids[key], some) for key, some in new.items()}
    if authors:
        connection.execute(insert(AUTHOR), [one for some in authors.values() for one in some])
    ids |= {key: known[key].id for key in of if key in known}
    _recognise(connection, of, ids, decisions, noted)
    uses = {key: known[key].uses if key in known else frozenset() for key in of}
    _use(connection, of, ids, uses, noted)
    told = [{**row, "id": ids[key]} for key, row in zip(new, listed, strict=True)]
    return {"count": len(new), "digest": initiatives_digest(told, authors)}


def initiatives_digest(
    rows: Iterable[Mapping[str, Any]], authors: Mapping[int, Sequence[Mapping[str, Any]]]
) -> str:
    """What the chain of an import holds of its initiatives: one hash over all of them, their texts and authors.

    ``authors`` are those of each by its id, the largest share first.
    """
    told = [
        [
            row["id"],
            row["code"],
            text_digest(row["name"], row["field"]),
            row["applied_on"],
            authors_told(authors.get(row["id"], ())),
        ]
        for row in rows
    ]
    return sha256_hex(canonical_json(sorted(told, key=lambda one: one[0])))


def _held(connection: Connection, units: set[int]) -> dict[int, str]:
    """The codes of some units. Of two who list for one at once, the slower waits here and then sees what is there."""
    query = select(UNIT.c.id, UNIT.c.code).where(UNIT.c.id.in_(sorted(units))).order_by(UNIT.c.id)
    return {row.id: row.code for row in connection.execute(query.with_for_update(key_share=True))}


def _listed(
    connection: Connection,
    new: Mapping[_Key, Sequence[SeenRow]],
    units: Mapping[int, str],
    call: Call,
) -> list[dict[str, Any]]:
    numbers: dict[tuple[int, str], int] = {}
    found = []
    for (unit, year, _), some in new.items():
        number = numbers.get((unit, year)) or next_number(connection, unit, year)
        numbers[unit, year] = number + 1
        code, name = code_of(units[unit], year, number), some[0].values["name"]
        found.append(
            {
                "code": code,
                "unit_id": unit,
                "school_year": year,
                "name": name,
                "field": "",
                "applied_on": some[0].values["applied_on"],
                "listed_at": call.now,
                "searched": searched(code, name),
            }
        )
    return found


def _authors(initiative: int, rows: Iterable[SeenRow]) -> list[dict[str, Any]]:
    """The authors as rows, the largest share first; at another scope they are the same."""
    shares = {row.person.id: row.values["share"] for row in rows if row.person is not None}
    found = [{"initiative_id": initiative, "person_id": one, "share": share} for one, share in shares.items()]
    return sorted(found, key=lambda row: (-row["share"], row["person_id"]))


def _recognise(
    connection: Connection,
    of: Mapping[_Key, Sequence[SeenRow]],
    ids: Mapping[_Key, int],
    decisions: Mapping[tuple[int, str, int], int],
    noted: Noted,
) -> None:
    """One award for each scope of each initiative, held by the unit that listed it."""
    first: dict[tuple[int, str], tuple[SeenRow, dict[str, Any]]] = {}
    for key, some in of.items():
        for row in some:
            if row.decision is None or (ids[key], row.values["title"]) in first:
                continue
            body, number, day, _ = row.decision
            held = {
                "unit_id": key[0],
                "initiative_id": ids[key],
                "title": row.values["title"],
                "school_year": key[1],
                "award_type": MERIT,
                "decision_id": decisions[body, number, day.year],
                "standing": "held",
                "valid_until": row.values["valid_until"],
            }
            first[ids[key], row.values["title"]] = row, held
    made = inserted(connection, AWARD, [held for _, held in first.values()])
    lines = (row.line for row, _ in first.values())
    noted += [{"kind": "award", "row_id": n, "line": line} for n, line in zip(made, lines, strict=True)]


def _use(
    connection: Connection,
    of: Mapping[_Key, Sequence[SeenRow]],
    ids: Mapping[_Key, int],
    uses: Mapping[_Key, frozenset[tuple[int, str, str]]],
    noted: Noted,
) -> None:
    """What authors used an initiative for already, each use once, whatever the scope under which a row says it."""
    first: dict[tuple[int, int, str, str], int] = {}
    for key, some in of.items():
        for row in some:
            v = row.values
            if row.person is None or v["used_title"] is None:
                continue
            if (row.person.id, v["used_title"], v["used_year"]) not in uses[key]:
                first.setdefault((ids[key], row.person.id, v["used_title"], v["used_year"]), row.line)
    names = ("initiative_id", "person_id", "title", "school_year")
    made = inserted(connection, EARLIER_USE, [dict(zip(names, use, strict=True)) for use in first])
    noted += [
        {"kind": "earlier_use", "row_id": n, "line": line}
        for n, line in zip(made, first.values(), strict=True)
    ]
