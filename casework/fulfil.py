"""A unit's word that it has met a milestone, with the day, a paper and a note; and taking that word back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from casework.access import not_holding, require_duty
from casework.act import Done, do_act
from casework.attached import receiving
from casework.calendars import calendar_meant
from casework.call import Call
from casework.council.lying_open import BY_CLOSING
from casework.debts import FULFILMENT, obligation_debts
from casework.history import make_note, write_notes
from casework.look_again import look_at_unit
from casework.movements.calendar_of import BY_ACT
from casework.reads import Reads
from casework.routing import in_charge_of, unit_by_code
from documents.store import PaperStore, Source
from kit.database import Database
from published.calendar import Calendar
from published.milestone import FULFIL, STEPS, CalendarMilestone
from rules.reasons import Reason, Refused, refuse_if
from rules.school_years import first_day, year_named


@dataclass(frozen=True, slots=True)
class Word:
    """Which unit says what of which milestone, and on which local day it was done.

    ``calendar`` None: the one whose milestone is nearest to the day.
    """

    unit: str
    calendar: str | None
    milestone: str
    done_on: date
    note: str = ""


def fulfil(database: Database, store: PaperStore | None, word: Word, call: Call, **options: Any) -> Done:
    """Record that a milestone was met. ``options`` may bring ``paper`` and ``name``: the file that shows it.

    The chain is the unit's; it holds the paper's hash, never its name.

    Raises:
        Refused: with every reason.
        StorageTrouble: the store or the database could not be written.
    """
    paper: Source | None = options.pop("paper", None)
    name: str = options.pop("name", "")
    with receiving(store, paper, name) as attached:

        def work(connection: Connection) -> tuple[str, dict[str, Any]]:
            calendar, planned, unit = _place(connection, word.unit, word.calendar, word.milestone, call)
            reasons = against_fulfilling(connection, planned, unit, call)
            reasons += against_word(connection, calendar, planned, unit, call)
            reasons += _against_day(calendar, word.done_on, call)
            refuse_if([*reasons, *attached.reasons])
            row: dict[str, Any] = {
                "unit_id": unit,
                "calendar": calendar.name,
                "milestone": word.milestone,
                "done_on": word.done_on,
                "fulfilled_by_id": call.actor_id,
                "fulfilled_at": call.now,
            }
            payload = {
                "calendar": calendar.name,
                "milestone": word.milestone,
                "done_on": word.done_on.isoformat(),
            }
            if word.note.strip():
                note, told = make_note(word.note.strip())
                write_notes(connection, [note])
                row["note_id"], payload["reason"] = note["id"], told
            if attached.sha256 is not None:
                row |= attached.keep(connection, call, dry_run=bool(options.get("dry_run")))
                payload["sha256"] = attached.sha256
            connection.execute(insert(FULFILMENT), row)
            return f"unit:{unit}", payload

        return do_act(
            database, "fulfil", call, work, asked={"word": word, "paper": attached.sha256}, **options
        )


def unfulfil(
    database: Database,
    unit: str,
    calendar: str | None,
    milestone: str,
    reason: str,
    call: Call,
    **options: Any,
) -> Done:
    """Take the word back: the milestone is owed again, and the next tick says so.

    Raises:
        Refused: with every reason; also when no such word stands.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        plan, planned, where = _place(connection, unit, calendar, milestone, call)
        reasons = against_fulfilling(connection, planned, where, call)
        stands = _standing(connection, where, plan.name, milestone)
        if stands is None:
            reasons.append(Reason("not_fulfilled", {"milestone": milestone}))
        if not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        if reasons or stands is None:
            raise Refused(reasons)
        note, told = make_note(reason.strip())
        write_notes(connection, [note])
        connection.execute(
            update(FULFILMENT)
            .where(FULFILMENT.c.id == stands["id"])
            .values(undone_by_id=call.actor_id, undone_at=call.now, undone_note_id=note["id"])
        )
        look_at_unit(connection, where, plan.name, milestone, call.day)
        return f"unit:{where}", {"calendar": plan.name, "milestone": milestone, "reason": told}

    asked = {"unit": unit, "calendar": calendar, "milestone": milestone, "reason": reason}
    return do_act(database, "unfulfil", call, work, asked=asked, **options)


def _place(
    connection: Connection, unit: str, calendar: str | None, milestone: str, call: Call
) -> tuple[Calendar, CalendarMilestone, int]:
    where = unit_by_code(connection, unit)
    plan, planned = calendar_meant(
        connection,
        calendar,
        milestone,
        str(where["kind"]),
        call.day,
        # A word is given on what has begun: who is late must not meet the next year's milestone instead.
        lambda there: there.milestone.opens <= call.day and FULFIL in there.met_by,
    )
    if where["kind"] != planned.owed_by:
        params = {"milestone": milestone, "kind": planned.owed_by, "unit": where["id"]}
        raise Refused([Reason("owed_by_another_kind", params)])
    return plan, planned, int(str(where["id"]))


def against_fulfilling(
    connection: Connection, planned: CalendarMilestone, unit: int, call: Call
) -> list[Reason]:
    """Why the caller may not give a unit's word on a milestone, or take it back; nothing is written."""
    if call.actor_id is None:
        return [not_holding(planned.duties, unit)]
    # After a unit's end its successors answer for what it left unmet.
    units = in_charge_of(connection, unit, call.day).units or (unit,)
    return list(require_duty(connection, call.actor_id, units, planned.duties, call.day))


def _against_day(calendar: Calendar, done_on: date, call: Call) -> list[Reason]:
    """A milestone may be met before it opens, but neither before its school year begins nor on a day to come."""
    if done_on > call.day:
        return [Reason("done_in_the_future", {"day": done_on.isoformat()})]
    year = year_named(calendar.school_year)
    if year is not None and done_on < first_day(year):
        params = {
            "day": done_on.isoformat(),
            "year": calendar.school_year,
            "begins": first_day(year).isoformat(),
        }
        return [Reason("done_before_the_year", params)]
    return []


def _standing(connection: Connection, unit: int, calendar: str, milestone: str) -> Mapping[str, Any] | None:
    query = select(FULFILMENT).where(
        FULFILMENT.c.unit_id == unit,
        FULFILMENT.c.calendar == calendar,
        FULFILMENT.c.milestone == milestone,
        FULFILMENT.c.undone_at.is_(None),
    )
    return connection.execute(query).mappings().first()


def against_word(
    connection: Connection, calendar: Calendar, planned: CalendarMilestone, unit: int, call: Call
) -> list[Reason]:
    """Why a unit's word on a milestone is not asked for, whoever gives it; nothing is written."""
    milestone = planned.milestone.id
    if BY_CLOSING in planned.met_by:
        return [Reason("met_by_council", {"milestone": milestone})]
    if BY_ACT in planned.met_by:
        return [Reason("met_by_movement", {"milestone": milestone})]
    if FULFIL not in planned.met_by:
        return [Reason("met_by_steps", {"milestone": milestone})]
    stands = _standing(connection, unit, calendar.name, milestone)
    if stands is not None:
        return [Reason("fulfilled_already", {"milestone": milestone, "day": stands["done_on"].isoformat()})]
    if STEPS in planned.met_by:
        row = {"id": 0, "unit_id": unit, "calendar": calendar.name, "milestone": milestone}
        if not obligation_debts(Reads(connection, call.day), [row]):
            return [Reason("dossiers_meet_it", {"milestone": milestone})]
    return []
