"""Units and where they stand: what the way of every new dossier is found by."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, exists, or_, select

from casework.doctor.finding import fault, warning
from casework.doctor.view import View, share_a_day
from casework.reads import SCORE
from casework.routing import PLACEMENT, UNIT
from rules.windows import local_day


def placed_twice(view: View) -> Iterator[str]:
    """A unit stands under two authorities, or in two blocs, on one day."""
    other = PLACEMENT.alias("other")
    same = and_(
        other.c.unit_id == PLACEMENT.c.unit_id,
        other.c.relation == PLACEMENT.c.relation,
        other.c.id < PLACEMENT.c.id,
        share_a_day(other, PLACEMENT),
    )
    yield from view.ids("placement", select(PLACEMENT.c.id).where(exists(select(other.c.id).where(same))))


def placed_in_a_circle(view: View) -> Iterator[str]:
    """Units stand under one another in a circle on some day."""
    query = select(PLACEMENT).where(PLACEMENT.c.relation == "authority")
    places = list(view.connection.execute(query))
    told: set[int] = set()
    # A circle exists on a day exactly when it exists on the day on which its last part began.
    for day in sorted({place.since for place in places}):
        above: dict[int, set[int]] = {}
        for place in places:
            if place.since <= day and (place.until is None or place.until >= day):
                above.setdefault(place.unit_id, set()).add(place.under_id)
        for unit in sorted(above):
            if unit not in told and _stands_above(above, unit, unit):
                told.add(unit)
                yield f"unit:{unit}"


def _stands_above(above: dict[int, set[int]], wanted: int, unit: int) -> bool:
    seen: set[int] = set()
    waiting = list(above.get(unit, ()))
    while waiting:
        current = waiting.pop()
        if current == wanted:
            return True
        if current not in seen:
            seen.add(current)
            waiting.extend(above.get(current, ()))
    return False


def placed_outside_its_time(view: View) -> Iterator[str]:
    """A unit still stands somewhere, or has others under it, after it has ended."""
    upper = UNIT.alias("upper")
    query = (
        select(PLACEMENT.c.id)
        .join(UNIT, UNIT.c.id == PLACEMENT.c.unit_id)
        .join(upper, upper.c.id == PLACEMENT.c.under_id)
    )
    after = or_(
        *(
            and_(end.is_not(None), or_(PLACEMENT.c.until.is_(None), PLACEMENT.c.until > end))
            for end in (UNIT.c.until, upper.c.until)
        )
    )
    yield from view.ids("placement", query.where(after).order_by(PLACEMENT.c.id))


def score_of_strange_bloc(view: View) -> Iterator[str]:
    """A bloc scored a school that did not belong to it on that day."""
    for row in view.rows(select(SCORE).order_by(SCORE.c.id)):
        day = local_day(row["recorded_at"])
        belongs = select(PLACEMENT.c.id).where(
            PLACEMENT.c.unit_id == row["school_id"],
            PLACEMENT.c.under_id == row["bloc_id"],
            PLACEMENT.c.relation == "bloc",
            PLACEMENT.c.since <= day,
            or_(PLACEMENT.c.until.is_(None), PLACEMENT.c.until >= day),
        )
        if view.connection.execute(belongs).first() is None:
            yield f"bloc_score:{row['id']}"


def rank_against_score(view: View) -> Iterator[str]:
    """A school has a better rank than one of its bloc with more points."""
    other = SCORE.alias("other")
    better = and_(
        other.c.bloc_id == SCORE.c.bloc_id,
        other.c.school_year == SCORE.c.school_year,
        other.c.score > SCORE.c.score,
        other.c.rank > SCORE.c.rank,
    )
    query = select(SCORE.c.id).where(exists(select(other.c.id).where(better))).order_by(SCORE.c.id)
    yield from view.ids("bloc_score", query)


INVARIANTS = (
    fault(placed_twice),
    fault(placed_in_a_circle),
    warning(placed_outside_its_time),
    fault(score_of_strange_bloc),
    # A bloc may rank by more than points; several schools may share one rank.
    warning(rank_against_score),
)
