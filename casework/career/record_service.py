"""Recording a time of service of a person: in the trade, or in an area of special hardship."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from casework.act import Done
from casework.call import Call
from casework.career.complete import career_subject
from casework.career.in_turn import act_in_turn
from casework.career.keys import holder_of, service_key
from casework.career.reach import keeper_reasons
from casework.career.tables import SERVICE
from casework.law.reopen import facts_changed
from casework.people import person_by_code
from kit.database import Database
from rules.reasons import Reason, refuse_if


def record_service(
    database: Database,
    person: str,
    kind: str,
    since: date,
    until: date | None,
    call: Call,
    **options: Any,
) -> Done:
    """Record a time of service, both days included; without an end it goes on.

    Raises:
        Refused: the caller does not keep this person's history, the days are in disorder or ahead, it overlaps with
            another of its kind; every reason at once.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        who = int(person_by_code(connection, person)["id"])
        reasons = keeper_reasons(connection, call, person=who)
        reasons += span_reasons(since, until, call.day)
        overlapping = select(SERVICE.c.since).where(
            SERVICE.c.person_id == who,
            SERVICE.c.kind == kind,
            or_(SERVICE.c.until.is_(None), SERVICE.c.until >= since),
            SERVICE.c.since <= (until or date.max),
        )
        other = connection.execute(overlapping.order_by(SERVICE.c.since).limit(1)).scalar()
        if other is not None and not reasons:
            reasons.append(Reason("service_overlaps", {"since": other.isoformat()}))
        refuse_if(reasons)
        row = {
            "person_id": who,
            "kind": kind,
            "since": since,
            "until": until,
            "recorded_by_id": call.actor_id,
            "recorded_at": call.now,
        }
        made = int(connection.execute(insert(SERVICE), row).inserted_primary_key[0])
        facts_changed(connection, {service_key(holder_of(who, None))}, call)
        days = {"since": since.isoformat(), "until": until.isoformat() if until else None}
        return career_subject(who), {"service": made, "kind": kind, **days}

    asked = {"person": person, "kind": kind, "since": since, "until": until}
    return act_in_turn(database, "record_service", call, work, asked=asked, **options)


def span_reasons(since: date, until: date | None, today: date) -> list[Reason]:
    """Why two days cannot be the first and the last of a time of service."""
    if since > today or (until is not None and until > today):
        return [Reason("service_ahead")]
    if until is not None and until < since:
        return [Reason("ends_before_it_begins")]
    return []
