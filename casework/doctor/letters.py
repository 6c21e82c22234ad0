"""The outbox and the letters: what people are still to be told, and what they were told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import and_, or_, select

from casework.doctor.finding import fault, warning
from casework.doctor.view import View, named
from casework.letters.tables import ATTEMPT, LETTER, OUTBOX
from casework.load import DOSSIER
from casework.people import PERSON

# A postman of any flow finds such a letter within minutes.
LONG_OVER = timedelta(hours=1)


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


def item_in_strange_letter(view: View) -> Iterator[str]:
    """An item stands in the letter of another person or kind, or in none that exists."""
    joined = select(OUTBOX.c.key).outerjoin(LETTER, LETTER.c.id == OUTBOX.c.letter_id)
    strange = or_(
        LETTER.c.id.is_(None), LETTER.c.person_id != OUTBOX.c.person_id, LETTER.c.kind != OUTBOX.c.kind
    )
    query = joined.where(OUTBOX.c.letter_id.is_not(None), strange).order_by(OUTBOX.c.key)
    yield from view.ids("outbox_item", query)


def item_sent_without_letter(view: View) -> Iterator[str]:
    """An item counts as sent, and no letter took it along."""
    query = select(OUTBOX.c.key).where(OUTBOX.c.standing == "sent", OUTBOX.c.letter_id.is_(None))
    yield from view.ids("outbox_item", query.order_by(OUTBOX.c.key))


def letter_sent_with_other_items(view: View) -> Iterator[str]:
    """A letter was sent, and an item of it still waits or was struck."""
    query = select(LETTER.c.id).distinct().join(OUTBOX, OUTBOX.c.letter_id == LETTER.c.id)
    other = and_(LETTER.c.standing == "sent", OUTBOX.c.standing != "sent")
    yield from view.ids("letter", query.where(other).order_by(LETTER.c.id))


def letter_sent_without_answer(view: View) -> Iterator[str]:
    """A letter counts as sent, and no answer of the mail server says so."""
    taken = select(ATTEMPT.c.id).where(ATTEMPT.c.letter_id == LETTER.c.id, ATTEMPT.c.answer == "sent")
    query = select(LETTER.c.id).where(LETTER.c.standing == "sent", ~taken.exists())
    yield from view.ids("letter", query.order_by(LETTER.c.id))


def letter_without_items(view: View) -> Iterator[str]:
    """A letter says nothing, and was not retracted."""
    items = select(OUTBOX.c.key).where(OUTBOX.c.letter_id == LETTER.c.id)
    query = select(LETTER.c.id).where(LETTER.c.standing != "retracted", ~items.exists())
    yield from view.ids("letter", query.order_by(LETTER.c.id))


def letter_lease_long_over(view: View) -> Iterator[str]:
    """A postman has had a letter in hand for so long that it cannot be at work any more, and no other looked."""
    over = and_(LETTER.c.standing == "sending", LETTER.c.leased_until < view.wall - LONG_OVER)
    yield from view.ids("letter", select(LETTER.c.id).where(over).order_by(LETTER.c.id))


INVARIANTS = (
    fault(item_about_nothing),
    fault(item_for_nobody),
    warning(item_without_address),
    fault(item_key_differs),
    fault(item_in_strange_letter),
    fault(item_sent_without_letter),
    fault(letter_sent_with_other_items),
    fault(letter_sent_without_answer),
    fault(letter_without_items),
    warning(letter_lease_long_over),
)
