"""Movements as a nomination names them: in which a unit took part, and whether a title may rest on one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, literal, select

from casework.movements.calendar_of import MOVEMENT, UNIT
from casework.movements.rows import CALL
from casework.routing import nearest_of_many
from published.titles import Title
from rules.reasons import Reason
from rules.windows import local_day

#: by the law only merit counts in chains of years: what is given for a movement rests on nothing else, and the reverse
MERIT_ARTICLE = "NĐ 152/2025/NĐ-CP, Điều 4(3)"
# Movements among which one chooses, the newest.
_MOST = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A movement in which a unit took part. ``own`` is the plan with which it did, ``reviewed_on`` the day of its
    review: of what nobody asked of it, the day on which it ended its own plan."""

    movement: Mapping[str, Any]
    own: int
    reviewed_on: date | None


def parts_of(
    connection: Connection, units: Collection[int], movements: Collection[int] | None = None
) -> dict[tuple[int, int], Part]:
    """(unit, movement) → how the unit took part: by its own plans, and by what these answer, however far above.

    ``movements``: of these alone; else the newest. Answered in two ways, the one that was reviewed counts.
    """
    if not units or (movements is not None and not movements):
        return {}
    own = select(
        MOVEMENT.c.unit_id,
        MOVEMENT.c.id.label("own"),
        MOVEMENT.c.id,
        MOVEMENT.c.parent_id,
        literal(0).label("far"),
    ).where(MOVEMENT.c.unit_id.in_(sorted(units)))
    up = own.cte("up", recursive=True)
    up = up.union_all(
        select(up.c.unit_id, up.c.own, MOVEMENT.c.id, MOVEMENT.c.parent_id, up.c.far + 1).join(
            up, MOVEMENT.c.id == up.c.parent_id
        )
    )
    bottom = MOVEMENT.alias("bottom")
    query = (
        select(
            up.c.unit_id.label("by"),
            up.c.own,
            MOVEMENT,
            UNIT.c.name.label("unit_name"),
            UNIT.c.kind,
            CALL.c.reviewed_on,
            bottom.c.parent_id.label("answers"),
            bottom.c.ended_at.label("own_ended_at"),
        )
        .select_from(up)
        .join(MOVEMENT, MOVEMENT.c.id == up.c.id)
        .join(UNIT, UNIT.c.id == MOVEMENT.c.unit_id)
        .join(bottom, bottom.c.id == up.c.own)
        .outerjoin(CALL, CALL.c.answer_id == up.c.own)
        .order_by(MOVEMENT.c.dated.desc(), up.c.far.desc(), MOVEMENT.c.id)
    )
    if movements is None:
        query = query.limit(_MOST)
    else:
        query = query.where(MOVEMENT.c.id.in_(sorted(movements)))
    found: dict[tuple[int, int], Part] = {}
    for row in connection.execute(query).mappings():
        reviewed = row["reviewed_on"]
        if row["answers"] is None and row["own_ended_at"] is not None:
            reviewed = local_day(row["own_ended_at"])
        key = (row["by"], row["id"])
        if key not in found or (found[key].reviewed_on is None and reviewed is not None):
            found[key] = Part(dict(row), row["own"], reviewed)
    return found


@dataclass(frozen=True, slots=True)
class KnownMovements:
    """What is on file of some movements for the nominations of one unit, read at once."""

    unit: int
    rows: Mapping[str, Mapping[str, Any]]
    #: codes of those in which the unit took part
    taken_part: frozenset[str]
    #: codes of those launched by the unit itself, or by one that was above it then
    from_above: frozenset[str]

    @classmethod
    def of(cls, connection: Connection, unit: int, codes: Collection[str]) -> KnownMovements:
        """Those of ``codes`` that there are; without a code nothing is asked."""
        if not codes:
            return cls(unit, {}, frozenset(), frozenset())
        query = (
            select(MOVEMENT, UNIT.c.kind)
            .join(UNIT, UNIT.c.id == MOVEMENT.c.unit_id)
            .where(MOVEMENT.c.code.in_(sorted(codes)))
        )
        rows = {row["code"]: row for row in connection.execute(query).mappings()}
        ids = {row["id"]: code for code, row in rows.items()}
        taken_part = {ids[movement] for _, movement in parts_of(connection, [unit], ids)}
        above = set(taken_part)
        for code in rows.keys() - taken_part:
            near = nearest_of_many(connection, [unit], local_day(rows[code]["launched_at"]))
            if rows[code]["unit_id"] in near.get(unit, {}).values():
                above.add(code)
        return cls(unit, rows, frozenset(taken_part), frozenset(above))

    def against(self, title: Title, code: str | None, about: Mapping[str, Any]) -> list[Reason]:
        """Why a nomination for a title cannot rest on a movement, or on none; ``about`` says whose it is."""
        basis = title.movement
        if code is None:
            if basis is None or not basis.needed:
                return []
            return [Reason("movement_missing", dict(about), basis.article)]
        told = {**about, "movement": code}
        row = self.rows.get(code)
        reasons = [] if row is not None else [Reason("unknown_movement", {**about, "code": code})]
        if basis is None:
            return [*reasons, Reason("movement_not_for_title", told, MERIT_ARTICLE)]
        if row is None:
            return reasons
        if basis.launched_by and row["kind"] not in basis.launched_by:
            kinds = list(basis.launched_by)
            reasons.append(Reason("movement_of_other_rank", {**told, "kinds": kinds}, basis.article))
        if code not in self.from_above:
            reasons.append(Reason("movement_not_from_above", {**told, "unit": self.unit}, basis.article))
        elif code not in self.taken_part:
            reasons.append(Reason("movement_not_answered", {**told, "unit": self.unit}, basis.article))
        return reasons


def unfounded(
    connection: Connection, nominations: Collection[Mapping[str, Any]], titles: Mapping[str, Title]
) -> list[Reason]:
    """Why nominations cannot bring a title now: each names a movement that its unit has not reviewed, or none where
    ``title``, the one that would be given, needs one."""
    named = {row["movement_id"] for row in nominations} - {None}
    parts = parts_of(connection, {row["unit_id"] for row in nominations if row["movement_id"]}, named)
    codes = {}
    if named:
        query = select(MOVEMENT.c.id, MOVEMENT.c.code).where(MOVEMENT.c.id.in_(sorted(named)))
        codes = {row.id: row.code for row in connection.execute(query)}
    reasons = []
    for row in nominations:
        title = titles.get(row["title"])
        basis = title.movement if title is not None else None
        about = {"nomination": row["id"], "title": row["title"]}
        if row["movement_id"] is None:
            if basis is not None and basis.needed:
                reasons.append(Reason("movement_still_missing", about, basis.article))
            continue
        part = parts.get((row["unit_id"], row["movement_id"]))
        if part is None or part.reviewed_on is None:
            told = {**about, "movement": codes[row["movement_id"]], "unit": row["unit_id"]}
            reasons.append(Reason("movement_not_reviewed", told, basis.article if basis else MERIT_ARTICLE))
    return reasons
