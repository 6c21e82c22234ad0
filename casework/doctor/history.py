"""The history against the rows that it speaks of. Whether the chains themselves hold is `casework/audit/verify.py`."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, exists, or_, select

from casework.access import DUTY
from casework.doctor.finding import fault, warning
from casework.doctor.view import View, named
from casework.exemplars.stages import EXEMPLAR
from casework.history import ENTRY
from casework.letters.tables import LETTER
from casework.movements.calendar_of import MOVEMENT
from casework.people import PERSON
from casework.routing import UNIT


def entry_after_now(view: View) -> Iterator[str]:
    """An act is dated after the home's present instant."""
    query = select(ENTRY.c.subject, ENTRY.c.seq).where(ENTRY.c.at > view.now)
    for row in view.rows(query.order_by(ENTRY.c.subject, ENTRY.c.seq)):
        yield f"{row['subject']}#{row['seq']}"


def time_runs_backwards(view: View) -> Iterator[str]:
    """An act is dated before the one that it follows: the clock was set back."""
    before = ENTRY.alias("before")
    query = select(ENTRY.c.subject, ENTRY.c.seq).join(
        before, and_(before.c.subject == ENTRY.c.subject, before.c.seq == ENTRY.c.seq - 1)
    )
    for row in view.rows(query.where(ENTRY.c.at < before.c.at).order_by(ENTRY.c.subject, ENTRY.c.seq)):
        yield f"{row['subject']}#{row['seq']}"


def actor_unknown(view: View) -> Iterator[str]:
    """An act was done by, or on behalf of, a person who does not exist."""
    columns = (ENTRY.c.actor_id, ENTRY.c.on_behalf_of_id)
    unknown = [and_(column.is_not(None), ~exists().where(PERSON.c.id == column)) for column in columns]
    query = select(ENTRY.c.subject, ENTRY.c.seq).where(or_(*unknown))
    for row in view.rows(query.order_by(ENTRY.c.subject, ENTRY.c.seq)):
        yield f"{row['subject']}#{row['seq']}"


def acted_on_behalf_of_oneself(view: View) -> Iterator[str]:
    """An act was done on behalf of the one who did it."""
    query = select(ENTRY.c.subject, ENTRY.c.seq).where(ENTRY.c.actor_id == ENTRY.c.on_behalf_of_id)
    for row in view.rows(query.order_by(ENTRY.c.subject, ENTRY.c.seq)):
        yield f"{row['subject']}#{row['seq']}"


def chain_of_nothing(view: View) -> Iterator[str]:
    """A chain is of a unit, a bloc's year, a person, a letter, a movement or an exemplar that does not exist."""
    first = select(ENTRY.c.subject).where(ENTRY.c.seq == 1).order_by(ENTRY.c.subject)
    owners = (
        ("unit", UNIT),
        ("duties", PERSON),
        ("letter", LETTER),
        ("movement", MOVEMENT),
        ("exemplar", EXEMPLAR),
    )
    for kind, table in owners:
        unknown = ENTRY.c.subject.not_in(select(named(kind, table.c.id)))
        of_kind = ENTRY.c.subject.startswith(f"{kind}:", autoescape=True)
        for row in view.rows(first.where(of_kind, unknown)):
            yield row["subject"]
    # bloc_year:<unit>:<school year>
    for row in view.rows(first.where(ENTRY.c.subject.startswith("bloc_year:", autoescape=True))):
        bloc = row["subject"].split(":")[1]
        if not bloc.isdigit() or int(bloc) not in view.units:
            yield row["subject"]


def request_without_key(view: View) -> Iterator[str]:
    """An act has no request key: the same request could be done again."""
    blank = or_(ENTRY.c.request_key.is_(None), ENTRY.c.request_key == "")
    query = select(ENTRY.c.subject, ENTRY.c.seq).where(blank)
    for row in view.rows(query.order_by(ENTRY.c.subject, ENTRY.c.seq)):
        yield f"{row['subject']}#{row['seq']}"


def duty_of_nobody(view: View) -> Iterator[str]:
    """A duty is of a person or at a unit that does not exist."""
    query = (
        select(DUTY.c.id)
        .outerjoin(PERSON, PERSON.c.id == DUTY.c.person_id)
        .outerjoin(UNIT, UNIT.c.id == DUTY.c.unit_id)
    )
    yield from view.ids("duty", query.where(or_(PERSON.c.id.is_(None), UNIT.c.id.is_(None))))


INVARIANTS = (
    fault(entry_after_now),
    warning(time_runs_backwards),
    fault(actor_unknown),
    fault(acted_on_behalf_of_oneself),
    fault(chain_of_nothing),
    warning(request_without_key),
    fault(duty_of_nobody),
)
