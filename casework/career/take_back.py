"""Taking back what an import wrote, exactly that, as long as nothing was built on it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, delete, select, update

from casework.access import not_holding
from casework.act import Done
from casework.call import Call
from casework.career.built_on_initiatives import author_keys, built_on_initiatives, initiatives_in
from casework.career.import_file import import_subject
from casework.career.in_turn import act_in_turn
from casework.career.keys import (
    complete_keys,
    discipline_key,
    grade_key,
    holder_of,
    member_keys,
    service_key,
    title_keys,
)
from casework.career.reach import KEEPERS, units_kept
from casework.career.tables import (
    IMPORT,
    IMPORTED,
    WRITTEN_BY_IMPORT,
)
from casework.decided import AWARD, RECOVERY
from casework.history import ENTRY, make_note, write_notes
from casework.law.keeping import BASIS, VERDICT
from casework.law.reopen import facts_changed
from casework.load import AUTHOR, DOSSIER, NOMINATION
from kit.database import Database
from models.verdict import AGAIN
from rules.reasons import Reason, Refused, refuse_if
from rules.school_years import name_of, year_of

#: acts that go on with a row: event → the row's kind and its name in the entry
_GOES_ON = {"mark_served": ("discipline", "discipline"), "end_service": ("service", "service")}
_BATCH = 500


def take_back_import(database: Database, number: int, reason: str, call: Call, **options: Any) -> Done:
    """Remove what an import wrote. The import itself stays, with why it was taken back.

    Raises:
        Refused: there is no such import, it was taken back, somebody else keeps what it is about, or something was
            built on it: a verdict, a recovery, a correction, a title of another file under the same decision. Every
            reason at once.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = connection.execute(select(IMPORT).where(IMPORT.c.id == number)).mappings().first()
        if row is None:
            raise Refused([Reason("career_import_unknown", {"number": number})])
        reasons = _may(connection, row, call)
        if row["taken_back_at"] is not None:
            reasons.append(Reason("career_taken_back", {"number": number}))
        if not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        written = _written(connection, number)
        keys = _keys(connection, written)
        reasons += _built_on(connection, row, written, keys)
        refuse_if(reasons)
        _delete(connection, AUTHOR, [one["id"] for one in written.get("initiative", ())], "initiative_id")
        for kind, table in WRITTEN_BY_IMPORT.items():
            _delete(connection, table, [one["id"] for one in written.get(kind, ())])
        # Numbers of rows may be given again: what was written is told by the chain, not by them.
        connection.execute(delete(IMPORTED).where(IMPORTED.c.import_id == number))
        note, told = make_note(reason.strip())
        write_notes(connection, [note])
        connection.execute(
            update(IMPORT)
            .where(IMPORT.c.id == number)
            .values(taken_back_by_id=call.actor_id, taken_back_at=call.now, note_id=note["id"])
        )
        facts_changed(connection, keys, call)
        removed = {kind: len(rows) for kind, rows in written.items()}
        return import_subject(number), {"removed": removed, "reason": told}

    asked = {"import": number, "reason": reason}
    return act_in_turn(database, "take_back_career", call, work, asked=asked, **options)


def _may(connection: Connection, row: Mapping[str, Any], call: Call) -> list[Reason]:
    """Who imported it may, and every keeper of whom it is about would have to be found: so who keeps anything of the
    importer's office may too."""
    kept = units_kept(connection, call.actor_id or 0, KEEPERS, call.day)
    if not kept:
        return [not_holding(KEEPERS, 0)]
    if row["imported_by_id"] == call.actor_id:
        return []
    theirs = units_kept(connection, row["imported_by_id"], KEEPERS, call.day)
    return [] if theirs <= kept else [not_holding(KEEPERS, 0)]


def _written(connection: Connection, number: int) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for kind, table in WRITTEN_BY_IMPORT.items():
        ids = select(IMPORTED.c.row_id).where(IMPORTED.c.import_id == number, IMPORTED.c.kind == kind)
        query = select(table).where(table.c.id.in_(ids))
        # Who names an initiative in a dossier at this moment waits for what is removed here, or is waited for.
        rows = connection.execute(query.with_for_update() if kind == "initiative" else query).mappings()
        listed = [dict(row) for row in rows]
        if listed:
            found[kind] = listed
    return found


