"""Finding an exemplar and taking it from stage to stage, over years; ending one that is none any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from casework.access import EMPLOYMENT, in_force
from casework.act import Done, do_act
from casework.attached import Attached, receiving
from casework.call import Call
from casework.effects.numbers import text_reasons
from casework.history import make_note, write_notes
from casework.movements.rows import against_planning, movement_by_code
from casework.people import UNIT, person_by_code
from casework.routing import hold_unit, unit_by_code
from documents.store import PaperStore, Source
from kit.canonical import sha256_hex
from kit.database import Database
from models.exemplar import Exemplar, ExemplarStage
from rules.reasons import Reason, Refused, refuse_if
from states.vocabulary import STAGES

EXEMPLAR, STAGE = Exemplar.__table__, ExemplarStage.__table__


@dataclass(frozen=True, slots=True)
class Finding:
    """Whom a unit has found: ``person`` a staff code or None for the unit itself, in what, in which movement."""

    unit: str
    person: str | None
    field: str
    found_on: date
    text: str = ""
    movement: str | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """The next stage of an exemplar, the local day on which it was reached, and what there is to say of it."""

    stage: str
    reached_on: date
    text: str = ""


def subject_of(exemplar: int) -> str:
    """The name of an exemplar's chain in the history."""
    return f"exemplar:{exemplar}"


def find_exemplar(
    database: Database,
    store: PaperStore | None,
    finding: Finding,
    call: Call,
    *,
    paper: Source | None = None,
    name: str = "",
    dry_run: bool = False,
) -> Done:
    """Record that a unit has found an exemplar among its own; the first stage.

    Raises:
        Refused: with every reason; nothing was written.
        StorageTrouble: the store or the database could not be written.
    """
    with receiving(store, paper, name) as attached:

        def work(connection: Connection) -> tuple[str, dict[str, Any]]:
            return _find(connection, finding, attached, call, dry_run=dry_run)

        asked = {"finding": finding, "paper": attached.sha256}
        return do_act(database, "find_exemplar", call, work, asked=asked, dry_run=dry_run)


def _find(
    connection: Connection, finding: Finding, attached: Attached, call: Call, *, dry_run: bool
) -> tuple[str, dict[str, Any]]:
    unit = unit_by_code(connection, finding.unit)
    unit_id = int(str(unit["id"]))
    # Two at once would both find that nobody is known yet: the unit's row makes one wait.
    hold_unit(connection, unit_id)
    reasons = against_planning(connection, unit, call)
    reasons += text_reasons("field", finding.field, EXEMPLAR.c.field)
    reasons += _against_day(finding.found_on, call)
    person, found = _person(connection, finding, unit_id)
    reasons += found
    movement = None
    if finding.movement is not None:
        try:
            movement = movement_by_code(connection, finding.movement)["id"]
        except Refused as refusal:
            reasons += refusal.reasons
    if not reasons and _known(connection, unit_id, person, finding.field.strip()):
        reasons.append(Reason("exemplar_known", {"unit": unit_id, "person": person}))
    refuse_if([*reasons, *attached.reasons])
    row = {
        "unit_id": unit_id,
        "person_id": person,
        "movement_id": movement,
        "field": finding.field.strip(),
        "stage": STAGES[0],
    }
    exemplar = int(connection.execute(insert(EXEMPLAR), row).inserted_primary_key[0])
    payload = {
        "unit": unit_id,
        "person": person,
        "movement": movement,
        "field": sha256_hex(finding.field.strip()),
    }
    payload |= _reach(
        connection,
        exemplar,
        Reached(STAGES[0], finding.found_on, finding.text),
        attached,
        call,
        dry_run=dry_run,
    )
    return subject_of(exemplar), payload


def _person(connection: Connection, finding: Finding, unit: int) -> tuple[int | None, list[Reason]]:
    if finding.person is None:
        return None, []
    try:
        row = person_by_code(connection, finding.person)
    except Refused as refusal:
        return None, list(refusal.reasons)
    here = select(EMPLOYMENT.c.id).where(
        EMPLOYMENT.c.person_id == row["id"],
        EMPLOYMENT.c.unit_id == unit,
        in_force(EMPLOYMENT, finding.found_on),
    )
    reasons = [Reason("person_erased", {"person": finding.person})] if row["erased_at"] is not None else []
    if connection.execute(here).first() is None:
        reasons.append(Reason("not_employed_here", {"person": finding.person}))
    return int(row["id"]), reasons


def _known(connection: Connection, unit: int, person: int | None, field: str) -> bool:
    query = select(EXEMPLAR.c.id).where(
        EXEMPLAR.c.unit_id == unit,
        EXEMPLAR.c.person_id.is_not_distinct_from(person),
        EXEMPLAR.c.field == field,
        EXEMPLAR.c.ended_at.is_(None),
    )
    return connection.execute(query).first() is not None


