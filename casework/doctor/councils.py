"""Councils: what was counted is what the ballots say, and nothing is left of a box that is closed."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from casework.council.ballot_box import list_hash
from casework.council.count import figures_of, outcome_of, votes_by_name
from casework.council.tables import BALLOT, SESSION, SLOT, council_subject, session_seen
from casework.doctor.finding import fault
from casework.doctor.view import View, payload_of
from casework.history import ENTRY

Ballots = list[tuple[int, str, str]]


def _counted(view: View) -> list[tuple[int, int, str, Ballots]]:
    """(session, council, hash, ballots) of every counted session."""
    found = []
    rows = view.connection.execute(
        select(SESSION).where(SESSION.c.standing.in_(("counted", "closed"))).order_by(SESSION.c.id)
    )
    for row in rows.mappings().all():
        query = select(BALLOT.c.paper, BALLOT.c.code, BALLOT.c.choices).where(
            BALLOT.c.session_id == row["id"]
        )
        ballots = [(b.paper, b.code, b.choices) for b in view.connection.execute(query)]
        found.append((row["id"], row["council_id"], row["ballots_sha256"], ballots))
    return found


def ballots_not_as_counted(view: View) -> Iterator[str]:
    """The ballots of a session are not those whose hash was kept at the count, in its row and in the chain."""
    for session, council, sha256, ballots in _counted(view):
        entries = view.connection.execute(
            select(ENTRY.c.payload)
            .where(ENTRY.c.subject == council_subject(council), ENTRY.c.event == "count_ballots")
            .order_by(ENTRY.c.seq)
        ).scalars()
        counts = [count for payload in entries if (count := payload_of(payload)) is not None]
        kept = [count.get("sha256") for count in counts if count.get("session") == session]
        if list_hash(ballots) != sha256 or kept[-1:] != [sha256]:
            yield f"session:{session}"


def tally_not_of_its_votes(view: View) -> Iterator[str]:
    """The figures of a nomination are not what its ballots and the votes by name add up to."""
    for session, _, sha256, ballots in _counted(view):
        if list_hash(ballots) != sha256:
            # That the ballots are others is said above; what they would add up to says nothing.
            continue
        seen = session_seen(view.connection, session)
        votes = votes_by_name(view.connection, seen)
        for item in seen.items:
            if any(column not in item or item[column] is None for column in ("needed", "issued")):
                yield f"session:{session}"
                break
            try:
                found = figures_of(outcome_of(seen, item, ballots, votes, item["issued"]))
            except (ValueError, IndexError):
                yield f"session:{session}"
                break
            if any(item[column] != value for column, value in found.items()):
                yield f"session:{session}"
                break


def box_left_over(view: View) -> Iterator[str]:
    """There is a ballot box of a session that does not vote: what is in it could tell who voted what."""
    query = (
        select(SLOT.c.session_id)
        .join(SESSION, SESSION.c.id == SLOT.c.session_id)
        .where(SESSION.c.standing != "voting")
        .distinct()
    )
    yield from view.ids("session", query.order_by(SLOT.c.session_id))


INVARIANTS = (fault(ballots_not_as_counted), fault(tally_not_of_its_votes), fault(box_left_over))
