"""One movement for its page: how long each unit still has, what the person may read and follow, what is hers to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, select

from casework.call import Call
from casework.debts import unit_debt
from casework.movements.calendar_of import (
    ANSWER,
    MOVEMENT,
    REVIEW,
    UNIT,
    calendar_name,
    milestone_name,
    movement_calendars,
)
from casework.movements.rows import CALL, against_planning
from casework.reads import Reads
from casework.routing import nearest_of_many
from casework.sight import Sight
from casework.views.movements import ShownMovement, seen_movements, show_movement, standing_of
from rules.reminders import days_left
from rules.windows import local_day


@dataclass(frozen=True, slots=True)
class MovementPage:
    """``calls`` are those of ``shown`` with what is still owed (``what`` answer or review, ``due``, ``days_left``,
    ``open``; None where nothing is), ``reads``: whether review and paper may be read, and ``link``: whether the page of
    the answer may be seen. ``own``: units that the person answers for, with the act that is theirs now, or None."""

    shown: ShownMovement
    standing: str
    above: list[dict[str, Any]]
    calls: list[dict[str, Any]]
    own: list[dict[str, Any]]


def movement_page(
    connection: Connection, sight: Sight, row: Mapping[str, Any], now: datetime, *, start: int = 0
) -> MovementPage:
    """A movement (its row) that the person may see; ``start`` turns the pages of whom it asked."""
    day = local_day(now)
    shown = show_movement(connection, sight, row["code"], start=start)
    codes = [plan["code"] for plan in shown.above]
    codes += [call["answer"]["code"] for call in shown.calls if call["answer"]]
    asked = _ids(connection, [call["unit"]["code"] for call in shown.calls])
    seen, units = seen_plans(connection, sight, codes, asked.values(), now)
    at_home = sight.administers or row["unit_id"] in sight.units
    owed = _owed(connection, shown, asked, now)
    return MovementPage(
        shown,
        standing_of(shown.movement, day),
        [{**plan, "link": plan["code"] in seen} for plan in shown.above],
        [
            {
                **call,
                "owed": owed.get(call["unit"]["code"]),
                "reads": at_home or asked[call["unit"]["code"]] in units,
                "link": call["answer"] is not None and call["answer"]["code"] in seen,
            }
            for call in shown.calls
        ],
        own_calls(connection, sight, row, Call(sight.person, now, "look", "look")),
    )


def _ids(connection: Connection, codes: Collection[str]) -> dict[str, int]:
    query = select(UNIT.c.code, UNIT.c.id).where(UNIT.c.code.in_(list(codes)))
    return {row.code: row.id for row in connection.execute(query)}


def seen_plans(
    connection: Connection, sight: Sight, codes: Collection[str], asked: Iterable[int], now: datetime
) -> tuple[frozenset[str], frozenset[int]]:
    """Those of some movements and of some units that a person may see, in as many statements however many."""
    if sight.administers:
        return frozenset(codes), frozenset(asked)
    columns = (MOVEMENT.c.code, MOVEMENT.c.unit_id)
    plans = list(connection.execute(select(*columns).where(MOVEMENT.c.code.in_(list(codes)))))
    direct = select(MOVEMENT.c.code).where(MOVEMENT.c.code.in_(list(codes)), seen_movements(sight))
    near = nearest_of_many(connection, {*asked, *(plan.unit_id for plan in plans)}, local_day(now))
    units = {
        unit
        for unit, above in near.items()
        if unit in sight.units or not sight.units.isdisjoint(above.values())
    }
    seen = set(connection.execute(direct).scalars())
    seen |= {plan.code for plan in plans if plan.unit_id in units}
    return frozenset(seen), frozenset(units)


def _owed(
    connection: Connection, shown: ShownMovement, asked: Mapping[str, int], now: datetime
) -> dict[str, dict[str, Any]]:
    """What the units of a page still owe, extensions in it, by their codes; nothing after the movement's end."""
    name = calendar_name(shown.movement["code"])
    calendar = movement_calendars(connection, [name]).get(name)
    if calendar is None:
        return {}
    reads = Reads(connection, local_day(now))
    reads.dates.fetch(asked.values())
    reads.fetch_ends(asked.values())
    found = {}
    for call in shown.calls:
        if call["reviewed_on"] is not None:
            continue
        what, unit = REVIEW if call["answer"] else ANSWER, call["unit"]
        debt = unit_debt(reads, calendar, milestone_name(what, unit["kind"]), asked[unit["code"]], "")
        found[unit["code"]] = {
            "what": what,
            "calendar": name,
            "milestone": debt.milestone,
            "opens": debt.term.opens.isoformat(),
            "due": debt.due.isoformat(),
            "days_left": days_left(debt.due, reads.day),
            "open": debt.term.opens <= reads.day,
        }
    return found


def own_calls(
    connection: Connection, sight: Sight, movement: Mapping[str, Any], call: Call
) -> list[dict[str, Any]]:
    """What a movement asked of units that a person answers for: unit, answer, day of the review, and ``act``: answer,
    review, or None where nothing is to be done or others do it."""
    query = (
        select(CALL.c.answer_id, CALL.c.reviewed_on, UNIT)
        .join(UNIT, UNIT.c.id == CALL.c.unit_id)
        .where(CALL.c.movement_id == movement["id"], CALL.c.unit_id.in_(sorted(sight.units)))
        .order_by(UNIT.c.name, UNIT.c.id)
    )
    found = []
    for row in connection.execute(query).mappings().all():
        act = ANSWER if row["answer_id"] is None else REVIEW if row["reviewed_on"] is None else None
        ended = movement["ended_at"] is not None
        if act is None or ended or against_planning(connection, row, call, ended_too=True):
            act = None
        unit = {name: row[name] for name in ("id", "code", "name", "kind")}
        found.append({"unit": unit, "reviewed_on": row["reviewed_on"], "act": act})
    return found


@dataclass(frozen=True, slots=True)
class StoredMovementPaper:
    """The paper of a plan or of a review: where its bytes are, and its name as part of an address."""

    sha256: str
    quoted: str


def paper_of_movement(row: Mapping[str, Any]) -> StoredMovementPaper | None:
    """The plan's paper, of a movement's row."""
    return _stored(row["paper_sha256"], row["paper_name"])


def paper_of_review(connection: Connection, movement: int, unit: int) -> StoredMovementPaper | None:
    """The paper of a unit's review."""
    query = select(CALL.c.review_sha256, CALL.c.review_name).where(
        CALL.c.movement_id == movement, CALL.c.unit_id == unit
    )
    row = connection.execute(query).first()
    return _stored(row.review_sha256, row.review_name) if row else None


def _stored(sha256: str | None, name: str) -> StoredMovementPaper | None:
    return StoredMovementPaper(sha256, quote(name, safe="")) if sha256 else None
