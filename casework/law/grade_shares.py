"""How many of a unit have the highest grade of a school year beside how many may, and the same of the units it manages.

The law is that of the day on which the grades were decided: a share that came in July 2026 is not asked of 2025. The
base counts grades that are recorded; who has none is counted and named as such, because the share may still change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from casework.access import DUTY, EMPLOYMENT
from casework.law.grade_lines import finding_told
from casework.law.money_sight import sees_money
from casework.law.tables import grade_law_on
from casework.people import names_of, unit_names
from casework.routing import PLACEMENT, UNIT, unit_by_code
from casework.sight import Sight
from models.grade import Grade
from rules.grading import Graded, GradeFinding, GradeLaw, look_at_people, look_at_units
from rules.reasons import Reason, Refused
from rules.school_years import first_day, last_day, year_named

GRADE = Grade.__table__
#: who heads a unit. The head is graded by the body above (NĐ 233/2026/NĐ-CP Điều 13), so that no share of the unit's
#: own people counts them; task groups among the others are not recorded, and they are one group.
HEAD_DUTIES = ("chairman", "office_head", "principal")


@dataclass(frozen=True, slots=True)
class Looked:
    """The findings of one unit and school year. ``day``: the day whose law was asked; ``law`` None: none is published.

    ``ungraded`` are those on the books without a grade, of people and of units.
    """

    school_year: str
    day: date
    law: str | None
    unit_grade: str | None
    people: tuple[GradeFinding, ...]
    units: tuple[GradeFinding, ...]
    counted: dict[str, dict[str, int]]
    ungraded: dict[str, int]


def look_at_grades(connection: Connection, unit: int, school_year: str, day: date) -> Looked:
    """What the grades of a unit's people, and of the units under it, come to.

    ``day`` is the law's day where nothing was graded yet.
    """
    year = year_named(school_year)
    within = (first_day(year), last_day(year)) if year is not None else (day, day)
    people = _people(connection, unit, school_year, within)
    units = _units(connection, unit, school_year, within)
    own = _grade_of_unit(connection, unit, school_year)
    graded = [row for row in (*people, *units) if row.grade is not None]
    asked = max((row.decided_on for row in graded), default=day)
    law = grade_law_on(connection, asked) or GradeLaw("")
    heads = _heads(connection, unit, asked)
    of_people = [
        Graded(str(row.id), row.grade, head=row.id in heads) for row in people if row.grade is not None
    ]
    of_units = [Graded(str(row.id), row.grade) for row in units if row.grade is not None]
    return Looked(
        school_year,
        asked,
        law.rulebook or None,
        own,
        look_at_people(law, asked, of_people, own),
        look_at_units(law, asked, of_units, own),
        {"people": _counts(of_people), "units": _counts(of_units)},
        {"people": len(people) - len(of_people), "units": len(units) - len(of_units)},
    )


def _people(
    connection: Connection, unit: int, school_year: str, within: tuple[date, date]
) -> Sequence[Row[Any]]:
    """Everybody employed at the unit in the year, once, with the grade in force or None."""
    employed = (
        select(EMPLOYMENT.c.person_id)
        .where(
            EMPLOYMENT.c.unit_id == unit,
            EMPLOYMENT.c.since <= within[1],
            or_(EMPLOYMENT.c.until.is_(None), EMPLOYMENT.c.until >= within[1]),
        )
        .distinct()
        .subquery()
    )
    query = (
        select(employed.c.person_id.label("id"), GRADE.c.grade, GRADE.c.decided_on)
        .select_from(employed)
        .outerjoin(
            GRADE,
            (GRADE.c.person_id == employed.c.person_id)
            & (GRADE.c.school_year == school_year)
            & GRADE.c.replaced_at.is_(None),
        )
        .order_by(employed.c.person_id)
    )
    return connection.execute(query).all()


def _units(
    connection: Connection, unit: int, school_year: str, within: tuple[date, date]
) -> Sequence[Row[Any]]:
    """The schools that the unit manages at the end of the year, with the grade in force or None."""
    query = (
        select(UNIT.c.id, GRADE.c.grade, GRADE.c.decided_on)
        .join(PLACEMENT, PLACEMENT.c.unit_id == UNIT.c.id)
        .outerjoin(
            GRADE,
            (GRADE.c.unit_id == UNIT.c.id)
            & (GRADE.c.school_year == school_year)
            & GRADE.c.replaced_at.is_(None),
        )
        .where(
            PLACEMENT.c.under_id == unit,
            PLACEMENT.c.relation == "authority",
            PLACEMENT.c.since <= within[1],
            or_(PLACEMENT.c.until.is_(None), PLACEMENT.c.until >= within[1]),
            UNIT.c.kind == "school",
        )
        .order_by(UNIT.c.id)
    )
    return connection.execute(query).all()


def _grade_of_unit(connection: Connection, unit: int, school_year: str) -> str | None:
    query = select(GRADE.c.grade).where(
        GRADE.c.unit_id == unit, GRADE.c.school_year == school_year, GRADE.c.replaced_at.is_(None)
    )
    found = connection.execute(query).scalar()
    return str(found) if found is not None else None


def _heads(connection: Connection, unit: int, day: date) -> frozenset[int]:
    """Who heads the unit on a day."""
    query = select(DUTY.c.person_id).where(
        DUTY.c.unit_id == unit,
        DUTY.c.duty.in_(HEAD_DUTIES),
        DUTY.c.since <= day,
        or_(DUTY.c.until.is_(None), DUTY.c.until >= day),
    )
    return frozenset(connection.execute(query).scalars())


def _counts(graded: Iterable[Graded]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in graded:
        counts[one.grade] = counts.get(one.grade, 0) + 1
    return counts


def shares_of(
    connection: Connection,
    code: str,
    school_year: str,
    lang: str,
    day: date,
    sight: Sight | None = None,
) -> dict[str, Any]:
    """What `look_at_grades` finds, as plain data with names and words. ``sight`` None: an operator.

    Raises:
        Refused: there is no such unit, or nothing of it may be seen: the two look alike.
    """
    row = unit_by_code(connection, code)
    unit = int(str(row["id"]))
    if sight is not None and not may_see_grades(connection, sight, unit, day):
        raise Refused([Reason("unknown_unit", {"code": code})])
    looked = look_at_grades(connection, unit, school_year, day)
    keys = {int(key) for found in looked.people for key in found.keys}
    people = names_of(connection, keys)
    units = unit_names(connection, {int(key) for found in looked.units for key in found.keys})
    return {
        "unit": {"code": row["code"], "name": row["name"]},
        "school_year": school_year,
        "day": looked.day.isoformat(),
        "law": looked.law,
        "unit_grade": looked.unit_grade,
        "counted": looked.counted,
        "ungraded": looked.ungraded,
        "findings": [
            *(finding_told(found, {str(k): v for k, v in people.items()}, lang) for found in looked.people),
            *(finding_told(found, {str(k): v for k, v in units.items()}, lang) for found in looked.units),
        ],
    }


def may_see_grades(connection: Connection, sight: Sight, unit: int, day: date) -> bool:
    """Grades are personal data: seen at the unit itself, and by the offices above it; a bloc is none of these."""
    return unit in sees_money(connection, sight, (), (unit,), day).units
