"""What councils did in their sessions, counted from what a home keeps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from casework.council.tables import BALLOT, ITEM, OPEN_VOTE, PRESENT, RECUSAL, SESSION

# Every one is taken at least once where councils vote in the program; and what is counted.
COUNTED_IN = {
    "council_met": "meeting",
    "council_member_away": "person",
    "council_written_opinion": "act",
    "council_stood_aside": "nomination",
    "council_voted_on": "nomination",
    "council_ballots": "ballot",
}


def council_side_ways(connection: Connection) -> dict[str, int]:
    """How many took each, counted as `COUNTED_IN` says."""

    def size(query: Any) -> int:
        return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())

    writers = select(OPEN_VOTE.c.person_id, ITEM.c.session_id).join(ITEM, ITEM.c.id == OPEN_VOTE.c.item_id)
    closed = select(ITEM.c.id).join(SESSION, SESSION.c.id == ITEM.c.session_id)
    return {
        "council_met": size(select(SESSION.c.id).where(SESSION.c.standing == "closed")),
        "council_member_away": size(select(PRESENT.c.person_id).where(PRESENT.c.presence == "absent")),
        "council_written_opinion": size(writers.where(OPEN_VOTE.c.written).distinct()),
        "council_stood_aside": size(select(RECUSAL.c.item_id).distinct()),
        "council_voted_on": size(closed.where(SESSION.c.standing == "closed")),
        "council_ballots": size(select(BALLOT.c.session_id, BALLOT.c.paper, BALLOT.c.code)),
    }