def advance_exemplar(
    database: Database,
    store: PaperStore | None,
    exemplar: int,
    reached: Reached,
    call: Call,
    *,
    paper: Source | None = None,
    name: str = "",
    dry_run: bool = False,
) -> Done:
    """Record that an exemplar (by its number) reached its next stage; stages go one at a time.

    Raises:
        Refused: with every reason; nothing was written.
        StorageTrouble: the store or the database could not be written.
    """
    with receiving(store, paper, name) as attached:

        def work(connection: Connection) -> tuple[str, dict[str, Any]]:
            row, reasons = _open(connection, exemplar, call)
            reasons += [*_against_day(reached.reached_on, call), *attached.reasons]
            before = connection.execute(
                select(STAGE.c.reached_on).where(
                    STAGE.c.exemplar_id == exemplar, STAGE.c.stage == row["stage"]
                )
            ).scalar_one()
            place = STAGES.index(row["stage"]) + 1
            if reached.stage not in STAGES or STAGES[place : place + 1] != (reached.stage,):
                last = place == len(STAGES)
                told = {"stage": row["stage"]} if last else {"stage": row["stage"], "next": STAGES[place]}
                reasons.append(Reason("last_stage_reached" if last else "not_the_next_stage", told))
            if reached.reached_on < before:
                reasons.append(Reason("stage_before_the_last", {"day": before.isoformat()}))
            refuse_if(reasons)
            return subject_of(exemplar), _reach(
                connection, exemplar, reached, attached, call, dry_run=dry_run
            )

        asked = {"exemplar": exemplar, "reached": reached, "paper": attached.sha256}
        return do_act(database, "advance_exemplar", call, work, asked=asked, dry_run=dry_run)


def end_exemplar(
    database: Database, exemplar: int, reason: str, call: Call, *, dry_run: bool = False
) -> Done:
    """Say that somebody is an exemplar no more, with a reason; what was reached stays.

    Raises:
        Refused: with every reason; nothing was written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        _, reasons = _open(connection, exemplar, call)
        if not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        refuse_if(reasons)
        note, told = make_note(reason.strip())
        write_notes(connection, [note])
        connection.execute(
            update(EXEMPLAR)
            .where(EXEMPLAR.c.id == exemplar)
            .values(ended_at=call.now, ended_by_id=call.actor_id, ended_note_id=note["id"])
        )
        return subject_of(exemplar), {"reason": told}

    asked = {"exemplar": exemplar, "reason": reason}
    return do_act(database, "end_exemplar", call, work, asked=asked, dry_run=dry_run)


def _open(connection: Connection, exemplar: int, call: Call) -> tuple[Mapping[str, Any], list[Reason]]:
    """The row, held until the transaction ends, and why the caller may not go on with it."""
    row = (
        connection.execute(select(EXEMPLAR).where(EXEMPLAR.c.id == exemplar).with_for_update())
        .mappings()
        .first()
    )
    if row is None:
        raise Refused([Reason("unknown_exemplar", {"number": exemplar})])
    unit = connection.execute(select(UNIT).where(UNIT.c.id == row["unit_id"])).mappings().one()
    reasons = against_planning(connection, unit, call, ended_too=True)
    if row["ended_at"] is not None:
        reasons.append(Reason("exemplar_has_ended", {"number": exemplar}))
    return row, reasons


def _against_day(day: date, call: Call) -> list[Reason]:
    return [Reason("done_in_the_future", {"day": day.isoformat()})] if day > call.day else []


def _reach(
    connection: Connection, exemplar: int, reached: Reached, attached: Attached, call: Call, *, dry_run: bool
) -> dict[str, Any]:
    """Write one stage; gives what the chain says of it."""
    payload: dict[str, Any] = {"stage": reached.stage, "reached_on": reached.reached_on.isoformat()}
    row = {
        "exemplar_id": exemplar,
        "stage": reached.stage,
        "reached_on": reached.reached_on,
        "paper_sha256": attached.sha256,
        "paper_name": attached.name,
        "recorded_by_id": call.actor_id,
        "recorded_at": call.now,
        "note_id": None,
    }
    if reached.text.strip():
        note, payload["reason"] = make_note(reached.text.strip())
        write_notes(connection, [note])
        row["note_id"] = note["id"]
    if attached.sha256 is not None:
        attached.keep(connection, call, dry_run=dry_run)
        payload["sha256"] = attached.sha256
    connection.execute(insert(STAGE), row)
    connection.execute(update(EXEMPLAR).where(EXEMPLAR.c.id == exemplar).values(stage=reached.stage))
    return payload
