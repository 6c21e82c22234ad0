"""Passing a dossier's desks on to the units that succeed those which have ended, when offices are reorganised.

A dossier keeps the units of its desks from its opening. When one of them ends (the districts on 30/06/2025), nobody
holds its duties any more; whoever has taken over is named by the published succession maps, and the dated placements
say which of several is the school's. The procedure stays the one under which the dossier was opened, and so does who
has acted where: separation is about people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from casework.access import administrators_only
from casework.bulk import Outcome
from casework.call import Call
from casework.change_dossier import Change, Desk, change_dossier
from casework.load import DOSSIER
from casework.parts import done_before
from casework.receipts import Receipt
from casework.routing import UNIT, nearest_by_kind
from casework.successions import Successions
from kit.database import Database
from models.dossier import UNFINISHED
from rules.reasons import Reason, Refused

_ENDED = select(UNIT.c.id).where(UNIT.c.until < bindparam("day"))
_PASS = update(DOSSIER).where(DOSSIER.c.id == bindparam("b_id")).values(route=bindparam("b_route"))


def left_behind(connection: Connection, day: date, *, finished: bool = True) -> tuple[str, ...]:
    """The codes of the dossiers with a desk at a unit that has ended before ``day``, in the order of opening.

    ``finished`` also counts those that have ended themselves: they may still be reopened, revived or revoked.
    """
    ended = frozenset(connection.execute(_ENDED, {"day": day}).scalars())
    query = select(DOSSIER.c.code, DOSSIER.c.route).order_by(DOSSIER.c.id)
    rows = connection.execute(query if finished else query.where(UNFINISHED))
    return tuple(row.code for row in rows if not ended.isdisjoint(row.route.values()))


def desks_left(desk: Desk, successions: Successions) -> dict[str, int]:
    """The desks of a dossier whose units have ended, and these units."""
    return {name: unit for name, unit in desk.dossier["route"].items() if successions.has_ended(unit)}


def pass_on(database: Database, code: str, call: Call, **options: Any) -> Receipt:
    """Let the successors take over the desks of a dossier whose units have ended. All desks or none.

    The history tells which desk went from which unit to which, and the SHA-256 of the maps that say so.

    Raises:
        Refused: no desk's unit has ended, a desk has no successor, or the caller is no administrator.
    """

    def decide(desk: Desk) -> Change:
        change = Change()
        change.reasons += administrators_only(desk.connection, call)
        dossier, day = desk.dossier, call.day
        successions = Successions(desk.connection, day)
        left = desks_left(desk, successions)
        if not left:
            change.reasons.append(Reason("nothing_to_pass_on", {"dossier": code}))
            return change
        nearest = nearest_by_kind(desk.connection, dossier["unit_id"], day)
        route = dict(dossier["route"])
        maps: set[str] = set()
        for name, unit in left.items():
            successor = successions.of_unit(unit, nearest)
            if successor is None:
                params = {"desk": name, "unit": unit, "day": day.isoformat()}
                change.reasons.append(Reason("no_successor", params))
            else:
                route[name] = successor.unit_id
                maps.add(successor.sha256)
        change.payload["passed_on"] = {name: [unit, route[name]] for name, unit in left.items()}
        change.payload["succession"] = sorted(maps)
        change.columns["desk_unit_id"] = route[dossier["desk"]]
        change.writes.append((_PASS, [{"b_id": dossier["id"], "b_route": route}]))
        return change

    return change_dossier(database, code, "pass_on", call, decide, asked={}, **options)


def pass_on_all(
    database: Database,
    call: Call,
    *,
    codes: Sequence[str] = (),
    finished: bool = False,
    dry_run: bool = False,
) -> list[Outcome]:
    """Pass on every dossier that offices left behind when they ended: a result for each, in the order of opening.

    They are found by facts, on the day of the call, so no list can forget one; with ``codes`` only these are tried.
    With the same request key again, what was done is reported and what was refused is tried anew.

    Raises:
        StorageTrouble: the database could not be written; what was passed on stays so.
    """
    with database.read() as connection:
        found = codes or (
            *done_before(connection, "pass_on", call),
            *left_behind(connection, call.day, finished=finished),
        )
    outcomes = []
    for code in dict.fromkeys(found):
        try:
            outcomes.append(Outcome(code, pass_on(database, code, call.part(code), dry_run=dry_run)))
        except Refused as refusal:
            outcomes.append(Outcome(code, None, refusal.reasons))
    return outcomes
