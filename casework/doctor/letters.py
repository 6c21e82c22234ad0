"""The outbox: what people are still to be told."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, select

from casework.doctor.finding import fault, warning
from casework.doctor.view import View, named
from casework.load import DOSSIER
from casework.people import PERSON
from casework.record_step import OUTBOX


def item_about_nothing(view: View) -> Iterator[str]:
    """An item is about a dossier that does not exist."""
    # A list of names, which either database looks up by hash: names made of ids have no index.
    unknown = OUTBOX.c.subject.not_in(select(named("dossier", DOSSIER.c.id)))
    about_dossier = OUTBOX.c.subject.startswith("dossier:", autoescape=True)
    yield from view.ids("outbox_item", select(OUTBOX.c.key).where(about_dossier, unknown))


def item_for_nobody(view: View) -> Iterator[str]:
    """An item is for a person who does not exist."""
    query = select(OUTBOX.c.key).outerjoin(PERSON, PERSON.c.id == OUTBOX.c.person_id)
    yield from view.ids("outbox_item", query.where(PERSON.c.id.is_(None)))


def item_without_address(view: View) -> Iterator[str]:
    """A queued item is for a person without an e-mail address."""
    query = select(OUTBOX.c.person_id).distinct().join(PERSON, PERSON.c.id == OUTBOX.c.person_id)
    waits = and_(OUTBOX.c.standing == "queued", PERSON.c.email == "")
    yield from view.ids("person", query.where(waits).order_by(OUTBOX.c.person_id))


def item_key_differs(view: View) -> Iterator[str]:
    """An item's key does not name its kind, its subject and its person: it could be enqueued twice."""
    query = select(OUTBOX.c.key, OUTBOX.c.kind, OUTBOX.c.subject, OUTBOX.c.person_id)
    for row in view.rows(query.order_by(OUTBOX.c.key)):
        start, end = f"{row['kind']}/{row['subject']}/", f"/{row['person_id']}"
        if not (row["key"].startswith(start) and row["key"].endswith(end)):
            yield f"outbox_item:{row['key']}"


INVARIANTS = (
    fault(item_about_nothing),
    fault(item_for_nobody),
    warning(item_without_address),
    fault(item_key_differs),
)
