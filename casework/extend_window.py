"""Extending a milestone's window for one unit: an act with a reason, never an edit of the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from casework.access import not_holding, require_duty
from casework.act import Done, do_act
from casework.calendars import calendar_meant
from casework.call import Call
from casework.dates import Dates
from casework.history import make_note, write_notes
from casework.look_again import look_at_unit
from casework.outbox import enqueue, new_item
from casework.reads import Reads
from casework.regulations import EXTENSION
from casework.routing import hold_unit, in_charge_of, nearest_or_successor, unit_by_code
from casework.successions import Successor
from kit.database import Database
from published.milestone import CalendarMilestone, Holders
from rules.reasons import Reason, refuse_if

# Whoever needs more than a year needs another calendar.
LONGEST = timedelta(days=366)


def extenders(
    connection: Connection, extender: Holders, unit: int, day: date
) -> tuple[list[int], Successor | None]:
    """The offices that may extend a milestone for a unit on a day, and which is the successor of one that has ended."""
    # What an ended unit left unmet is extended by the office above one of its successors.
    below = in_charge_of(connection, unit, day).units or (unit,)
    found = [nearest_or_successor(connection, one, extender.unit, day) for one in below]
    places = list(dict.fromkeys(place for place, _ in found if place is not None))
    return places, next((heir for _, heir in found if heir is not None), None)


def against_extending(
    connection: Connection, planned: CalendarMilestone, unit: int, call: Call
) -> tuple[tuple[Reason, ...], Successor | None]:
    """Reasons why the caller may not extend; and who extends as the successor of an office that has ended."""
    extender = planned.extends
    if extender is None:
        return (Reason("milestone_is_final", {"milestone": planned.milestone.id}),), None
    places, successor = extenders(connection, extender, unit, call.day)
    if not places:
        params = {"desk": "extender", "kind": extender.unit, "day": call.day.isoformat()}
        return (Reason("no_unit_for_desk", params),), None
    if call.actor_id is None:
        return (not_holding(extender.duties, places[0]),), successor
    return require_duty(connection, call.actor_id, places, extender.duties, call.day), successor


def extend_window(
    database: Database,
    unit: str,
    calendar: str | None,
    milestone: str,
    until: date,
    reason: str,
    call: Call,
    **options: Any,
) -> Done:
    """Keep a milestone's window open for one unit until ``until`` (included).

    The calendar names the office and the duties that may extend; where that office has ended, its successor does,
    and the history names the map that says so. Those who owe the milestone at the unit are told. ``calendar`` None: the
    one whose milestone is nearest to the day. The chain is the unit's.

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
            call.day,
            # An extension ends after what it extends.
            lambda there: there.milestone.last_day < until,
        )
        # A dossier that is about to lapse keeps its units' rows (`deadlines.keep_extensions`): one of the two waits.
        hold_unit(connection, unit_id)
        reasons: list[Reason] = []
        against, successor = against_extending(connection, planned, unit_id, call)
        reasons += against
        dates = Dates(connection)
        window = dates.window(plan, milestone, [unit_id])
        last_day = window.last_day if window else planned.milestone.last_day
        if until <= last_day:
            params = {"until": until.isoformat(), "last_day": last_day.isoformat()}
            reasons.append(Reason("extension_changes_nothing", params))
        latest = planned.milestone.last_day + LONGEST
        if until > latest:
            reasons.append(
                Reason("extension_too_long", {"until": until.isoformat(), "latest": latest.isoformat()})
            )
        if until < call.day:
            reasons.append(Reason("extension_into_the_past", {"until": until.isoformat()}))
        if not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        refuse_if(reasons)
        note, told = make_note(reason.strip())
        write_notes(connection, [note])
        row = {
            "unit_id": unit_id,
            "calendar": plan.name,
            "milestone": milestone,
            "until": until,
            "note_id": note["id"],
            "granted_by_id": call.actor_id,
            "granted_at": call.now,
        }
        connection.execute(insert(EXTENSION), row)
        look_at_unit(connection, unit_id, plan.name, milestone, call.day)
        # The plan's own day, also where this is not the first extension.
        by_plan = dates.effective(planned).last_day
        enqueue(connection, _told(Reads(connection, call.day), planned, unit_id, row, by_plan, call))
        payload: dict[str, Any] = {
            "calendar": plan.name,
            "milestone": milestone,
            "until": until.isoformat(),
            "reason": told,
        }
        if successor is not None:
            payload["succession"] = {"unit": successor.unit_id, "sha256": successor.sha256}
        return f"unit:{unit_id}", payload

    asked = {
        "unit": unit,
        "calendar": calendar,
        "milestone": milestone,
        "until": until,
        "reason": reason,
    }
    return do_act(database, "extend_window", call, work, asked=asked, **options)


def _told(
    reads: Reads, planned: CalendarMilestone, unit: int, row: Mapping[str, Any], by_plan: date, call: Call
) -> list[dict[str, Any]]:
    """Items of the outbox: those who owe the milestone at the unit have more time."""
    milestone, until = planned.milestone.id, row["until"].isoformat()
    facts = {
        "unit": str(unit),
        "calendar": row["calendar"],
        "milestone": milestone,
        "due": until,
        "planned": by_plan.isoformat(),
        "actor": str(call.actor_id),
        "at": call.now.isoformat(),
        "note": row["note_id"],
    }
    return [
        new_item(
            "extension", f"unit:{unit}", f"{row['calendar']}.{milestone}.{until}", person, facts, call.now
        )
        for person in reads.holders_at(reads.in_charge(unit).units, planned.duties)
        if person != call.actor_id
    ]