def _keys(connection: Connection, written: Mapping[str, Collection[Mapping[str, Any]]]) -> set[str]:
    # Of an initiative its authors are asked: the unit holds its recognition for them.
    keys = author_keys(connection, initiatives_in(written))
    people: set[tuple[int, str]] = set()
    for kind, rows in written.items():
        for row in rows:
            if kind in ("decision", "initiative", "earlier_use") or row.get("initiative_id") is not None:
                continue
            person, year = row["person_id"], row.get("school_year")
            holder = holder_of(person, row.get("unit_id"))
            if kind == "award":
                keys |= title_keys(holder, row["school_year"], row["title"])
            elif kind == "grade":
                keys.add(grade_key(holder, row["school_year"]))
            elif kind == "discipline":
                keys.add(discipline_key(holder))
                year = name_of(year_of(row["decided_on"]))
            elif kind == "service":
                keys.add(service_key(holder))
            else:
                keys |= complete_keys(holder, row["what"], row["school_year"])
            if person is not None and year:
                people.add((person, year))
    return keys | member_keys(connection, people)


def _built_on(
    connection: Connection,
    row: Mapping[str, Any],
    written: Mapping[str, Collection[Mapping[str, Any]]],
    keys: Collection[str],
) -> list[Reason]:
    reasons = [
        *_verdicts(connection, row, keys),
        *_titles(connection, row, written),
        *built_on_initiatives(connection, written),
    ]
    replaced = sum(one["replaced_at"] is not None for one in written.get("grade", ()))
    if replaced:
        reasons.append(Reason("built_on_by_grades", {"count": replaced}))
    annulled = sum(one["annulled_at"] is not None for one in written.get("discipline", ()))
    went_on = annulled + _went_on(connection, row, written)
    if went_on:
        reasons.append(Reason("built_on_by_acts", {"count": went_on}))
    return reasons


def _verdicts(connection: Connection, row: Mapping[str, Any], keys: Collection[str]) -> list[Reason]:
    """The dossiers of which an act has kept a verdict since, where it stands on what was imported.

    What was judged before and only taken again is no hindrance: it is taken again once more.
    """
    found: dict[str, None] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), _BATCH):
        query = (
            select(DOSSIER.c.code)
            .join(NOMINATION, NOMINATION.c.dossier_id == DOSSIER.c.id)
            .join(VERDICT, VERDICT.c.nomination_id == NOMINATION.c.id)
            .join(BASIS, BASIS.c.nomination_id == NOMINATION.c.id)
            .where(
                BASIS.c.key.in_(wanted[start : start + _BATCH]),
                VERDICT.c.taken_at != AGAIN,
                VERDICT.c.recorded_at >= row["imported_at"],
            )
            .distinct()
            .order_by(DOSSIER.c.code)
        )
        found |= dict.fromkeys(connection.execute(query).scalars())
    return [Reason("built_on_by_verdict", {"dossier": code}) for code in found]


def _titles(
    connection: Connection, row: Mapping[str, Any], written: Mapping[str, Collection[Mapping[str, Any]]]
) -> Iterable[Reason]:
    fallen = sum(one["standing"] != "held" for one in written.get("award", ()))
    if fallen:
        yield Reason("built_on_by_revocation", {"count": fallen})
    own = {one["id"] for one in written.get("award", ())}
    for decision in written.get("decision", ()):
        number = decision["id"]
        awards = select(AWARD.c.id).where(AWARD.c.decision_id == number)
        others = [one for one in connection.execute(awards).scalars() if one not in own]
        params = {"number": decision["number"]}
        if others:
            yield Reason("built_on_by_titles", {**params, "count": len(others)})
        dossiers = select(DOSSIER.c.code).where(
            (DOSSIER.c.decision_id == number) | (DOSSIER.c.revocation_id == number)
        )
        for code in connection.execute(dossiers.order_by(DOSSIER.c.code)).scalars():
            yield Reason("built_on_by_dossier", {**params, "dossier": code})
        if connection.execute(select(RECOVERY.c.id).where(RECOVERY.c.decision_id == number)).first():
            yield Reason("built_on_by_recovery", params)


def _went_on(
    connection: Connection, row: Mapping[str, Any], written: Mapping[str, Collection[Mapping[str, Any]]]
) -> int:
    """How many rows a later act has changed."""
    query = select(ENTRY.c.event, ENTRY.c.payload).where(
        ENTRY.c.event.in_(sorted(_GOES_ON)), ENTRY.c.at >= row["imported_at"]
    )
    count = 0
    for entry in connection.execute(query):
        kind, name = _GOES_ON[entry.event]
        ids = {one["id"] for one in written.get(kind, ())}
        count += json.loads(entry.payload).get(name) in ids
    return count


def _delete(connection: Connection, table: Table, ids: list[int], column: str = "id") -> None:
    for start in range(0, len(ids), _BATCH):
        connection.execute(delete(table).where(table.c[column].in_(ids[start : start + _BATCH])))
