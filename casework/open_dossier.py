"""Opening a dossier: a unit, a school year, a procedure, a level; its desks are resolved to units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, insert, select

from casework.access import choose_holding, holdings_at, not_holding
from casework.bloc.proposed import against_opening
from casework.call import Call
from casework.career.touched import Touched
from casework.history import GENESIS, make_entry, write_entries
from casework.load import DOSSIER
from casework.receipts import Receipt, once, receipt_of
from casework.record_step import note_reach, subject_of
from casework.regulations import calendar_for, chart_of, newest
from casework.routing import hold_unit, route_for, unit_by_code
from kit.database import Database
from rules.reasons import Reason, Refused
from rules.school_years import against_unreadable, short_of
from states.procedure import Procedure
from states.vocabulary import LEVELS


@dataclass(frozen=True, slots=True)
class Opening:
    """What a dossier is opened with."""

    unit: str
    school_year: str
    procedure: str
    level: str


def open_dossier(database: Database, opening: Opening, call: Call, *, dry_run: bool = False) -> Receipt:
    """Open a dossier under the newest version of the procedure; gives its code in the receipt.

    Raises:
        Refused: with every reason; nothing was written.
    """
    call = call.asking("open", "", opening)

    def act(connection: Connection) -> Receipt:
        database.begin_write(connection)
        receipt = _open(connection, opening, call)
        if dry_run:
            connection.rollback()
            return replace(receipt, version=1, hash="", dry_run=True)
        return receipt

    return once(database, call, "open", act, _again)


def _again(connection: Connection, entry: Mapping[str, Any]) -> Receipt:
    dossier = int(entry["subject"].split(":")[1])
    row = connection.execute(
        select(DOSSIER.c.code, DOSSIER.c.state).where(DOSSIER.c.id == dossier)
    ).mappings()
    return receipt_of(row.one(), entry)


def _procedure_reasons(procedure: Procedure, opening: Opening, call: Call) -> list[Reason]:
    reasons = []
    if opening.level in LEVELS and opening.level not in procedure.levels:
        reasons.append(
            Reason("level_not_in_procedure", {"level": opening.level, "procedure": procedure.name})
        )
    if call.day < procedure.since or (procedure.until is not None and call.day > procedure.until):
        until = procedure.until.isoformat() if procedure.until else None
        params = {"procedure": procedure.name, "since": procedure.since.isoformat(), "until": until}
        reasons.append(Reason("procedure_not_in_force", params))
    return reasons


def open_for(connection: Connection, opening: Opening, call: Call) -> Receipt:
    """Open a dossier for a unit within another act, in the caller's write transaction: whose act it is was asked there.

    Raises:
        Refused: with every reason; the caller's transaction must not go on.
    """
    return _open(connection, opening, call, for_another=True)


def _open(connection: Connection, opening: Opening, call: Call, *, for_another: bool = False) -> Receipt:
    reasons = against_unreadable(opening.school_year)
    years = not reasons
    if opening.level not in LEVELS:
        reasons.append(Reason("unknown_level", {"level": opening.level}))
    sha256 = newest(connection, "procedure", opening.procedure)
    if sha256 is None:
        reasons.append(Reason("unknown_procedure", {"procedure": opening.procedure}))
    procedure = chart_of(connection, sha256).procedure if sha256 is not None else None
    if procedure is not None:
        reasons += _procedure_reasons(procedure, opening, call)
        if (
            years
            and procedure.milestones
            and not calendar_for(connection, procedure.name, opening.school_year)
        ):
            params = {"procedure": procedure.name, "school_year": opening.school_year}
            reasons.append(Reason("no_calendar_for_year", params))
    try:
        unit = unit_by_code(connection, opening.unit)
    except Refused as refusal:
        raise Refused([*reasons, *refusal.reasons]) from refusal
    if procedure is None:
        raise Refused(reasons)
    state = procedure.states[procedure.initial]
    duties = procedure.desks[state.desk].duties
    unit_id = int(str(unit["id"]))
    held = holdings_at(connection, call.actor_id, unit_id, call.day) if call.actor_id is not None else ()
    holding = choose_holding(held, duties)
    if holding is None and not for_another:
        reasons.append(not_holding(duties, unit_id, desk=state.desk))
    if not for_another and years and opening.level in procedure.levels:
        reasons += against_opening(connection, procedure.name, unit_id, opening.school_year, opening.level)
    try:
        route = route_for(connection, procedure, unit_id, call.day)
    except Refused as refusal:
        raise Refused([*reasons, *refusal.reasons]) from refusal
    if reasons:
        raise Refused(reasons)
    code = _next_code(connection, opening.unit, unit_id, opening.school_year)
    row = {
        "code": code,
        "unit_id": unit_id,
        "school_year": opening.school_year,
        "level": opening.level,
        "procedure_sha256": sha256,
        "state": state.name,
        "state_kind": state.kind,
        "desk": state.desk,
        "desk_unit_id": route[state.desk],
        "route": route,
        "acted": {},
        "exceptions": [],
        "opened_at": call.now,
        "changed_at": call.now,
        "look_on": call.day,
        "version": 1,
        "head_hash": GENESIS,
    }
    dossier_id = int(connection.execute(insert(DOSSIER), row).inserted_primary_key[0])
    note_reach(
        connection,
        [(None, {"b_id": dossier_id, "b_desk_unit_id": unit}) for unit in {unit_id, route[state.desk]}],
    )
    payload = {
        "code": code,
        "unit": unit_id,
        "school_year": opening.school_year,
        "level": opening.level,
        "procedure": sha256,
        "to": state.name,
        "kind": state.kind,
    }
    on_behalf_of = holding.on_behalf_of if holding else None
    entry = make_entry(subject_of(dossier_id), 1, GENESIS, "open", payload, call, on_behalf_of)
    write_entries(connection, [entry])
    connection.execute(DOSSIER.update().where(DOSSIER.c.id == dossier_id).values(head_hash=entry["hash"]))
    # Titles of a year may be on their way again that was complete.
    Touched(on_the_way={(dossier_id, unit_id, opening.school_year)}).tell(connection, call)
    return Receipt(code, "open", state.name, 1, entry["hash"])


def _next_code(connection: Connection, unit_code: str, unit: int, school_year: str) -> str:
    # On PostgreSQL two openings at one unit would count the same; the unit's row makes the slower wait.
    hold_unit(connection, unit)
    count = connection.execute(
        select(func.count()).where(DOSSIER.c.unit_id == unit, DOSSIER.c.school_year == school_year)
    ).scalar_one()
    return f"{unit_code}.{short_of(school_year)}.{count + 1}"
