"""Movements for lists and pages: what was launched, who answered, who has not, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, select, true, union

from casework.history import NOTE
from casework.movements.calendar_of import MOVEMENT, UNIT
from casework.movements.planners import PLANNERS
from casework.movements.rows import CALL, movement_by_code
from casework.people import PERSON
from casework.sight import Sight, may_see_unit
from casework.views.bounded import PAGE, counted_rows


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of movements and how many there are in all (counted to a bound)."""

    rows: list[dict[str, Any]]
    total: int


def seen_movements(sight: Sight | None) -> ColumnElement[bool]:
    """The condition on movements in a list: launched by a unit of the person's duties, or asked of one; with None, of
    whoever keeps the home, no condition."""
    if sight is None or sight.administers:
        return true()
    units = sorted(sight.units)
    launched = MOVEMENT.alias("launched")
    # Not one OR the other: PostgreSQL would look through every movement there is, by its day.
    theirs = union(
        select(launched.c.id).where(launched.c.unit_id.in_(units)),
        select(CALL.c.movement_id).where(CALL.c.unit_id.in_(units)),
    )
    return MOVEMENT.c.id.in_(theirs)


def may_see_movement(connection: Connection, sight: Sight, movement: dict[str, Any], day: date) -> bool:
    """Whether a person may see a movement: as in a list, or from a unit above the one that launched it."""
    query = select(MOVEMENT.c.id).where(MOVEMENT.c.id == movement["id"], seen_movements(sight))
    if connection.execute(query).first() is not None:
        return True
    return may_see_unit(connection, sight, movement["unit_id"], day)


def list_movements(
    connection: Connection,
    sight: Sight | None,
    *,
    running_on: date | None = None,
    first: date | None = None,
    start: int = 0,
) -> Listed:
    """Movements that a person sees, the newest first; ``running_on``: those alone that run on a day; ``first``: those
    that run on a day before all others."""
    where = [seen_movements(sight)]
    if running_on is not None:
        where.append(_runs(running_on))
    total = counted_rows(connection, select(MOVEMENT.c.id).where(*where))
    parts = [where] if first is None else [[*where, _runs(first)], [*where, ~_runs(first)]]
    ids: list[int] = []
    # Each part along an index of its own: in one order both together would have to be sorted whole.
    for part in parts:
        newest = select(MOVEMENT.c.id).where(*part).order_by(MOVEMENT.c.dated.desc(), MOVEMENT.c.id.desc())
        ids += connection.execute(newest.limit(PAGE - len(ids)).offset(start)).scalars()
        if len(ids) == PAGE:
            break
        before = counted_rows(connection, select(MOVEMENT.c.id).where(*part)) if start else 0
        start = max(0, start - before)
    rows = connection.execute(_with_counts().where(MOVEMENT.c.id.in_(ids))).mappings()
    found = {row["id"]: _plain(dict(row)) for row in rows}
    return Listed([found[number] for number in ids], total)


def _runs(day: date) -> ColumnElement[bool]:
    return and_(MOVEMENT.c.since <= day, MOVEMENT.c.until >= day, MOVEMENT.c.ended_at.is_(None))


def standing_of(movement: Mapping[str, Any], day: date) -> str:
    """Where a movement (a row of a list) stands on a day: coming, running, over or ended."""
    if movement["ended"]:
        return "ended"
    if day.isoformat() < movement["since"]:
        return "coming"
    return "running" if day.isoformat() <= movement["until"] else "over"


def _with_counts() -> Select[Any]:
    count = select(func.count()).where(CALL.c.movement_id == MOVEMENT.c.id).correlate(MOVEMENT)
    return select(
        MOVEMENT,
        UNIT.c.code.label("unit_code"),
        UNIT.c.name.label("unit_name"),
        UNIT.c.kind.label("kind"),
        count.scalar_subquery().label("asked"),
        count.where(CALL.c.answer_id.is_not(None)).scalar_subquery().label("answered"),
        count.where(CALL.c.reviewed_on.is_not(None)).scalar_subquery().label("reviewed"),
    ).join(UNIT, UNIT.c.id == MOVEMENT.c.unit_id)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    days = ("dated", "since", "until", "answer_by", "review_by")
    return {
        "code": row["code"],
        "unit": {"code": row["unit_code"], "name": row["unit_name"], "kind": row["kind"]},
        "theme": row["theme"],
        "number": row["number"],
        **{day: row[day].isoformat() if row[day] else None for day in days},
        **{name: row[name] for name in ("asked", "answered", "reviewed")},
        "ended": row["ended_at"] is not None,
    }


@dataclass(frozen=True, slots=True)
class ShownMovement:
    """One movement: ``above`` what it answers, up to where it began; ``calls`` a page of whom it asked, those who have
    not answered first; ``calls_total`` how many those are; ``may`` what this person may do here."""

    movement: dict[str, Any]
    above: list[dict[str, str]]
    calls: list[dict[str, Any]]
    calls_total: int
    ended_why: str | None
    may: frozenset[str]


def show_movement(connection: Connection, sight: Sight | None, code: str, *, start: int = 0) -> ShownMovement:
    """One movement, for a person who may see it.

    Raises:
        Refused: there is no such movement.
    """
    found = movement_by_code(connection, code)
    row = dict(connection.execute(_with_counts().where(MOVEMENT.c.id == found["id"])).mappings().one())
    why = None
    if row["ended_note_id"] is not None:
        why = connection.execute(select(NOTE.c.text).where(NOTE.c.id == row["ended_note_id"])).scalar()
    calls = _calls(connection, row["id"], start)
    plain = _plain(row) | {
        "paper": row["paper_name"] or None,
        "sha256": row["paper_sha256"],
        "launched_by": connection.execute(
            select(PERSON.c.name).where(PERSON.c.id == row["launched_by_id"])
        ).scalar(),
    }
    return ShownMovement(
        plain, _above(connection, row["parent_id"]), calls, row["asked"], why, _may(sight, row)
    )


