"""Setting up a council of a unit, and who is its member from when to when. The head of the unit does both."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from casework.access import require_duty
from casework.act import Done, do_act
from casework.call import Call
from casework.council.tables import (
    CHAIR,
    COUNCIL,
    HEADS,
    MEMBER,
    SESSION,
    CouncilSeen,
    council_seen,
    council_subject,
)
from casework.duties import not_erased
from casework.people import person_by_code
from casework.regulations import REGULATION, council_rules_by_hash, newest
from casework.routing import hold_unit, unit_by_code
from kit.database import Database
from models.council import ROLES
from rules.reasons import Reason, Refused, refuse_if

MOST_DECISION = 80


def form_council(
    database: Database,
    unit: str,
    rules: str,
    since: date,
    call: Call,
    *,
    decision: str = "",
    **options: Any,
) -> Done:
    """Set up a council of a unit by the newest version of published rules, from ``since`` on.

    A council that the unit has by rules of the same name ends the day before: that is how a new version is taken up.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        where = unit_by_code(connection, unit)
        # Two at once would both find no council: the unit's row makes one wait.
        hold_unit(connection, int(str(where["id"])))
        reasons = list(require_duty(connection, call.actor_id or 0, [where["id"]], HEADS, call.day))
        sha256 = newest(connection, "council", rules)
        if sha256 is None:
            reasons.append(Reason("unknown_council_rules", {"name": rules}))
        elif where["kind"] not in council_rules_by_hash(connection, sha256).units:
            reasons.append(Reason("council_rules_for_others", {"name": rules, "unit": where["id"]}))
        if where["until"] is not None and where["until"] < since:
            reasons.append(Reason("council_after_unit", {"unit": where["id"], "until": where["until"]}))
        if len(decision.strip()) > MOST_DECISION:
            reasons.append(Reason("text_too_long", {"most": MOST_DECISION}))
        before = _before(connection, where["id"], rules, since)
        if before is not None and before["since"] >= since:
            reasons.append(Reason("council_already_formed", {"since": before["since"].isoformat()}))
        elif before is not None:
            reasons += _unfinished(connection, before["id"])
        if sha256 is None or reasons:
            raise Refused(reasons)
        if before is not None:
            last = since - timedelta(days=1)
            connection.execute(update(COUNCIL).where(COUNCIL.c.id == before["id"]).values(until=last))
        row = {
            "unit_id": where["id"],
            "rules_sha256": sha256,
            "decision": decision.strip(),
            "since": since,
            "until": None,
        }
        made = int(connection.execute(insert(COUNCIL), row).inserted_primary_key[0])
        payload = {"council": made, "unit": where["id"], "rules": sha256, "since": since.isoformat()}
        if before is not None:
            payload["replaces"] = before["id"]
        return council_subject(made), payload

    asked = {"unit": unit, "rules": rules, "since": since, "decision": decision}
    return do_act(database, "form_council", call, work, asked=asked, **options)


def _before(connection: Connection, unit: int, rules: str, since: date) -> Any:
    """The unit's council by rules of the same name that is not over when a new one begins."""
    return (
        connection.execute(
            select(COUNCIL)
            .join(REGULATION, REGULATION.c.sha256 == COUNCIL.c.rules_sha256)
            .where(
                COUNCIL.c.unit_id == unit,
                REGULATION.c.name == rules,
                or_(COUNCIL.c.until.is_(None), COUNCIL.c.until >= since),
            )
            .order_by(COUNCIL.c.since.desc())
        )
        .mappings()
        .first()
    )


def _unfinished(connection: Connection, council: int) -> list[Reason]:
    query = select(SESSION.c.id).where(
        SESSION.c.council_id == council, SESSION.c.standing.not_in(("closed", "annulled"))
    )
    return [
        Reason("session_unfinished", {"session": session})
        for session in connection.execute(query.order_by(SESSION.c.id)).scalars()
    ]


def appoint(
    database: Database,
    council: int,
    person: str,
    role: str,
    since: date,
    until: date | None,
    call: Call,
    **options: Any,
) -> Done:
    """Make a person a member of a council with a role, from ``since`` to ``until`` (both included).

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen = council_seen(connection, council, lock=True)
        reasons = _by_the_head(connection, seen, call)
        who = person_by_code(connection, person)
        reasons += not_erased(who)
        if role not in ROLES:
            reasons.append(Reason("unknown_council_role", {"role": role}))
        if until is not None and until < since:
            reasons.append(Reason("ends_before_it_begins"))
        if since < seen.row["since"] or (seen.row["until"] is not None and since > seen.row["until"]):
            reasons.append(Reason("member_beyond_council", {"since": seen.row["since"].isoformat()}))
        shared = select(MEMBER).where(
            MEMBER.c.council_id == council,
            or_(MEMBER.c.until.is_(None), MEMBER.c.until >= since),
            MEMBER.c.since <= (until or date.max),
        )
        for row in connection.execute(shared.order_by(MEMBER.c.id)).mappings():
            if row["person_id"] == who["id"]:
                reasons.append(Reason("member_already", {"person": who["id"], "role": row["role"]}))
            elif role == CHAIR and row["role"] == CHAIR:
                reasons.append(Reason("chair_already", {"person": row["person_id"]}))
        refuse_if(reasons)
        made = {
            "council_id": council,
            "person_id": who["id"],
            "role": role,
            "since": since,
            "until": until,
        }
        connection.execute(insert(MEMBER), made)
        payload = {"person": who["id"], "role": role, "since": since.isoformat()}
        payload["until"] = until.isoformat() if until else None
        return council_subject(council), payload

    asked = {"council": council, "person": person, "role": role, "since": since, "until": until}
    return do_act(database, "appoint_member", call, work, asked=asked, **options)


def dismiss(
    database: Database, council: int, person: str, last_day: date, call: Call, **options: Any
) -> Done:
    """End a membership; ``last_day`` is the last on which it counts.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen = council_seen(connection, council, lock=True)
        reasons = _by_the_head(connection, seen, call)
        who = person_by_code(connection, person)
        row = (
            connection.execute(
                select(MEMBER)
                .where(
                    MEMBER.c.council_id == council,
                    MEMBER.c.person_id == who["id"],
                    or_(MEMBER.c.until.is_(None), MEMBER.c.until >= last_day),
                )
                .order_by(MEMBER.c.since)
            )
            .mappings()
            .first()
        )
        if row is None:
            reasons.append(Reason("unknown_council_member", {"person": who["id"]}))
        elif last_day < row["since"]:
            reasons.append(Reason("ends_before_it_begins"))
        if row is None or reasons:
            raise Refused(reasons)
        connection.execute(update(MEMBER).where(MEMBER.c.id == row["id"]).values(until=last_day))
        return council_subject(council), {
            "person": who["id"],
            "role": row["role"],
            "until": last_day.isoformat(),
        }

    asked = {"council": council, "person": person, "last_day": last_day}
    return do_act(database, "dismiss_member", call, work, asked=asked, **options)


def _by_the_head(connection: Connection, council: CouncilSeen, call: Call) -> list[Reason]:
    return list(require_duty(connection, call.actor_id or 0, [council.unit["id"]], HEADS, call.day))
