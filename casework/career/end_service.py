"""Ending a time of service that went on until now."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from casework.act import Done
from casework.call import Call
from casework.career.complete import career_subject
from casework.career.in_turn import act_in_turn
from casework.career.keys import holder_of, service_key
from casework.career.reach import keeper_reasons
from casework.career.record_service import span_reasons
from casework.career.tables import SERVICE
from casework.law.reopen import facts_changed
from kit.database import Database
from rules.reasons import Reason, Refused, refuse_if


def end_service(database: Database, number: int, until: date, call: Call, **options: Any) -> Done:
    """End a time of service, by the number of its row, with its last day.

    Raises:
        Refused: there is none of that number for the caller, it has ended, the day lies before its first or ahead.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = connection.execute(select(SERVICE).where(SERVICE.c.id == number)).mappings().first()
        if row is None or keeper_reasons(connection, call, person=row["person_id"]):
            raise Refused([Reason("service_unknown", {"number": number})])
        reasons = span_reasons(row["since"], until, call.day)
        if row["until"] is not None:
            reasons.append(Reason("service_ended", {"until": row["until"].isoformat()}))
        refuse_if(reasons)
        connection.execute(update(SERVICE).where(SERVICE.c.id == number).values(until=until))
        facts_changed(connection, {service_key(holder_of(row["person_id"], None))}, call)
        return career_subject(row["person_id"]), {"service": number, "until": until.isoformat()}

    asked = {"service": number, "until": until}
    return act_in_turn(database, "end_service", call, work, asked=asked, **options)
