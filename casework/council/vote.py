"""Opening the vote, and casting one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from casework.access import EMPLOYMENT, in_force
from casework.act import Done, do_act
from casework.call import Call
from casework.council.ballot_box import LETTERS, fill_one, make_box
from casework.council.call_session import choice_reasons
from casework.council.tables import (
    CHAIR,
    ISSUE,
    ITEM,
    OPEN_VOTE,
    RECUSAL,
    SESSION,
    VICE_CHAIR,
    SessionSeen,
    council_subject,
    members_on,
    role_needed,
    session_seen,
    standing_needed,
)
from kit.database import Database
from rules.ballots import Quorum, quorum
from rules.reasons import Reason, Refused, refuse_if


def presiding(session: SessionSeen) -> tuple[str, ...]:
    """The roles that preside over a session: the chair, or a vice-chair where the chair is not there."""
    there = {row["role"] for person, row in session.members.items() if person in session.present}
    return (CHAIR,) if CHAIR in there or not session.members else (CHAIR, VICE_CHAIR)


def quorum_of(session: SessionSeen) -> Quorum:
    """The quorum of a session that votes on awards."""
    share = session.council.rules.quorum_for_awards.share
    return quorum(len(session.members), len(session.present), share)


def by_themselves(connection: Connection, session: SessionSeen) -> dict[int, dict[int, str]]:
    """Who stands aside without a word: item's id → person's id → ``nominee`` or ``unit``.

    Nominees, and whoever works where the nominee does. In the council of the nominee's own unit, a school's say, that
    would be everybody: there only the nominees stand aside.
    """
    day, home = session.row["held_on"], session.council.unit["id"]
    units: dict[int, set[int]] = {person: set() for person in session.members}
    employed = select(EMPLOYMENT.c.person_id, EMPLOYMENT.c.unit_id).where(
        EMPLOYMENT.c.person_id.in_(sorted(units)), in_force(EMPLOYMENT, day)
    )
    for row in connection.execute(employed):
        units[row.person_id].add(row.unit_id)
    found: dict[int, dict[int, str]] = {}
    for item in session.items:
        for person in session.members:
            if item["person_id"] == person:
                found.setdefault(item["id"], {})[person] = "nominee"
            elif item["unit_id"] != home and item["unit_id"] in units[person]:
                found.setdefault(item["id"], {})[person] = "unit"
    return found


def papers_of(session: SessionSeen) -> dict[int, int]:
    """Which ballot paper each secret item stands on: item's id → paper, from 1.

    One paper for all items with the same voters. On one paper for all, a ballot with a gap would be that of whoever
    stood aside there, and would tell all of their other choices.
    """
    groups: dict[frozenset[int], int] = {}
    return {
        item["id"]: groups.setdefault(session.voters(item), len(groups) + 1)
        for item in session.items
        if item["secret"]
    }


def open_ballot(database: Database, session: int, call: Call, **options: Any) -> Done:
    """Open the vote: the quorum is there, and from here list, presence and who stands aside are fixed.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen = session_seen(connection, session, lock=True)
        reasons = role_needed(connection, seen.council, call, presiding(seen))
        reasons += standing_needed(seen, "called")
        if call.day < seen.row["held_on"]:
            reasons.append(Reason("session_not_today", {"day": seen.row["held_on"].isoformat()}))
        if not seen.members:
            reasons.append(Reason("presence_not_recorded"))
        elif set(seen.members) != set(members_on(connection, seen.council.id, seen.row["held_on"])):
            reasons.append(Reason("members_changed"))
        there = quorum_of(seen)
        if seen.members and not there.met:
            article = seen.council.rules.quorum_for_awards.cited.article
            about = {"present": there.present, "members": there.members, "needed": there.needed}
            reasons.append(Reason("no_quorum", about, article))
        refuse_if(reasons)
        found = by_themselves(connection, seen)
        rows = [
            {"item_id": item, "person_id": person, "kind": kind, "note_id": None}
            for item, people in found.items()
            for person, kind in people.items()
            if person not in seen.recusals.get(item, ())
        ]
        if rows:
            connection.execute(insert(RECUSAL), rows)
        seen = session_seen(connection, session)
        numbers = {item["id"]: item["nomination_id"] for item in seen.items}
        papers = papers_of(seen)
        _drop_written(connection, seen)
        for item, paper in papers.items():
            connection.execute(update(ITEM).where(ITEM.c.id == item).values(paper=paper))
        voters = {papers[item["id"]]: seen.voters(item) for item in seen.items if item["id"] in papers}
        issues = [
            {"session_id": session, "paper": paper, "person_id": person, "returned": False}
            for paper, people in voters.items()
            for person in sorted(people)
        ]
        if issues:
            connection.execute(insert(ISSUE), issues)
        lengths = {paper: list(papers.values()).count(paper) for paper in voters}
        make_box(connection, session, {paper: (len(voters[paper]), lengths[paper]) for paper in voters})
        connection.execute(
            update(SESSION).where(SESSION.c.id == session).values(standing="voting", opened_at=call.now)
        )
        payload = {
            "session": session,
            "members": there.members,
            "present": there.present,
            "quorum": there.needed,
            "issued": [[paper, len(people)] for paper, people in voters.items()],
            "aside": sorted([numbers[row["item_id"]], row["person_id"], row["kind"]] for row in rows),
        }
        return council_subject(seen.council.id), payload

    return do_act(database, "open_ballot", call, work, asked={"session": session}, **options)


