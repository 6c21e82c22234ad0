"""What members of a council are told: they are called, asked for a written opinion, and told the outcome."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from casework.call import Call
from casework.council.tables import CouncilSeen, council_subject
from casework.outbox import enqueue, new_item

#: the kinds of letters, each told once a session and person
KINDS = ("council_called", "council_written", "council_result")


def tell(
    connection: Connection, kind: str, council: CouncilSeen, session: int, people: Iterable[int], call: Call
) -> None:
    """Put a letter into the outbox for each of some members, but for the one who acts."""
    subject = council_subject(council.id)
    facts = {"session": str(session), "unit": str(council.unit["id"])}
    told = [person for person in people if person != call.actor_id]
    enqueue(connection, [new_item(kind, subject, session, person, facts, call.now) for person in told])
