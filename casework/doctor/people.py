"""People: where they work, what duties they hold and lend, and what is left of those who were erased."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, exists, or_, select

from casework.access import DELEGATION, DUTY, EMPLOYMENT, in_force
from casework.doctor.finding import fault, warning
from casework.doctor.view import View, share_a_day
from casework.people import PERSON
from models.unit import Placement

PERIODS = (
    ("employment", EMPLOYMENT),
    ("duty", DUTY),
    ("delegation", DELEGATION),
    ("placement", Placement.__table__),
)


def period_ends_before_it_begins(view: View) -> Iterator[str]:
    """An employment, duty, delegation or placement ends before it begins."""
    for kind, table in PERIODS:
        yield from view.ids(kind, select(table.c.id).where(table.c.until < table.c.since))


def duty_twice(view: View) -> Iterator[str]:
    """A person holds the same duty at the same unit twice on one day."""
    other = DUTY.alias("other")
    same = and_(
        other.c.person_id == DUTY.c.person_id,
        other.c.unit_id == DUTY.c.unit_id,
        other.c.duty == DUTY.c.duty,
        other.c.id < DUTY.c.id,
        share_a_day(other, DUTY),
    )
    yield from view.ids("duty", select(DUTY.c.id).where(exists(select(other.c.id).where(same))))


def employed_twice(view: View) -> Iterator[str]:
    """A person is employed twice on one day."""
    other = EMPLOYMENT.alias("other")
    same = and_(
        other.c.person_id == EMPLOYMENT.c.person_id,
        other.c.id < EMPLOYMENT.c.id,
        share_a_day(other, EMPLOYMENT),
    )
    query = select(EMPLOYMENT.c.id).where(exists(select(other.c.id).where(same)))
    yield from view.ids("employment", query)


def lent_to_oneself(view: View) -> Iterator[str]:
    """A duty is lent to the one who holds it."""
    query = select(DELEGATION.c.id).join(DUTY, DUTY.c.id == DELEGATION.c.duty_id)
    yield from view.ids("delegation", query.where(DUTY.c.person_id == DELEGATION.c.to_person_id))


def lent_twice(view: View) -> Iterator[str]:
    """A duty is lent to the same person twice on one day."""
    other = DELEGATION.alias("other")
    same = and_(
        other.c.duty_id == DELEGATION.c.duty_id,
        other.c.to_person_id == DELEGATION.c.to_person_id,
        other.c.ended_at.is_(None),
        other.c.id < DELEGATION.c.id,
        share_a_day(other, DELEGATION),
    )
    query = select(DELEGATION.c.id).where(DELEGATION.c.ended_at.is_(None))
    yield from view.ids("delegation", query.where(exists(select(other.c.id).where(same))))


def lent_beyond_the_duty(view: View) -> Iterator[str]:
    """A duty is lent for days on which the lender does not hold it."""
    query = select(DELEGATION.c.id).join(DUTY, DUTY.c.id == DELEGATION.c.duty_id)
    beyond = or_(DELEGATION.c.since < DUTY.c.since, DELEGATION.c.until > DUTY.c.until)
    yield from view.ids("delegation", query.where(DELEGATION.c.ended_at.is_(None), beyond))


def erased_person_has_data(view: View) -> Iterator[str]:
    """A person was erased, and a name, birth date, gender or address is still there."""
    left = or_(
        PERSON.c.name != PERSON.c.code,
        PERSON.c.birth_date.is_not(None),
        PERSON.c.gender != "",
        PERSON.c.email != "",
    )
    yield from view.ids("person", select(PERSON.c.id).where(PERSON.c.erased_at.is_not(None), left))


def no_administrator(view: View) -> Iterator[str]:
    """Duties are held and nobody is an administrator."""
    held = select(DUTY.c.id).where(in_force(DUTY, view.today))
    administers = held.where(DUTY.c.duty == "administrator")
    anybody = view.connection.execute(held.limit(1)).first() is not None
    if anybody and view.connection.execute(administers.limit(1)).first() is None:
        yield "home:administrators"


INVARIANTS = (
    fault(period_ends_before_it_begins),
    fault(duty_twice),
    # Somebody may really work at two schools; recusal then counts both.
    warning(employed_twice),
    fault(lent_to_oneself),
    fault(lent_twice),
    # It gives no right on those days. A duty that ends early leaves it behind.
    warning(lent_beyond_the_duty),
    fault(erased_person_has_data),
    warning(no_administrator),
)
