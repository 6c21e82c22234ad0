"""Whose history a person may keep, and whose disciplines and matters a person may know of.

The keepers are those who appraise, for the people of the units below them; whoever has no employer any more belongs to
the last one. Disciplines and matters are known to those who judge, of the people below them, and to nobody else: not to
a school, not to an administrator. Nobody keeps anything about themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, true

from casework.access import DUTY, EMPLOYMENT, holdings_of, in_force, not_holding
from casework.call import Call
from casework.people import PERSON
from casework.routing import in_charge_of, nearest_of_many
from casework.successions import Successions
from casework.views.below import units_below
from casework.views.staff import bare, like
from rules.reasons import Reason
from rules.school_years import first_day, last_day, name_of, year_named, year_of

#: who keeps what was decided earlier, and elsewhere
KEEPERS = ("appraiser", "province_appraiser", "ministry_branch")
#: who must know of disciplines and matters in order to judge
JUDGES = (
    *KEEPERS,
    "reviewer",
    "office_head",
    "council_secretary",
    "council_chair",
    "chairman",
    "vice_chairman",
    "ministry_decider",
    "state_desk",
)
#: who records the grades that a school itself decides
AT_SCHOOL = ("clerk", "principal")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whose history may be kept, as far as rows of a file are compared with it."""

    id: int
    code: str
    name: str
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class Reach:
    """The units and the people whose history a person may keep; ``people`` by id."""

    units: frozenset[int]
    people: Mapping[int, Known]

    def by_code(self) -> dict[str, Known]:
        """The people by their staff codes, as codes are compared."""
        return {like(one.code): one for one in self.people.values()}

    def by_name(self) -> dict[str, list[Known]]:
        """The people by their names, as names are compared."""
        return _grouped((like(one.name), one) for one in self.people.values())

    def by_bare_name(self) -> dict[str, list[Known]]:
        """The people by their names without marks."""
        return _grouped((bare(one.name), one) for one in self.people.values())


def _grouped(pairs: Iterable[tuple[str, Known]]) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return found


def units_kept(connection: Connection, person: int, duties: Collection[str], day: date) -> frozenset[int]:
    """The units below those at which ``person`` holds one of ``duties``, and the ended ones that became one of them."""
    mine = {h.unit_id for h in holdings_of(connection, person, day) if h.duty in duties}
    if not mine:
        return frozenset()
    below = units_below(connection, mine, day, true())
    successions = Successions(connection, day)
    ended = successions.ended()
    if ended:
        successions.fetch(ended)
        below |= {unit for unit in ended if not below.isdisjoint(successions.heirs_of(unit, {}))}
    return frozenset(below)


def reach_of(connection: Connection, person: int, day: date, units: Collection[int] = ()) -> Reach:
    """Whose history a keeper may keep; ``units`` narrows it to people who were ever employed there."""
    kept = units_kept(connection, person, KEEPERS, day)
    if units:
        wanted = kept & set(units)
        people = people_of(connection, wanted, kept, day)
        return Reach(frozenset(wanted), people)
    return Reach(kept, people_of(connection, kept, kept, day))


def people_of(
    connection: Connection, units: Collection[int], kept: Collection[int], day: date
) -> dict[int, Known]:
    """Who was ever employed at one of ``units`` and belongs to one of ``kept``: is employed there, or was last."""
    if not units:
        return {}
    ever = select(EMPLOYMENT.c.person_id).where(EMPLOYMENT.c.unit_id.in_(sorted(units)))
    query = (
        select(PERSON.c.id, PERSON.c.code, PERSON.c.name, PERSON.c.birth_date, EMPLOYMENT)
        .join(EMPLOYMENT, EMPLOYMENT.c.person_id == PERSON.c.id)
        .where(PERSON.c.id.in_(ever), PERSON.c.erased_at.is_(None))
        .order_by(PERSON.c.code)
    )
    found: dict[int, Known] = {}
    employers: dict[int, list[Any]] = {}
    for row in connection.execute(query):
        found[row[0]] = Known(row[0], row.code, row.name, row.birth_date)
        employers.setdefault(row[0], []).append(row)
    return {
        person: one
        for person, one in found.items()
        if any(row.unit_id in kept for row in _latest(employers[person], day))
    }


def _latest(rows: list[Any], day: date) -> list[Any]:
    """The employments of a day; where there is none, the last one before it; of who has none yet, the first to come."""
    begun = [row for row in rows if row.since <= day]
    now = [row for row in begun if row.until is None or row.until >= day]
    if now:
        return now
    last = max if begun else min
    return [last(begun or rows, key=lambda row: (row.since, row.unit_id))]


def against_keeping(connection: Connection, call: Call, reach: Reach) -> list[Reason]:
    """Nothing, or the reason that nobody's history is the caller's to keep."""
    return [] if reach.units else [not_holding(KEEPERS, 0)]


