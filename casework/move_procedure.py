"""Moving open dossiers to a newer version of their procedure: an act of its own, judged dossier by dossier.

A dossier keeps the version under which it was opened until somebody who may publish procedures moves it. What it has
behind it stays as it was: the history before the move is read with the version of that time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from casework.access import administrators_only
from casework.announcing import arrival_items
from casework.bulk import Outcome
from casework.call import Call
from casework.change_dossier import Change, Desk, change_dossier
from casework.load import DOSSIER, OPINION, standing_of
from casework.parts import done_before
from casework.reads import Reads
from casework.regulations import REGULATION, chart_of
from casework.routing import find_desks
from kit.database import Database
from models.dossier import UNFINISHED
from rules.reasons import Reason, Refused
from states.moving import Carried, against_moving
from states.procedure import Procedure
from states.vocabulary import FINAL_KINDS

EVENT = "procedure_moved"

_MOVE = (
    update(DOSSIER)
    .where(DOSSIER.c.id == bindparam("b_id"))
    .values(procedure_sha256=bindparam("b_procedure_sha256"), route=bindparam("b_route"))
)
_JUDGED = (
    select(OPINION.c.desk)
    .distinct()
    .where(OPINION.c.dossier_id == bindparam("dossier"), OPINION.c.ended_by.is_(None))
)


@dataclass(frozen=True, slots=True)
class _Target:
    """The version to which dossiers are moved, and the versions of every published text of the procedure."""

    name: str
    version: int
    procedure: Procedure
    versions: Mapping[str, int]


def move_procedure(
    database: Database,
    name: str,
    version: int,
    reason: str,
    call: Call,
    *,
    codes: Sequence[str] = (),
    dry_run: bool = False,
) -> list[Outcome]:
    """Move dossiers to ``version`` of the procedure ``name``; a verdict for each, and a refused one stops no other.

    Without ``codes``, all open dossiers under an older version. With the same request key again, what was done is
    reported and what was refused is tried anew.

    Raises:
        Refused: the act as a whole: the caller may not publish procedures, gives no reason, or there is no such
            procedure or version, or it is not in force yet.
        StorageTrouble: the database could not be written; what was moved stays so.
    """
    with database.read() as connection:
        target = _target(connection, name, version, reason, call)
        found = codes or (*done_before(connection, EVENT, call), *_open_under_older(connection, target))
    outcomes = []
    for code in dict.fromkeys(found):
        try:
            receipt = change_dossier(
                database,
                code,
                EVENT,
                call.part(code),
                _decision(target, reason),
                asked={"name": name, "version": version, "reason": reason},
                dry_run=dry_run,
            )
            outcomes.append(Outcome(code, receipt))
        except Refused as refusal:
            outcomes.append(Outcome(code, None, refusal.reasons))
    return outcomes


def _target(connection: Connection, name: str, version: int, reason: str, call: Call) -> _Target:
    reasons = administrators_only(connection, call)
    if not reason.strip():
        reasons.append(Reason("input_missing", {"input": "reason"}))
    rows = connection.execute(
        select(REGULATION.c.sha256, REGULATION.c.version)
        .where(REGULATION.c.kind == "procedure", REGULATION.c.name == name)
        .order_by(REGULATION.c.version)
    ).all()
    sha256 = next((row.sha256 for row in rows if row.version == version), None)
    if not rows:
        reasons.append(Reason("unknown_procedure", {"procedure": name}))
    elif sha256 is None:
        known = [row.version for row in rows]
        reasons.append(Reason("unknown_version", {"procedure": name, "version": version, "known": known}))
    if sha256 is None:
        raise Refused(reasons)
    procedure = chart_of(connection, sha256).procedure
    # Its last day is for openings: a dossier goes on under its procedure after that.
    if call.day < procedure.since:
        until = procedure.until.isoformat() if procedure.until else None
        params = {"procedure": name, "since": procedure.since.isoformat(), "until": until}
        reasons.append(Reason("procedure_not_in_force", params))
    if reasons:
        raise Refused(reasons)
    return _Target(name, version, procedure, {row.sha256: row.version for row in rows})


def _open_under_older(connection: Connection, target: _Target) -> list[str]:
    older = [sha256 for sha256, version in target.versions.items() if version < target.version]
    query = select(DOSSIER.c.code).where(DOSSIER.c.procedure_sha256.in_(older), UNFINISHED)
    return list(connection.execute(query.order_by(DOSSIER.c.id)).scalars())


def _decision(target: _Target, reason: str) -> Any:
    def decide(desk: Desk) -> Change:
        change = Change()
        dossier, old, new = desk.dossier, desk.chart.procedure, target.procedure
        change.reasons += administrators_only(desk.connection, desk.call)
        version = target.versions.get(old.sha256)
        if version is None:
            params = {"dossier": dossier["code"], "procedure": old.name, "wanted": target.name}
            change.reasons.append(Reason("dossier_of_other_procedure", params))
            return change
        if version >= target.version:
            params = {"dossier": dossier["code"], "version": version, "wanted": target.version}
            change.reasons.append(Reason("version_not_newer", params))
            return change
        if dossier["state_kind"] in FINAL_KINDS:
            change.reasons.append(Reason("dossier_has_ended", {"state": dossier["state"]}))
        change.reasons += against_moving(old, new, _carried(desk))
        route = _route(desk, new, change)
        if change.reasons:
            return change
        here = new.states[dossier["state"]].desk
        change.columns |= {"desk": here, "desk_unit_id": route[here]}
        values = {"b_id": dossier["id"], "b_procedure_sha256": new.sha256, "b_route": route}
        change.writes.append((_MOVE, [values]))
        change.payload["procedure"] = {
            "name": target.name,
            "from": {"sha256": old.sha256, "version": version},
            "to": {"sha256": new.sha256, "version": target.version},
        }
        before = dossier["route"]
        change.payload["route"] = {
            name: [before.get(name), route.get(name)]
            for name in sorted({*before, *route})
            if before.get(name) != route.get(name)
        }
        if here != dossier["desk"]:
            change.payload["desk_moved"] = [dossier["desk"], here]
        if (here, route[here]) != (dossier["desk"], dossier["desk_unit_id"]):
            reads = Reads(desk.connection, desk.call.day)
            change.outbox += arrival_items(reads, dossier, new, route, desk.call)
        change.note(reason)
        return change

    return decide


def _carried(desk: Desk) -> Carried:
    dossier = desk.dossier
    return Carried(
        standing=standing_of(dossier),
        level=dossier["level"],
        judged=set(desk.connection.execute(_JUDGED, {"dossier": dossier["id"]}).scalars()),
        acted=dossier["acted"],
        exceptions={(name, person) for name, person in dossier["exceptions"]},
    )


def _route(desk: Desk, new: Procedure, change: Change) -> dict[str, int]:
    """Desk → unit under the new version. A desk of the same name and kind keeps its unit, which may be a successor."""
    old, before = desk.chart.procedure, desk.dossier["route"]
    kept = {
        name: before[name]
        for name, wanted in new.desks.items()
        if name in before and name in old.desks and old.desks[name].unit == wanted.unit
    }
    sought = [wanted for name, wanted in new.desks.items() if name not in kept]
    if not sought:
        return kept
    found, missing = find_desks(desk.connection, sought, desk.dossier["unit_id"], desk.call.day)
    change.reasons += missing
    return kept | found
