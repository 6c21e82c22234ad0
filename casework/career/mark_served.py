"""Noting the day on which a discipline had been served: what was achieved after it counts again."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, update

from casework.act import Done
from casework.call import Call
from casework.career.annul_discipline import discipline_kept
from casework.career.in_turn import act_in_turn
from casework.career.record_discipline import discipline_facts, discipline_subject, served_reasons
from casework.career.tables import DISCIPLINE
from casework.law.reopen import facts_changed
from kit.database import Database
from rules.reasons import Reason, refuse_if


def mark_served(database: Database, number: int, served_on: date, call: Call, **options: Any) -> Done:
    """Note that a discipline, by the number of its row, had been served on a day.

    Raises:
        Refused: there is none of that number for the caller, it is annulled or served, the day lies before it or ahead.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = discipline_kept(connection, number, call)
        reasons = served_reasons(row["decided_on"], served_on, call.day)
        if row["annulled_at"] is not None:
            reasons.append(Reason("discipline_annulled", {"number": row["number"]}))
        if row["served_on"] is not None:
            reasons.append(Reason("discipline_served", {"served_on": row["served_on"].isoformat()}))
        refuse_if(reasons)
        connection.execute(update(DISCIPLINE).where(DISCIPLINE.c.id == number).values(served_on=served_on))
        facts_changed(connection, discipline_facts(connection, row["person_id"], row["decided_on"]), call)
        return discipline_subject(number), {"discipline": number}

    asked = {"discipline": number, "served_on": served_on}
    return act_in_turn(database, "mark_served", call, work, asked=asked, **options)