def _drop_written(connection: Connection, session: SessionSeen) -> None:
    """A written opinion that came before its writer was known to stand aside speaks for that nomination no more."""
    for item in session.items:
        aside = session.aside(item)
        if aside:
            connection.execute(
                delete(OPEN_VOTE).where(
                    OPEN_VOTE.c.item_id == item["id"], OPEN_VOTE.c.person_id.in_(sorted(aside))
                )
            )


@dataclass(frozen=True, slots=True)
class Cast:
    """What a voter gets: a code for each ballot paper, to be seen once; and how many votes went in by name."""

    codes: tuple[tuple[int, str], ...]
    open_votes: int


def cast(database: Database, session: int, choices: Mapping[int, str], call: Call) -> Cast:
    """Cast the caller's vote on the whole list: ``choices`` maps each nomination to yes, no or abstain.

    This is no act like the others: it leaves no entry, no key of the request and no digest of it, only that a ballot of
    this member came back, and a filled ballot of nobody. Sent twice, the second is refused.

    Raises:
        Refused: with every reason; nothing is written.
        StorageTrouble: the database could not be written; nothing was.
    """
    with database.write() as connection:
        seen = session_seen(connection, session, lock=True)
        voter = call.actor_id or 0
        reasons = standing_needed(seen, "voting")
        if voter not in seen.members:
            reasons.append(Reason("not_in_session", {"person": voter}))
        elif voter not in seen.present:
            reasons.append(Reason("absent_votes_in_writing"))
        else:
            reasons += [] if reasons else choice_reasons(seen, voter, choices)
            if has_voted(connection, seen, voter):
                reasons.append(Reason("voted_already"))
        refuse_if(reasons)
        mine = [item for item in seen.items if voter in seen.voters(item)]
        if not mine:
            raise Refused([Reason("stands_aside_from_all")])
        by_name = [
            {
                "item_id": item["id"],
                "person_id": voter,
                "choice": choices[item["nomination_id"]],
                "written": False,
            }
            for item in mine
            if not item["secret"]
        ]
        if by_name:
            connection.execute(insert(OPEN_VOTE), by_name)
        codes = []
        for paper in sorted({item["paper"] for item in mine if item["secret"]}):
            letters = "".join(
                LETTERS[choices[item["nomination_id"]]] for item in mine if item["paper"] == paper
            )
            came = connection.execute(
                update(ISSUE)
                .where(
                    ISSUE.c.session_id == session,
                    ISSUE.c.paper == paper,
                    ISSUE.c.person_id == voter,
                    ISSUE.c.returned.is_(False),
                )
                .values(returned=True)
            ).rowcount
            code = fill_one(connection, session, paper, letters) if came == 1 else None
            if code is None:
                raise Refused([Reason("ballot_too_many", {"paper": paper})])
            codes.append((paper, code))
        return Cast(tuple(codes), len(by_name))


def has_voted(connection: Connection, session: SessionSeen, person: int) -> bool:
    """Whether a member's vote came already, on paper or by name."""
    by_ballot = connection.execute(
        select(ISSUE.c.paper).where(
            ISSUE.c.session_id == session.id, ISSUE.c.person_id == person, ISSUE.c.returned.is_(True)
        )
    ).first()
    by_name = connection.execute(
        select(OPEN_VOTE.c.item_id).where(
            OPEN_VOTE.c.item_id.in_([item["id"] for item in session.items]),
            OPEN_VOTE.c.person_id == person,
            OPEN_VOTE.c.written.is_(False),
        )
    ).first()
    return by_ballot is not None or by_name is not None
