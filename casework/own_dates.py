"""A bloc's own dates inside a milestone ("theo kế hoạch của Trưởng khối"): reminders follow them, windows do not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert

from casework.access import not_holding, require_duty
from casework.act import Done, do_act
from casework.calendars import calendar_meant
from casework.call import Call
from casework.dates import OWN_DATES, Dates
from casework.history import make_note, write_notes
from casework.look_again import look_at_unit
from casework.routing import unit_by_code
from kit.database import Database
from published.milestone import CalendarMilestone
from rules.reasons import Reason, refuse_if


def against_own_dates(
    connection: Connection, planned: CalendarMilestone, unit: Mapping[str, Any], call: Call
) -> list[Reason]:
    """Why the caller may set no dates of its own for a unit (its row) inside a milestone; nothing is written."""
    unit_id = int(unit["id"])
    if planned.own_dates is None or unit["kind"] != planned.own_dates:
        return [Reason("no_own_dates_here", {"milestone": planned.milestone.id, "unit": unit_id})]
    if call.actor_id is None:
        return [not_holding(planned.duties, unit_id)]
    return list(require_duty(connection, call.actor_id, [unit_id], planned.duties, call.day))


def set_own_dates(
    database: Database,
    unit: str,
    calendar: str | None,
    milestone: str,
    opens: date,
    last_day: date,
    note: str,
    call: Call,
    **options: Any,
) -> Done:
    """Set a unit's own first and last day (both included) inside a milestone's window; the newest counts.

    By the duties that owe the milestone, at the unit itself. The chain is the unit's.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        where = unit_by_code(connection, unit)
        unit_id = int(str(where["id"]))
        plan, planned = calendar_meant(
            connection,
            calendar,
            milestone,
            str(where["kind"]),
            # Plans are made ahead: the year that is meant is that of the days.
            opens,
            lambda there: there.own_dates == where["kind"],
        )
        reasons = against_own_dates(connection, planned, where, call)
        if last_day < opens:
            reasons.append(Reason("ends_before_it_begins"))
        window = Dates(connection).window(plan, milestone, [unit_id])
        first, last = planned.milestone.opens, window.last_day if window else planned.milestone.last_day
        if opens < first or last_day > last:
            params = {"milestone": milestone, "opens": first.isoformat(), "last_day": last.isoformat()}
            reasons.append(Reason("outside_of_the_milestone", params))
        if last_day < call.day:
            reasons.append(Reason("own_dates_in_the_past", {"last_day": last_day.isoformat()}))
        refuse_if(reasons)
        row = {
            "unit_id": unit_id,
            "calendar": plan.name,
            "milestone": milestone,
            "opens": opens,
            "last_day": last_day,
            "set_by_id": call.actor_id,
            "set_at": call.now,
        }
        payload = {
            "calendar": plan.name,
            "milestone": milestone,
            "opens": opens.isoformat(),
            "last_day": last_day.isoformat(),
        }
        if note.strip():
            kept, told = make_note(note.strip())
            write_notes(connection, [kept])
            row["note_id"], payload["reason"] = kept["id"], told
        connection.execute(insert(OWN_DATES), row)
        look_at_unit(connection, unit_id, plan.name, milestone, call.day)
        return f"unit:{unit_id}", payload

    asked = {
        "unit": unit,
        "calendar": calendar,
        "milestone": milestone,
        "opens": opens,
        "last_day": last_day,
        "note": note,
    }
    return do_act(database, "own_dates", call, work, asked=asked, **options)
