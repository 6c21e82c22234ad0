"""Closing a matter: nothing was found, or it was true."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from casework.act import Done
from casework.call import Call
from casework.career.in_turn import act_in_turn
from casework.career.keys import holder_of, matter_key
from casework.career.open_matter import matter_subject
from casework.career.reach import keeper_reasons
from casework.career.tables import MATTER
from casework.law.reopen import facts_changed
from kit.database import Database
from rules.reasons import Reason, Refused, refuse_if


def close_matter(
    database: Database, number: int, closed_on: date, conclusion: str, call: Call, **options: Any
) -> Done:
    """Close a matter by the number of its row, with how it ended (`clean` or `upheld`).

    Raises:
        Refused: there is none of that number for the caller, it is closed, the day lies before it or ahead.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = connection.execute(select(MATTER).where(MATTER.c.id == number)).mappings().first()
        if row is None or keeper_reasons(connection, call, person=row["person_id"], unit=row["unit_id"]):
            raise Refused([Reason("matter_unknown", {"number": number})])
        reasons = []
        if row["closed_on"] is not None:
            reasons.append(Reason("matter_closed", {"closed_on": row["closed_on"].isoformat()}))
        if not row["since"] <= closed_on <= call.day:
            days = {"closed_on": closed_on.isoformat(), "since": row["since"].isoformat()}
            reasons.append(Reason("matter_closed_out_of_range", days))
        refuse_if(reasons)
        connection.execute(
            update(MATTER).where(MATTER.c.id == number).values(closed_on=closed_on, conclusion=conclusion)
        )
        facts_changed(connection, {matter_key(holder_of(row["person_id"], row["unit_id"]))}, call)
        return matter_subject(number), {"matter": number}

    asked = {"matter": number, "closed_on": closed_on, "conclusion": conclusion}
    return act_in_turn(database, "close_matter", call, work, asked=asked, **options)
