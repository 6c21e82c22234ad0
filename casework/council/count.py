"""Counting a vote: the box is emptied for good, and each nomination gets its figures."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Connection, select, update

from casework.act import Done, do_act
from casework.call import Call
from casework.council.ballot_box import CHOICES, empty_box, filled, hold_box, list_hash
from casework.council.close_publicity import owe_publicity
from casework.council.tables import (
    CHAIR,
    ISSUE,
    ITEM,
    OPEN_VOTE,
    SECRETARY,
    SESSION,
    SessionSeen,
    council_subject,
    role_needed,
    session_seen,
    standing_needed,
)
from kit.canonical import canonical_json, sha256_hex
from kit.database import Database
from models.council import COUNTED
from rules.ballots import Outcome, outcome
from rules.reasons import Reason, refuse_if

Ballots = list[tuple[int, str, str]]


def count(database: Database, session: int, call: Call, **options: Any) -> Done:
    """Count the vote. From here on not even the database links a person to a ballot.

    Raises:
        Refused: with every reason, also where the box does not hold as many ballots as came back.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen = session_seen(connection, session, lock=True)
        reasons = role_needed(connection, seen.council, call, (SECRETARY, CHAIR))
        reasons += standing_needed(seen, "voting")
        refuse_if(reasons)
        hold_box(connection)
        ballots = filled(connection, session)
        issued, returned = _issues(connection, session)
        held = Counter(paper for paper, _, _ in ballots)
        refuse_if(
            Reason("box_incomplete", {"paper": paper, "returned": came, "held": held[paper]})
            for paper, came in returned.items()
            if came != held[paper]
        )
        votes = votes_by_name(connection, seen)
        outcomes = {
            item["id"]: outcome_of(seen, item, ballots, votes, issued.get(item["paper"] or 0))
            for item in seen.items
        }
        for item, found in outcomes.items():
            connection.execute(update(ITEM).where(ITEM.c.id == item).values(figures_of(found)))
        empty_box(connection, session, ballots)
        sha256 = list_hash(ballots)
        connection.execute(
            update(SESSION)
            .where(SESSION.c.id == session)
            .values(standing="counted", counted_at=call.now, ballots_sha256=sha256)
        )
        owe_publicity(connection, session_seen(connection, session), session, call)
        payload = {
            "session": session,
            "ballots": [[paper, came] for paper, came in sorted(returned.items())],
            "sha256": sha256,
            "by_name": sha256_hex(canonical_json(votes)),
            "outcomes": [
                [item["nomination_id"], o.agree, o.against, o.abstained, o.base, o.needed, o.passed]
                for item in seen.items
                for o in (outcomes[item["id"]],)
            ],
        }
        return council_subject(seen.council.id), payload

    done = do_act(database, "count_ballots", call, work, asked={"session": session}, **options)
    if not done.dry_run:
        database.cut_log()
    return done


def _issues(connection: Connection, session: int) -> tuple[Counter[int], dict[int, int]]:
    """Ballots issued and returned, by paper."""
    issued: Counter[int] = Counter()
    returned: dict[int, int] = {}
    rows = connection.execute(select(ISSUE.c.paper, ISSUE.c.returned).where(ISSUE.c.session_id == session))
    for row in rows:
        issued[row.paper] += 1
        returned[row.paper] = returned.get(row.paper, 0) + int(row.returned)
    return issued, returned


def votes_by_name(connection: Connection, session: SessionSeen) -> list[list[Any]]:
    """[item, person, choice, whether in writing] of every vote by name, in the order of these."""
    rows = connection.execute(
        select(OPEN_VOTE)
        .where(OPEN_VOTE.c.item_id.in_([item["id"] for item in session.items]))
        .order_by(OPEN_VOTE.c.item_id, OPEN_VOTE.c.person_id)
    )
    return [[row.item_id, row.person_id, row.choice, row.written] for row in rows]


def outcome_of(
    session: SessionSeen, item: Any, ballots: Ballots, votes: list[list[Any]], issued: int | None
) -> Outcome:
    """What an item of the list got, out of the ballots of its paper and the votes by name."""
    written = [choice for number, _, choice, by_post in votes if number == item["id"] and by_post]
    if item["secret"]:
        on_paper = [row["id"] for row in session.items if row["paper"] == item["paper"]]
        place = on_paper.index(item["id"])
        cast = [
            CHOICES.get(letters[place], letters[place])
            for paper, _, letters in ballots
            if paper == item["paper"]
        ]
    else:
        cast = [choice for number, _, choice, by_post in votes if number == item["id"] and not by_post]
        issued = len(session.voters(item))
    return outcome(
        members=len(session.members),
        present=len(session.present),
        aside=len(session.aside(item)),
        issued=issued or 0,
        cast=cast,
        written=written,
        share=session.threshold(item).share,
        base=session.council.rules.base,
    )


def figures_of(found: Outcome) -> dict[str, int]:
    """The columns of an item that an outcome fills."""
    return {name: getattr(found, name) for name in COUNTED}


def passed(item: Any) -> bool:
    """Whether a counted item passed; as `Outcome.passed` says it of the figures that were kept."""
    return item["needed"] is not None and item["base"] > 0 and item["agree"] >= item["needed"]
