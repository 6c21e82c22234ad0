"""On which movement a nomination rests, for its dossier; and which awards rest on a movement, for its page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.load import DOSSIER, NOMINATION
from casework.movements.calendar_of import MOVEMENT
from casework.named_movements import Part, parts_of
from casework.people import PERSON, UNIT
from casework.sight import Sight, sees_each
from casework.views.movement import seen_plans
from casework.views.naming import titles_named

#: awards that one page lists
MOST = 200


def rested_on(
    connection: Connection, nominations: Iterable[Mapping[str, Any]], now: datetime, sight: Sight | None
) -> dict[int, dict[str, Any]]:
    """Nomination → the movement on which it rests: plan, launcher, whether it ended, and the day on which the nominee's
    unit reviewed it (None: not yet). ``link``: whether the reader may see its page."""
    rows = [row for row in nominations if row["movement_id"] is not None]
    parts = parts_of(connection, {row["unit_id"] for row in rows}, {row["movement_id"] for row in rows})
    codes = {part.movement["code"] for part in parts.values()}
    seen = codes if sight is None else seen_plans(connection, sight, codes, (), now)[0]
    return {
        row["id"]: {**_told(part), "link": part.movement["code"] in seen}
        for row in rows
        if (part := parts.get((row["unit_id"], row["movement_id"]))) is not None
    }


def _told(part: Part) -> dict[str, Any]:
    row = part.movement
    return {
        "code": row["code"],
        "theme": row["theme"],
        "number": row["number"],
        "dated": row["dated"].isoformat(),
        "unit": row["unit_name"],
        "ended": row["ended_at"] is not None,
        "reviewed_on": part.reviewed_on.isoformat() if part.reviewed_on else None,
    }


def may_rest_on(connection: Connection, unit: int) -> list[dict[str, Any]]:
    """The movements that nominations of a unit may name: those in which it took part, the newest first."""
    return [_told(part) for part in parts_of(connection, [unit]).values()]


def awards_on(
    connection: Connection,
    movements: Collection[int],
    sight: Sight | None,
    lang: str,
    *,
    unit: int | None = None,
) -> list[dict[str, Any]]:
    """The nominations that rest on some movements, in dossiers that a person may see; of one unit if asked."""
    if not movements:
        return []
    query = (
        select(
            NOMINATION.c.id,
            NOMINATION.c.title,
            NOMINATION.c.decided_title,
            NOMINATION.c.outcome,
            DOSSIER.c.code,
            PERSON.c.name.label("person"),
            UNIT.c.name.label("unit"),
        )
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .join(UNIT, UNIT.c.id == NOMINATION.c.unit_id)
        .outerjoin(PERSON, PERSON.c.id == NOMINATION.c.person_id)
        .where(NOMINATION.c.movement_id.in_(sorted(movements)), NOMINATION.c.outcome != "struck")
        .order_by(UNIT.c.name, NOMINATION.c.id)
        .limit(MOST)
    )
    if sight is not None:
        query = query.where(sees_each(sight))
    if unit is not None:
        query = query.where(NOMINATION.c.unit_id == unit)
    titles = titles_named(connection, lang)
    return [
        {
            "nomination": row.id,
            "dossier": row.code,
            "who": row.person or row.unit,
            "unit": row.unit,
            "title_name": titles.get(row.decided_title or row.title, row.title),
            "outcome": row.outcome,
        }
        for row in connection.execute(query)
    ]


def with_those_above(connection: Connection, movement: int) -> list[int]:
    """A movement and all that it answers, up to where it began."""
    up = (
        select(MOVEMENT.c.id, MOVEMENT.c.parent_id).where(MOVEMENT.c.id == movement).cte("up", recursive=True)
    )
    up = up.union_all(select(MOVEMENT.c.id, MOVEMENT.c.parent_id).join(up, MOVEMENT.c.id == up.c.parent_id))
    return list(connection.execute(select(up.c.id)).scalars())


def movements_told(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """What movements are called in a history: theme, number of the plan and its unit."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    query = (
        select(MOVEMENT.c.id, MOVEMENT.c.theme, MOVEMENT.c.number, UNIT.c.name)
        .join(UNIT, UNIT.c.id == MOVEMENT.c.unit_id)
        .where(MOVEMENT.c.id.in_(wanted))
    )
    return {row.id: f"{row.theme} ({row.number}, {row.name})" for row in connection.execute(query)}
