"""The tables of councils, and what every act on one reads first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.access import in_force
from casework.call import Call
from casework.load import DOSSIER, NOMINATION
from casework.people import PERSON
from casework.regulations import council_rules_by_hash
from casework.routing import UNIT
from models.council import (
    Ballot,
    BallotIssue,
    BallotSlot,
    Council,
    CouncilMember,
    CouncilSession,
    OpenVote,
    SessionItem,
    SessionMember,
    SessionRecusal,
)
from published.councils import CouncilRules, Threshold
from rules.reasons import Reason, Refused

COUNCIL, MEMBER, SESSION = Council.__table__, CouncilMember.__table__, CouncilSession.__table__
PRESENT, ITEM, RECUSAL = SessionMember.__table__, SessionItem.__table__, SessionRecusal.__table__
OPEN_VOTE, ISSUE = OpenVote.__table__, BallotIssue.__table__
SLOT, BALLOT = BallotSlot.__table__, Ballot.__table__

CHAIR, VICE_CHAIR, SECRETARY = "chair", "vice_chair", "secretary"
#: the duties of those who head a unit, of whatever kind it is
HEADS = ("principal", "council_chair", "chairman", "office_head")


def council_subject(council: int) -> str:
    """The name of the chain of a council and all of its sessions."""
    return f"council:{council}"


@dataclass(frozen=True, slots=True)
class CouncilSeen:
    """A council as an act sees it: its row, its unit's row, the rules it goes by."""

    row: Mapping[str, Any]
    unit: Mapping[str, Any]
    rules: CouncilRules

    @property
    def id(self) -> int:
        """Its number."""
        return int(self.row["id"])

    def holds(self, day: date) -> bool:
        """Whether it exists on a day."""
        until = self.row["until"]
        return bool(self.row["since"] <= day and (until is None or until >= day))


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """A session as an act sees it. ``items`` are rows of the list joined with what they nominate, in the order of the
    list; ``members`` map a person's id to the row of the presence; ``recusals`` an item's id to people and kinds."""

    row: Mapping[str, Any]
    council: CouncilSeen
    items: tuple[Mapping[str, Any], ...]
    members: Mapping[int, Mapping[str, Any]]
    recusals: Mapping[int, Mapping[int, str]]

    @property
    def id(self) -> int:
        """Its number."""
        return int(self.row["id"])

    @property
    def present(self) -> frozenset[int]:
        """The ids of those who are there."""
        return frozenset(p for p, row in self.members.items() if row["presence"] == "present")

    def threshold(self, item: Mapping[str, Any]) -> Threshold:
        """What an item of the list needs."""
        return self.council.rules.threshold_of(item["title"])

    def aside(self, item: Mapping[str, Any]) -> frozenset[int]:
        """The members who stand aside for an item."""
        return frozenset(self.recusals.get(item["id"], ())) & frozenset(self.members)

    def voters(self, item: Mapping[str, Any]) -> frozenset[int]:
        """Those present who vote on an item."""
        return self.present - self.aside(item)


def council_seen(connection: Connection, council: int, *, lock: bool = False) -> CouncilSeen:
    """A council by its number. ``lock`` makes others wait who write into its chain (PostgreSQL).

    Raises:
        Refused: there is none.
    """
    query = select(COUNCIL).where(COUNCIL.c.id == council)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise Refused([Reason("unknown_council", {"council": council})])
    unit = connection.execute(select(UNIT).where(UNIT.c.id == row["unit_id"])).mappings().one()
    return CouncilSeen(row, unit, council_rules_by_hash(connection, row["rules_sha256"]))


def session_seen(connection: Connection, session: int, *, lock: bool = False) -> SessionSeen:
    """A session by its number.

    Raises:
        Refused: there is none.
    """
    found = connection.execute(select(SESSION.c.council_id).where(SESSION.c.id == session)).scalar()
    if found is None:
        raise Refused([Reason("unknown_session", {"session": session})])
    council = council_seen(connection, found, lock=lock)
    # Read once the council's row is held: what another act did before is seen.
    row = connection.execute(select(SESSION).where(SESSION.c.id == session)).mappings().one()
    items = connection.execute(
        select(
            ITEM,
            NOMINATION.c.title,
            NOMINATION.c.person_id,
            NOMINATION.c.initiative_id,
            NOMINATION.c.unit_id,
            NOMINATION.c.outcome,
            NOMINATION.c.dossier_id,
            DOSSIER.c.code.label("dossier"),
            PERSON.c.gender,
        )
        .select_from(
            ITEM.join(NOMINATION, NOMINATION.c.id == ITEM.c.nomination_id)
            .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
            .outerjoin(PERSON, PERSON.c.id == NOMINATION.c.person_id)
        )
        .where(ITEM.c.session_id == session)
        .order_by(ITEM.c.id)
    ).mappings()
    members = connection.execute(
        select(PRESENT).where(PRESENT.c.session_id == session).order_by(PRESENT.c.person_id)
    ).mappings()
    recusals: dict[int, dict[int, str]] = {}
    for one in connection.execute(
        select(RECUSAL.c.item_id, RECUSAL.c.person_id, RECUSAL.c.kind)
        .join(ITEM, ITEM.c.id == RECUSAL.c.item_id)
        .where(ITEM.c.session_id == session)
    ):
        recusals.setdefault(one.item_id, {})[one.person_id] = one.kind
    return SessionSeen(row, council, tuple(items), {m["person_id"]: m for m in members}, recusals)


def members_on(connection: Connection, council: int, day: date) -> dict[int, str]:
    """Person's id → role of the members of a council on a day."""
    query = select(MEMBER.c.person_id, MEMBER.c.role).where(
        MEMBER.c.council_id == council, in_force(MEMBER, day)
    )
    return {row.person_id: row.role for row in connection.execute(query.order_by(MEMBER.c.person_id))}


def role_needed(
    connection: Connection, council: CouncilSeen, call: Call, roles: Collection[str]
) -> list[Reason]:
    """Nothing, or the reason that an act takes another role in the council than the caller has today."""
    role = members_on(connection, council.id, call.day).get(call.actor_id or 0)
    if role in roles:
        return []
    return [Reason("council_role_not_held", {"roles": list(roles), "unit": council.unit["id"]})]


def standing_needed(session: SessionSeen, *standings: str) -> list[Reason]:
    """Nothing, or the reason that the session is too far for an act, or not far enough."""
    if session.row["standing"] in standings:
        return []
    about = {"session": session.id}
    reasons = {
        "called": Reason("session_is_called", about),
        "voting": Reason("session_is_voting", about),
        "counted": Reason("session_is_counted", about),
        "closed": Reason("session_is_closed", about),
        "annulled": Reason("session_is_annulled", about),
    }
    return [reasons[session.row["standing"]]]