def graders_reach(
    connection: Connection, call: Call, unit: int, school_year: str
) -> tuple[Reach, list[Reason]]:
    """Whose grades of a year the caller may record at a unit, and why none.

    A keeper records those of everybody who was employed there in the year, and the unit's own. A school records what
    its head decides, for the school year that runs and the one before: not its own grade, and not its head's, which
    others decide (NĐ 233/2026 Điều 8(7), 13).
    """
    year = year_named(school_year)
    actor = call.actor_id or 0
    kept = units_kept(connection, actor, KEEPERS, call.day)
    there = _employed_in(connection, unit, year) if year is not None else {}
    if unit in kept:
        return Reach(frozenset({unit}), there), []
    held = {h.duty for h in holdings_of(connection, actor, call.day) if h.unit_id == unit}
    if held.isdisjoint(AT_SCHOOL):
        return Reach(frozenset(), {}), [not_holding((*AT_SCHOOL, *KEEPERS), unit)]
    now = year_of(call.day)
    if year is not None and year not in (now, now - 1):
        own = [name_of(now - 1), name_of(now)]
        return Reach(frozenset(), {}), [Reason("grades_of_other_year", {"years": own})]
    heads = select(DUTY.c.person_id).where(
        DUTY.c.unit_id == unit, DUTY.c.duty == "principal", in_force(DUTY, call.day)
    )
    without = set(connection.execute(heads).scalars())
    return Reach(frozenset(), {n: one for n, one in there.items() if n not in without}), []


def _employed_in(connection: Connection, unit: int, year: int) -> dict[int, Known]:
    query = (
        select(PERSON.c.id, PERSON.c.code, PERSON.c.name, PERSON.c.birth_date)
        .join(EMPLOYMENT, EMPLOYMENT.c.person_id == PERSON.c.id)
        .where(
            EMPLOYMENT.c.unit_id == unit,
            EMPLOYMENT.c.since <= last_day(year),
            EMPLOYMENT.c.until.is_(None) | (EMPLOYMENT.c.until >= first_day(year)),
            PERSON.c.erased_at.is_(None),
        )
        .distinct()
    )
    return {row.id: Known(row.id, row.code, row.name, row.birth_date) for row in connection.execute(query)}


def above_person(connection: Connection, person: int, day: date) -> frozenset[int]:
    """The units of a person (the last ones, where none employs them any more) and those above them, with whoever took
    over the work of one that ended."""
    return above_units(connection, employers_of(connection, person, day), day)


def employers_of(connection: Connection, person: int, day: date) -> frozenset[int]:
    """The units that employ a person on a day; where none does, the last one."""
    rows = list(connection.execute(select(EMPLOYMENT).where(EMPLOYMENT.c.person_id == person)))
    return frozenset(row.unit_id for row in _latest(rows, day)) if rows else frozenset()


def above_units(connection: Connection, units: Collection[int], day: date) -> frozenset[int]:
    """Units and those above them; in the place of one that ended stand its successors."""
    living = {heir for unit in units for heir in in_charge_of(connection, unit, day).units}
    near = nearest_of_many(connection, living, day) if living else {}
    return frozenset(unit for above in near.values() for unit in above.values())


def may_keep(connection: Connection, actor: int, holder: str, number: int, day: date) -> bool:
    """Whether ``actor`` may keep the history of a person or unit (``holder`` is `person` or `unit`)."""
    return _holds_above(connection, actor, KEEPERS, holder, number, day)


def may_know(connection: Connection, actor: int, holder: str, number: int, day: date) -> bool:
    """Whether ``actor`` may know of disciplines and matters of a person or unit because they judge."""
    return _holds_above(connection, actor, JUDGES, holder, number, day)


def _holds_above(
    connection: Connection, actor: int, duties: Collection[str], holder: str, number: int, day: date
) -> bool:
    if holder == "person" and number == actor:
        return False
    mine = {h.unit_id for h in holdings_of(connection, actor, day) if h.duty in duties}
    if not mine:
        return False
    above = (
        above_person(connection, number, day)
        if holder == "person"
        else above_units(connection, [number], day)
    )
    return not mine.isdisjoint(above)


def may_see_career(connection: Connection, actor: int, administers: bool, person: int, day: date) -> bool:
    """Whether ``actor`` may see titles, grades and service of a person: their own; of people of the units at which they
    hold a duty; of people below them where they judge. An administrator may."""
    if administers or actor == person:
        return True
    mine = {h.unit_id for h in holdings_of(connection, actor, day)}
    if not mine.isdisjoint(employers_of(connection, person, day)):
        return True
    return may_know(connection, actor, "person", person, day)


def keeper_reasons(
    connection: Connection, call: Call, *, person: int | None = None, unit: int | None = None
) -> list[Reason]:
    """Why the caller may keep nothing about a person or a unit."""
    if person is not None and call.actor_id == person:
        return [Reason("about_yourself", {"person": person})]
    holder, number = ("person", person) if person is not None else ("unit", unit)
    if may_keep(connection, call.actor_id or 0, holder, int(number or 0), call.day):
        return []
    return [not_holding(KEEPERS, 0)]