def _may(sight: Sight | None, row: dict[str, Any]) -> frozenset[str]:
    if sight is None or sight.at(row["unit_id"]).isdisjoint(PLANNERS.get(row["kind"], ())):
        return frozenset()
    return frozenset(() if row["ended_at"] is not None else ("end",))


def _above(connection: Connection, parent: int | None) -> list[dict[str, str]]:
    """The plans that a plan answers, from the first down; one statement whatever their number."""
    if parent is None:
        return []
    columns = (MOVEMENT.c.id, MOVEMENT.c.parent_id)
    up = select(*columns, literal(0).label("far")).where(MOVEMENT.c.id == parent).cte("up", recursive=True)
    up = up.union_all(select(*columns, up.c.far + 1).join(up, MOVEMENT.c.id == up.c.parent_id))
    query = (
        select(MOVEMENT.c.code, MOVEMENT.c.number, MOVEMENT.c.dated, UNIT.c.name)
        .join(up, up.c.id == MOVEMENT.c.id)
        .join(UNIT, UNIT.c.id == MOVEMENT.c.unit_id)
        .order_by(up.c.far.desc())
    )
    return [
        {"code": r.code, "number": r.number, "dated": r.dated.isoformat(), "unit": r.name}
        for r in connection.execute(query)
    ]


def _calls(connection: Connection, movement: int, start: int) -> list[dict[str, Any]]:
    answer = MOVEMENT.alias("answer")
    query = (
        select(
            CALL.c.unit_id,
            CALL.c.answer_id,
            CALL.c.reviewed_on,
            CALL.c.review_name,
            UNIT.c.code.label("unit_code"),
            UNIT.c.name.label("unit_name"),
            UNIT.c.kind,
            answer.c.code,
            answer.c.number,
            answer.c.dated,
            NOTE.c.text.label("review"),
        )
        .join(UNIT, UNIT.c.id == CALL.c.unit_id)
        .outerjoin(answer, answer.c.id == CALL.c.answer_id)
        .outerjoin(NOTE, NOTE.c.id == CALL.c.review_note_id)
        .where(CALL.c.movement_id == movement)
        .order_by(CALL.c.answer_id.is_not(None), CALL.c.reviewed_on.is_not(None), UNIT.c.name, UNIT.c.id)
        .limit(PAGE)
        .offset(start)
    )
    rows = connection.execute(query).mappings().all()
    below = _below(connection, [row["answer_id"] for row in rows if row["answer_id"] is not None])
    return [
        {
            "unit": {"code": row["unit_code"], "name": row["unit_name"], "kind": row["kind"]},
            "answer": {"code": row["code"], "number": row["number"], "dated": row["dated"].isoformat()}
            if row["code"]
            else None,
            "reviewed_on": row["reviewed_on"].isoformat() if row["reviewed_on"] else None,
            "review": row["review"],
            "review_paper": row["review_name"] or None,
            "below": below.get(row["answer_id"], {"asked": 0, "answered": 0, "reviewed": 0}),
        }
        for row in rows
    ]


def _below(connection: Connection, answers: list[int]) -> dict[int, dict[str, int]]:
    """Of some plans: how many units were asked on every level under each, and how many answered and reviewed."""
    if not answers:
        return {}
    down = (
        select(CALL.c.movement_id.label("top"), CALL.c.movement_id, CALL.c.unit_id)
        .where(CALL.c.movement_id.in_(answers))
        .cte("down", recursive=True)
    )
    one = CALL.alias("one")
    down = down.union_all(
        select(down.c.top, CALL.c.movement_id, CALL.c.unit_id)
        .select_from(down)
        .join(one, and_(one.c.movement_id == down.c.movement_id, one.c.unit_id == down.c.unit_id))
        .join(CALL, CALL.c.movement_id == one.c.answer_id)
    )
    query = (
        select(
            down.c.top,
            func.count().label("asked"),
            func.count(CALL.c.answer_id).label("answered"),
            func.count(CALL.c.reviewed_on).label("reviewed"),
        )
        .join(CALL, and_(CALL.c.movement_id == down.c.movement_id, CALL.c.unit_id == down.c.unit_id))
        .group_by(down.c.top)
    )
    return {
        row.top: {"asked": row.asked, "answered": row.answered, "reviewed": row.reviewed}
        for row in connection.execute(query)
    }


def unanswered(connection: Connection, sight: Sight | None, code: str | None = None) -> list[dict[str, Any]]:
    """Every unit that has not answered a movement that runs and that a person sees, by the day it is due."""
    query = (
        select(
            MOVEMENT.c.code, MOVEMENT.c.theme, MOVEMENT.c.answer_by, UNIT.c.code.label("unit"), UNIT.c.name
        )
        .join(CALL, CALL.c.movement_id == MOVEMENT.c.id)
        .join(UNIT, UNIT.c.id == CALL.c.unit_id)
        .where(CALL.c.answer_id.is_(None), MOVEMENT.c.ended_at.is_(None), seen_movements(sight))
        .order_by(MOVEMENT.c.answer_by, MOVEMENT.c.id, UNIT.c.name)
    )
    if code is not None:
        query = query.where(MOVEMENT.c.code == code)
    return [
        {
            "movement": row.code,
            "theme": row.theme,
            "answer_by": row.answer_by.isoformat(),
            "unit": {"code": row.unit, "name": row.name},
        }
        for row in connection.execute(query)
    ]
