"""Where every dossier of a home stands and what waits for whom, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from casework.home_clock import business_now
from casework.load import DOSSIER, NOMINATION
from casework.people import names_of, unit_names
from casework.reads import Reads
from casework.regulations import chart_of
from rules.windows import local_day
from states.vocabulary import FINAL_KINDS


@dataclass(frozen=True, slots=True)
class DossierStanding:
    """One dossier: where it stands, at whose desk, and who of them may act today. Labels are {vi, en}."""

    code: str
    school: str
    level: str
    procedure: str
    nominations: int
    state: str
    kind: str
    state_label: dict[str, str]
    desk: str
    desk_label: dict[str, str]
    unit: str
    waits_for: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The standing as plain data."""
        return {name: getattr(self, name) for name in self.__slots__}


def standings(connection: Connection) -> tuple[datetime, list[DossierStanding]]:
    """The home's instant and every dossier, in the order in which they were opened."""
    now = business_now(connection)
    rows = connection.execute(select(DOSSIER).order_by(DOSSIER.c.id)).mappings().all()
    counted = connection.execute(
        select(NOMINATION.c.dossier_id, func.count())
        .where(NOMINATION.c.outcome != "struck")
        .group_by(NOMINATION.c.dossier_id)
    )
    counts = dict(counted.all())
    reads = Reads(connection, local_day(now))
    reads.fetch_posts(row["desk_unit_id"] for row in rows)
    waiting: dict[int, tuple[int, ...]] = {}
    for row in rows:
        procedure = chart_of(connection, row["procedure_sha256"]).procedure
        resting = row["state_kind"] in FINAL_KINDS
        duties = procedure.desks[row["desk"]].duties
        waiting[row["id"]] = () if resting else reads.holders(row["desk_unit_id"], duties)
    people = names_of(connection, {person for found in waiting.values() for person in found})
    units = unit_names(connection, {row[column] for row in rows for column in ("unit_id", "desk_unit_id")})
    found = []
    for row in rows:
        procedure = chart_of(connection, row["procedure_sha256"]).procedure
        state, desk = procedure.states[row["state"]], procedure.desks[row["desk"]]
        found.append(
            DossierStanding(
                code=row["code"],
                school=units[row["unit_id"]],
                level=row["level"],
                procedure=procedure.name,
                nominations=counts.get(row["id"], 0),
                state=state.name,
                kind=state.kind,
                state_label=dict(state.label),
                desk=desk.name,
                desk_label=dict(desk.label),
                unit=units[row["desk_unit_id"]],
                waits_for=tuple(people[person] for person in waiting[row["id"]]),
            )
        )
    return now, found
