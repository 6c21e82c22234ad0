"""Units and people, listed and shown: who works where, who holds which duty, whom they let act for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from casework.access import DELEGATION, DUTY, EMPLOYMENT, in_force
from casework.people import PERSON, UNIT, person_by_code
from casework.routing import PLACEMENT, unit_by_code
from casework.views.folding import folded

_MAY_CARRY_MARKS = frozenset("aeiouyd")


def list_units(
    connection: Connection, day: date, *, kind: str | None = None, under: str | None = None
) -> list[dict[str, Any]]:
    """The units that exist on a day, of one kind or directly under one unit where asked for.

    Raises:
        Refused: there is no unit ``under``.
    """
    query = select(UNIT).where(
        or_(UNIT.c.since.is_(None), UNIT.c.since <= day), or_(UNIT.c.until.is_(None), UNIT.c.until >= day)
    )
    if kind is not None:
        query = query.where(UNIT.c.kind == kind)
    if under is not None:
        top = unit_by_code(connection, under)["id"]
        below = select(PLACEMENT.c.unit_id).where(PLACEMENT.c.under_id == top, in_force(PLACEMENT, day))
        query = query.where(UNIT.c.id.in_(below))
    rows = connection.execute(query.order_by(UNIT.c.kind, UNIT.c.code)).mappings()
    return [_unit(row) for row in rows]


def show_unit(connection: Connection, code: str, day: date) -> dict[str, Any]:
    """A unit, what it stands under and what stands under it, and who holds which duty there.

    Raises:
        Refused: there is no such unit.
    """
    unit = unit_by_code(connection, code)
    placements = connection.execute(
        select(UNIT.c.code, UNIT.c.name, PLACEMENT.c.relation)
        .join(PLACEMENT, PLACEMENT.c.under_id == UNIT.c.id)
        .where(PLACEMENT.c.unit_id == unit["id"], in_force(PLACEMENT, day))
        .order_by(PLACEMENT.c.relation, UNIT.c.code)
    )
    below = connection.execute(
        select(UNIT.c.code, UNIT.c.name, PLACEMENT.c.relation)
        .join(PLACEMENT, PLACEMENT.c.unit_id == UNIT.c.id)
        .where(PLACEMENT.c.under_id == unit["id"], in_force(PLACEMENT, day))
        .order_by(PLACEMENT.c.relation, UNIT.c.code)
    )
    staff = connection.execute(
        select(func.count()).where(EMPLOYMENT.c.unit_id == unit["id"], in_force(EMPLOYMENT, day))
    ).scalar_one()
    duties = connection.execute(
        select(DUTY, PERSON.c.code, PERSON.c.name)
        .join(PERSON, PERSON.c.id == DUTY.c.person_id)
        .where(DUTY.c.unit_id == unit["id"], in_force(DUTY, day))
        .order_by(DUTY.c.duty, PERSON.c.code)
    ).mappings()
    return {
        **_unit(unit),
        "under": [dict(row._mapping) for row in placements],
        "below": [dict(row._mapping) for row in below],
        "staff": staff,
        "duties": [
            {"duty": row["duty"], "person": {"code": row["code"], "name": row["name"]}, **_days(row)}
            for row in duties
        ],
    }


def _unit(row: Any) -> dict[str, Any]:
    plain = {
        name: row[name] for name in ("code", "kind", "name", "school_type", "verified", "source", "invented")
    }
    return plain | _days(row)


def _days(row: Any) -> dict[str, str | None]:
    return {name: row[name].isoformat() if row[name] else None for name in ("since", "until")}


def list_people(
    connection: Connection,
    day: date,
    *,
    unit: str | None = None,
    duty: str | None = None,
    name: str | None = None,
    limit: int = 200,
    start: int = 0,
) -> tuple[list[dict[str, Any]], int]:
    """People with the unit that employs them on a day, and how many there are in all.

    ``name`` may be several words: each stands in the name or in the code, marks and capitals aside.

    Raises:
        Refused: there is no such unit.
    """
    query = (
        select(PERSON.c.code, PERSON.c.name, UNIT.c.code.label("unit"), UNIT.c.name.label("unit_name"))
        .select_from(
            PERSON.outerjoin(
                EMPLOYMENT, (EMPLOYMENT.c.person_id == PERSON.c.id) & in_force(EMPLOYMENT, day)
            ).outerjoin(UNIT, UNIT.c.id == EMPLOYMENT.c.unit_id)
        )
        .order_by(PERSON.c.code)
    )
    if unit is not None:
        query = query.where(UNIT.c.id == unit_by_code(connection, unit)["id"])
    if duty is not None:
        query = query.where(
            PERSON.c.id.in_(select(DUTY.c.person_id).where(DUTY.c.duty == duty, in_force(DUTY, day)))
        )
    words = folded(name or "").split()
    if words:
        found = _named(connection, query, words)
        rows = connection.execute(query.where(PERSON.c.id.in_(found[start : start + limit])))
        return [dict(row._mapping) for row in rows], len(found)
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = connection.execute(query.limit(limit).offset(start))
    return [dict(row._mapping) for row in rows], int(total)


def _named(connection: Connection, query: Select[Any], words: Sequence[str]) -> list[int]:
    """The ids of those people of a query whose name or code holds every word, in its order.

    A database does not know that Nguyễn is found by nguyen: letters that may carry a mark stand for any letter there,
    and what comes back is looked at here.
    """
    for word in words:
        like = "".join("_" if sign in _MAY_CARRY_MARKS else sign for sign in word)
        like = like.replace("\\", "\\\\").replace("%", "\\%")
        pattern = func.lower(PERSON.c.name).like(f"%{like}%", escape="\\")
        query = query.where(or_(pattern, func.lower(PERSON.c.code).contains(word, autoescape=True)))
    rows = connection.execute(query.with_only_columns(PERSON.c.id, PERSON.c.code, PERSON.c.name))
    return list(
        dict.fromkeys(
            row.id for row in rows if all(word in folded(f"{row.name} {row.code}") for word in words)
        )
    )


def show_person(connection: Connection, code: str, day: date) -> dict[str, Any]:
    """A person: where they work, which duties they hold or are lent, and which they lend.

    Raises:
        Refused: there is no such person.
    """
    person = person_by_code(connection, code)
    employments = connection.execute(
        select(UNIT.c.code, UNIT.c.name, EMPLOYMENT.c.since, EMPLOYMENT.c.until)
        .join(EMPLOYMENT, EMPLOYMENT.c.unit_id == UNIT.c.id)
        .where(EMPLOYMENT.c.person_id == person["id"])
        .order_by(EMPLOYMENT.c.since)
    ).mappings()
    return {
        "code": person["code"],
        "name": person["name"],
        "email": person["email"],
        "locale": person["locale"],
        "erased": person["erased_at"] is not None,
        "works_at": [{"code": row["code"], "name": row["name"], **_days(row)} for row in employments],
        "duties": duties_of(connection, person["id"], day),
        "delegations": delegations_of(connection, person["id"], day),
    }


def duties_of(connection: Connection, person: int, day: date) -> list[dict[str, Any]]:
    """A person's own duties, past and coming ones too; ``in_force`` tells those that count on ``day``."""
    rows = connection.execute(
        select(DUTY, UNIT.c.code, UNIT.c.name)
        .join(UNIT, UNIT.c.id == DUTY.c.unit_id)
        .where(DUTY.c.person_id == person)
        .order_by(DUTY.c.since, DUTY.c.id)
    ).mappings()
    return [
        {
            "id": row["id"],
            "duty": row["duty"],
            "unit": {"code": row["code"], "name": row["name"]},
            **_days(row),
            "in_force": row["since"] <= day and (row["until"] is None or row["until"] >= day),
        }
        for row in rows
    ]


