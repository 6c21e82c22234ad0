"""Telling the tick to look again, when an act changes days that were worked out before."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, String, cast, or_, select, update

from casework.access import in_force
from casework.debts import OBLIGATION
from casework.load import DOSSIER
from casework.regulations import calendar_by_hash
from casework.routing import PLACEMENT, UNIT
from states.vocabulary import RESTING_KINDS

_AWAKE = DOSSIER.c.state_kind.not_in(RESTING_KINDS)


def look_at_unit(connection: Connection, unit: int, calendar: str, milestone: str, day: date) -> None:
    """Look again at what a unit owes by its word, and at the dossiers that are its own, on its desks or on their way
    there: one that an office returned owes what that office waits for, wherever it lies."""
    connection.execute(
        update(OBLIGATION)
        .where(
            OBLIGATION.c.unit_id == unit,
            OBLIGATION.c.calendar == calendar,
            OBLIGATION.c.milestone == milestone,
        )
        .values(look_on=day)
    )
    # A bloc's dates count for the dossiers of its schools.
    in_bloc = select(PLACEMENT.c.unit_id).where(
        PLACEMENT.c.under_id == unit, PLACEMENT.c.relation == "bloc", in_force(PLACEMENT, day)
    )
    touched = [DOSSIER.c.unit_id == unit, DOSSIER.c.desk_unit_id == unit, DOSSIER.c.unit_id.in_(in_bloc)]
    kind = connection.execute(select(UNIT.c.kind).where(UNIT.c.id == unit)).scalar_one()
    if kind != "school":
        # Read through: routes have no index. An office is granted more time a few times a year; schools are, daily.
        route = cast(DOSSIER.c.route, String)
        touched += [route.contains(f":{unit},"), route.contains(f":{unit}}}")]
    connection.execute(update(DOSSIER).where(or_(*touched), _AWAKE).values(look_on=day))


def look_at_calendar(connection: Connection, sha256: str, day: date) -> None:
    """Look again at everything that a calendar of which a new version was published may move."""
    calendar = calendar_by_hash(connection, sha256)
    connection.execute(update(OBLIGATION).where(OBLIGATION.c.calendar == calendar.name).values(look_on=day))
    connection.execute(
        update(DOSSIER).where(DOSSIER.c.school_year == calendar.school_year, _AWAKE).values(look_on=day)
    )


def look_at_everything(connection: Connection, day: date) -> None:
    """Look again at all that is open: new days off move working days, a new succession map names who is asked."""
    connection.execute(update(OBLIGATION).values(look_on=day))
    connection.execute(update(DOSSIER).where(_AWAKE).values(look_on=day))
