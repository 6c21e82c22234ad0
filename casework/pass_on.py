"""Passing a dossier's desks on to the units that succeed those which have ended, when offices are reorganised.

A dossier keeps the units of its desks from its opening. When one of them ends (the districts on 30/06/2025), nobody
holds its duties any more; whoever has taken over is found from the dated placements, as at an opening. The procedure
stays the one under which the dossier was opened, and so does who has acted where: separation is about people.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from casework.call import Call
from casework.change_dossier import Change, Desk, change_dossier
from casework.duties import administrators_only
from casework.load import DOSSIER
from casework.routing import UNIT, nearest_by_kind
from casework.take_step import Receipt
from kit.database import Database
from rules.reasons import Reason

# Kinds that went with the districts, and the kind that does their work since (Decree 150/2025/NĐ-CP; facts: the chain
# after 1 July 2025). Every other kind is succeeded by its own.
SUCCEEDED_BY = {
    "education_office": "culture_society_office",
    "interior_office": "culture_society_office",
}

_ENDED = select(UNIT.c.id).where(UNIT.c.until < bindparam("day"))
_PASS = update(DOSSIER).where(DOSSIER.c.id == bindparam("b_id")).values(route=bindparam("b_route"))


def left_behind(connection: Connection, day: date) -> tuple[str, ...]:
    """The codes of all dossiers with a desk at a unit that has ended before ``day``, in the order of opening."""
    ended = frozenset(connection.execute(_ENDED, {"day": day}).scalars())
    rows = connection.execute(select(DOSSIER.c.code, DOSSIER.c.route).order_by(DOSSIER.c.id))
    return tuple(row.code for row in rows if not ended.isdisjoint(row.route.values()))


def pass_on(database: Database, code: str, call: Call, **options: Any) -> Receipt:
    """Let the successors take over the desks of a dossier whose units have ended. All desks or none.

    Raises:
        Refused: no desk's unit has ended, a desk has no successor, or the caller is no administrator.
    """

    def decide(desk: Desk) -> Change:
        change = Change()
        change.reasons += administrators_only(desk.connection, call)
        dossier, day = desk.dossier, call.day
        ended = frozenset(desk.connection.execute(_ENDED, {"day": day}).scalars())
        left = {name: unit for name, unit in dossier["route"].items() if unit in ended}
        if not left:
            change.reasons.append(Reason("nothing_to_pass_on", {"dossier": code}))
            return change
        nearest = nearest_by_kind(desk.connection, dossier["unit_id"], day)
        route = dict(dossier["route"])
        for name in left:
            kind = desk.chart.procedure.desks[name].unit
            successor = nearest.get(kind, nearest.get(SUCCEEDED_BY.get(kind, kind)))
            if successor is None:
                params = {"desk": name, "kind": SUCCEEDED_BY.get(kind, kind), "day": day.isoformat()}
                change.reasons.append(Reason("no_unit_for_desk", params))
            else:
                route[name] = successor
        change.payload["passed_on"] = {name: [unit, route[name]] for name, unit in left.items()}
        change.columns["desk_unit_id"] = route[dossier["desk"]]
        change.writes.append((_PASS, [{"b_id": dossier["id"], "b_route": route}]))
        return change

    return change_dossier(database, code, "pass_on", call, decide, **options)
