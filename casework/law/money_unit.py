"""The money of what one unit and its people got for a school year, line by line."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, union

from casework.access import EMPLOYMENT
from casework.decided import AWARD, OF_NO_INITIATIVE
from casework.law.awards import awards_where
from casework.law.money_sheet import lines_told, sums_by_decision, sums_by_title
from casework.law.money_sight import sees_money
from casework.law.reckoned import HELD, reckoned_of, totals
from casework.sight import Sight


def _awards(*columns: Any) -> Select[Any]:
    """Awards of a unit (``unit``), and of whoever it ever employed: more than were given to its people of that day, and
    found without looking at every award of a year."""
    people = select(EMPLOYMENT.c.person_id).where(EMPLOYMENT.c.unit_id == bindparam("unit"))
    own = select(*columns).where(OF_NO_INITIATIVE, AWARD.c.unit_id == bindparam("unit"))
    theirs = select(*columns).where(OF_NO_INITIATIVE, AWARD.c.person_id.in_(people))
    return select(union(own, theirs).subquery())


_YEARS = _awards(AWARD.c.school_year).order_by("school_year")
_OF_ALL_YEARS = _awards(AWARD.c.id, AWARD.c.school_year).subquery()
_OF_A_YEAR = select(_OF_ALL_YEARS.c.id).where(_OF_ALL_YEARS.c.school_year == bindparam("year"))


def money_of_unit(
    connection: Connection, unit: int, school_year: str | None, lang: str, day: date, sight: Sight
) -> dict[str, Any] | None:
    """What the awards of a unit and its people of a school year pay, as plain data; None where ``sight`` shows none of
    the unit's money. ``years`` are those of which it or somebody who was ever employed there has an award; without a
    ``school_year`` the newest of them is meant, and None stands where there is none.

    Raises:
        Refused: no catalogue of titles was published.
    """
    if unit not in sees_money(connection, sight, (), [unit], day).units:
        return None
    years = list(connection.execute(_YEARS, {"unit": unit}).scalars())
    if school_year is None and years:
        school_year = years[-1]
    # Read first, and not a part of what follows: SQLite would begin there with every award that there is.
    found = connection.execute(_OF_A_YEAR, {"unit": unit, "year": school_year})
    condition = AWARD.c.id.in_(sorted(found.scalars()))
    rows = [row for row in awards_where(connection, condition) if row["at_id"] == unit]
    reckoned = reckoned_of(connection, condition, rows)
    lines = lines_told(connection, condition, reckoned, sight, lang)
    held = [one for one in reckoned if one.row["standing"] == HELD]
    return {
        "school_year": school_year,
        "years": years,
        "rows": [line for line in lines if line["standing"] == HELD],
        "fallen": [line for line in lines if line["standing"] != HELD],
        "totals": {**totals(held), "elsewhere": sum(bool(line["elsewhere"]) for line in lines)},
        "titles": sums_by_title(connection, held, lang),
        "decisions": sums_by_decision(connection, held),
    }
