"""Which schools went on as which, by the published succession maps: what is known of one is known of its heir."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, or_, select

from casework.people import UNIT
from casework.regulations import successions


def heirs_on(connection: Connection, units: Collection[int], day: date) -> dict[int, set[int]]:
    """Unit → the schools into which it was merged by the published maps, those of these included."""
    found: dict[int, set[int]] = defaultdict(set)
    heirs = {
        code
        for plan in successions(connection)
        for row in plan.units
        if row.since <= day
        for code in row.becomes
    }
    if not heirs or not units:
        return found
    named = list(connection.execute(select(UNIT.c.id).where(UNIT.c.code.in_(sorted(heirs)))).scalars())
    for heir, before in predecessors(connection, named, day).items():
        for unit in before:
            if unit in units:
                found[unit].add(heir)
    return found


def predecessors(
    connection: Connection, units: Collection[int], day: date | None
) -> dict[int, tuple[int, ...]]:
    """Which schools were merged into each unit by the published maps, those before them included."""
    if day is None or not units:
        return {}
    heirs: dict[str, set[str]] = defaultdict(set)
    for plan in successions(connection):
        for row in plan.units:
            if row.since <= day:
                for heir in row.becomes:
                    heirs[heir].add(row.unit)
    if not heirs:
        return {}
    codes = {*heirs, *(code for before in heirs.values() for code in before)}
    named = select(UNIT.c.id, UNIT.c.code).where(or_(UNIT.c.code.in_(codes), UNIT.c.id.in_(list(units))))
    by_code = {row.code: row.id for row in connection.execute(named)}
    code_of = {number: code for code, number in by_code.items()}
    found: dict[int, tuple[int, ...]] = {}
    for unit in sorted(units):
        seen: dict[str, None] = {}
        waiting = sorted(heirs.get(code_of.get(unit, ""), ()))
        while waiting:
            code = waiting.pop()
            if code not in seen:
                seen[code] = None
                waiting += sorted(heirs.get(code, ()))
        if seen:
            found[unit] = tuple(by_code[code] for code in seen if code in by_code)
    return found