def delegations_of(connection: Connection, person: int, day: date) -> list[dict[str, Any]]:
    """The delegations that a person gave or was given and that have not ended before ``day``."""
    giver, receiver = PERSON.alias("giver"), PERSON.alias("receiver")
    rows = connection.execute(
        select(
            DELEGATION,
            DUTY.c.duty,
            UNIT.c.code.label("unit"),
            UNIT.c.name.label("unit_name"),
            giver.c.code.label("giver"),
            giver.c.name.label("giver_name"),
            receiver.c.code.label("receiver"),
            receiver.c.name.label("receiver_name"),
        )
        .join(DUTY, DUTY.c.id == DELEGATION.c.duty_id)
        .join(UNIT, UNIT.c.id == DUTY.c.unit_id)
        .join(giver, giver.c.id == DUTY.c.person_id)
        .join(receiver, receiver.c.id == DELEGATION.c.to_person_id)
        .where(
            or_(DUTY.c.person_id == person, DELEGATION.c.to_person_id == person),
            DELEGATION.c.ended_at.is_(None),
            DELEGATION.c.until >= day,
        )
        .order_by(DELEGATION.c.since, DELEGATION.c.id)
    ).mappings()
    return [
        {
            "id": row["id"],
            "duty": row["duty"],
            "unit": {"code": row["unit"], "name": row["unit_name"]},
            "from": {"code": row["giver"], "name": row["giver_name"]},
            "to": {"code": row["receiver"], "name": row["receiver_name"]},
            **_days(row),
        }
        for row in rows
    ]
