"""A school that left its bloc in mid-year is left out: its sheets are set aside, the ranking is of those who stayed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, update

from casework.act import Done, do_act
from casework.bloc.year import LEAVER, SHEET, BlocYear
from casework.call import Call
from casework.history import make_note, write_notes
from kit.database import Database
from rules.reasons import Reason, Refused


def leave_out(
    database: Database, bloc: str, school_year: str, school: str, reason: str, call: Call, **options: Any
) -> Done:
    """Leave a school out of a bloc's year, with a reason: what it said of others is set aside, and what was said of it.

    Raises:
        Refused: with every reason; it was never of the bloc, or is left out already; the scoring is settled.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        year = BlocYear.of(connection, bloc, school_year, call)
        reasons = [*year.not_leading(), *year.settled_already()]
        row = year.school(school, reasons)
        if row is None:
            raise Refused(reasons)
        touched = [sheet for sheet in year.sheets if row["id"] in (sheet["scorer_id"], sheet["scored_id"])]
        if not touched:
            # Whoever has no sheet was not of the bloc when scoring was assigned, or it was not assigned yet.
            reasons += year.not_in_bloc(row)
        if row["id"] in year.leavers:
            reasons.append(Reason("school_left_out", {"unit": row["id"]}))
        if not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        if reasons:
            raise Refused(reasons)
        note, told = make_note(reason.strip())
        write_notes(connection, [note])
        values = year.columns | {"school_id": row["id"], "left_on": call.day, "note_id": note["id"]}
        values |= {"recorded_by_id": call.actor_id, "recorded_at": call.now}
        connection.execute(insert(LEAVER), values)
        if touched:
            # A sheet that was declined keeps the reason that it has.
            aside = [sheet["id"] for sheet in touched if sheet["standing"] in ("open", "filed")]
            setting = update(SHEET).where(SHEET.c.id.in_(aside))
            connection.execute(setting.values(standing="set_aside", ended_note_id=note["id"]))
        return year.subject, {"school": row["id"], "sheets": len(touched), "reason": told}

    asked = {"bloc": bloc, "school_year": school_year, "school": school, "reason": reason}
    return do_act(database, "leave_out", call, work, asked=asked, **options)
