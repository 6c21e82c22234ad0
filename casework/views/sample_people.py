"""The people of the sample who hold a duty today, by unit: whom somebody who tries the program may sign in as."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.access import DUTY, in_force
from casework.people import PERSON, UNIT
from rules.windows import local_day

#: those that somebody meets first: a school, its bloc, and the offices that it goes through
_FIRST = ("school", "bloc", "education_office", "interior_office", "emulation_council", "people_committee")
_PER_KIND = 6


def sample_people(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """A few holders of duties of each kind of unit: ``kind`` and its ``people`` (code, name, unit, duty)."""
    rows = connection.execute(
        select(PERSON.c.code, PERSON.c.name, UNIT.c.kind, UNIT.c.name.label("unit"), DUTY.c.duty)
        .select_from(
            DUTY.join(PERSON, PERSON.c.id == DUTY.c.person_id).join(UNIT, UNIT.c.id == DUTY.c.unit_id)
        )
        .where(in_force(DUTY, local_day(now)), PERSON.c.erased_at.is_(None))
        .order_by(UNIT.c.id, DUTY.c.id)
    )
    kinds: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        group = "administrator" if row.duty == "administrator" else row.kind
        people = kinds.setdefault(group, [])
        if len(people) < _PER_KIND:
            people.append({"code": row.code, "name": row.name, "unit": row.unit, "duty": row.duty})
    order = ("administrator", *_FIRST)
    return [
        {"kind": kind, "people": kinds[kind]}
        for kind in sorted(kinds, key=lambda kind: order.index(kind) if kind in order else len(order))
    ]
