"""A sheet that its school does not fill: kinship, a quarrel, no access. The head assigns another scorer, or none."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, update

from casework.act import Done, do_act
from casework.bloc.score_sheet import sheet_of
from casework.bloc.year import SHEET, BlocYear
from casework.call import Call
from casework.history import make_note, write_notes
from kit.database import Database
from rules.reasons import Reason, Refused


def decline_sheet(
    database: Database,
    bloc: str,
    school_year: str,
    scorer: str,
    scored: str,
    reason: str,
    call: Call,
    **options: Any,
) -> Done:
    """Decline an open sheet about another school, with a reason.

    By the clerk or the principal of the scoring school; by head or deputy of the bloc for a school that does not
    answer, and then also its own sheet: a bloc could never settle without.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        year = BlocYear.of(connection, bloc, school_year, call)
        reasons: list[Reason] = [*year.settled_already()]
        one, other = (year.school(code, reasons) for code in (scorer, scored))
        if one is None or other is None:
            raise Refused(reasons)
        leads = not year.not_leading()
        if not leads:
            reasons += year.not_of_school(one["id"])
        sheet = sheet_of(year, one["id"], other["id"], reasons)
        if one["id"] == other["id"] and not leads:
            reasons.append(Reason("own_sheet_not_declined", {"unit": one["id"]}))
        if sheet is not None and sheet["standing"] != "open":
            both = {"scorer": one["id"], "scored": other["id"]}
            reasons.append(Reason("sheet_not_open", both))
        if not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        if reasons or sheet is None:
            raise Refused(reasons)
        note, told = make_note(reason.strip())
        write_notes(connection, [note])
        declined = update(SHEET).where(SHEET.c.id == sheet["id"])
        connection.execute(declined.values(standing="declined", ended_note_id=note["id"]))
        return year.subject, {"scorer": one["id"], "scored": other["id"], "reason": told}

    asked = {"bloc": bloc, "school_year": school_year, "scorer": scorer, "scored": scored, "reason": reason}
    return do_act(database, "decline_sheet", call, work, asked=asked, **options)
