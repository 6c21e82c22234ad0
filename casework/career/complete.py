"""Stating that nothing is missing of a year, or of a whole career: from then on silence means no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from casework.act import Done
from casework.call import Call
from casework.career.import_file import against_running, complete_rows
from casework.career.in_turn import act_in_turn
from casework.career.keys import complete_keys, holder_of
from casework.career.reach import keeper_reasons
from casework.career.tables import COMPLETE, IMPORTED
from casework.law.reopen import facts_changed
from casework.people import person_by_code
from casework.routing import unit_by_code
from kit.database import Database
from models.history_import import WHOLE
from rules.reasons import Reason, refuse_if
from rules.record import COMPLETE_IN
from rules.school_years import name_of


def career_subject(person: int | None, unit: int | None = None) -> str:
    """The name of the chain of what was recorded about a person or a unit by hand."""
    return f"career:{holder_of(person, unit)}"


def state_complete(
    database: Database, unit: str, what: str, years: Sequence[int], call: Call, **options: Any
) -> Done:
    """Of a unit and of everybody whom it employed in those years, nothing of a kind is missing.

    Raises:
        Refused: every reason at once.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        number = int(str(unit_by_code(connection, unit)["id"]))
        reasons = keeper_reasons(connection, call, unit=number)
        if what not in COMPLETE_IN:
            reasons.append(Reason("complete_not_of_kind", {"kind": what}))
        reasons += against_running(what, years, call.day)
        refuse_if(reasons)
        rows = complete_rows(connection, number, what, years, call)
        if not rows:
            refuse_if([Reason("complete_already")])
        connection.execute(insert(COMPLETE), rows)
        keys = {f"members:u{number}:{year}" for year in years}
        for row in rows:
            keys |= complete_keys(holder_of(row["person_id"], row["unit_id"]), what, row["school_year"])
        facts_changed(connection, keys, call)
        told = {"what": what, "years": [name_of(year) for year in years], "rows": len(rows), "unit": number}
        return career_subject(None, number), told

    asked = {"unit": unit, "what": what, "years": list(years)}
    return act_in_turn(database, "state_complete", call, work, asked=asked, **options)


def state_whole(database: Database, person: str, call: Call, *, back: bool = False, **options: Any) -> Done:
    """All titles of a person's career are on record, so that "never" can be said; ``back`` takes that back.

    Raises:
        Refused: every reason at once.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        number = int(person_by_code(connection, person)["id"])
        reasons = keeper_reasons(connection, call, person=number)
        there = connection.execute(
            select(COMPLETE.c.id).where(COMPLETE.c.person_id == number, COMPLETE.c.what == WHOLE)
        ).first()
        if not reasons and (there is None) == back:
            reasons.append(Reason("complete_not_stated") if back else Reason("complete_already"))
        refuse_if(reasons)
        if back:
            gone = delete(COMPLETE).where(COMPLETE.c.person_id == number, COMPLETE.c.what == WHOLE)
            connection.execute(gone)
        else:
            row = {"person_id": number, "unit_id": None, "what": WHOLE, "school_year": ""}
            connection.execute(
                insert(COMPLETE), {**row, "stated_by_id": call.actor_id, "stated_at": call.now}
            )
        facts_changed(connection, complete_keys(holder_of(number, None), WHOLE, ""), call)
        return career_subject(number), {"what": WHOLE}

    event = "state_incomplete" if back else "state_whole"
    return act_in_turn(database, event, call, work, asked={"person": person}, **options)


def unstate_complete(
    database: Database, unit: str, what: str, years: Sequence[int], call: Call, **options: Any
) -> Done:
    """Take back that nothing of a kind is missing of a unit's years, and of those whom it employed in them.

    Raises:
        Refused: every reason at once.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        number = int(str(unit_by_code(connection, unit)["id"]))
        refuse_if(keeper_reasons(connection, call, unit=number))
        rows = _stated(connection, number, what, years, call)
        if not rows:
            refuse_if([Reason("complete_not_stated")])
        ids = [row.id for row in rows]
        connection.execute(delete(COMPLETE).where(COMPLETE.c.id.in_(ids)))
        # A file may have brought them, and SQLite may give their numbers again: to whoever states next.
        noted = IMPORTED.c.kind == "complete_year"
        connection.execute(delete(IMPORTED).where(noted, IMPORTED.c.row_id.in_(ids)))
        keys = {f"members:u{number}:{year}" for year in years}
        for row in rows:
            keys |= complete_keys(holder_of(row.person_id, row.unit_id), what, row.school_year)
        facts_changed(connection, keys, call)
        told = {"what": what, "years": [name_of(year) for year in years], "rows": len(rows), "unit": number}
        return career_subject(None, number), told

    asked = {"unit": unit, "what": what, "years": list(years)}
    return act_in_turn(database, "unstate_complete", call, work, asked=asked, **options)


def _stated(connection: Connection, unit: int, what: str, years: Sequence[int], call: Call) -> list[Any]:
    """The statements of a kind that stand for a unit's years and for those whom it employed in them."""
    found = []
    for year in years:
        of_year = select(COMPLETE).where(COMPLETE.c.what == what, COMPLETE.c.school_year == name_of(year))
        there = {(row.person_id, row.unit_id): row for row in connection.execute(of_year)}
        # As they would be stated now, had nobody stated any.
        asked = complete_rows(connection, unit, what, [year], call, known=False)
        holders = [(row["person_id"], row["unit_id"]) for row in asked]
        found += [there[holder] for holder in holders if holder in there]
    return found
