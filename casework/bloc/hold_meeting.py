"""A meeting that a bloc held. With its minutes it meets the milestone of its kind, as the bloc's word would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert

from casework.act import Done, do_act
from casework.attached import Attached, receiving
from casework.bloc.year import BlocYear
from casework.call import Call
from casework.debts import FULFILMENT
from casework.fulfil import against_fulfilling, against_word
from casework.history import append_entry
from casework.regulations import calendars_published
from documents.store import PaperStore
from kit.database import Database
from models.bloc_year import MEETING_KINDS, BlocMeeting
from published.milestone import FULFIL
from rules.reasons import Reason, refuse_if

MEETING = BlocMeeting.__table__
#: kind of meeting → the milestone that it meets
MILESTONE_OF = {
    "covenant": "covenant",
    "midyear": "midyear-review",
    "scoring": "bloc-scoring",
    "review": "covenant-review",
}


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is recorded of a meeting. ``chair`` and ``secretary`` are staff codes, ``held_on`` a local day."""

    bloc: str
    school_year: str
    kind: str
    held_on: date
    place: str
    chair: str
    secretary: str


def hold_meeting(
    database: Database, store: PaperStore | None, meeting: Meeting, call: Call, **options: Any
) -> Done:
    """Record a meeting. ``options`` may bring ``paper`` and ``name``: the minutes.

    With them, the milestone of its kind is met in the same transaction, in the bloc's own chain too.

    Raises:
        Refused: with every reason.
        StorageTrouble: the store or the database could not be written.
    """
    with receiving(store, options.pop("paper", None), options.pop("name", "")) as paper:
        return _hold(database, meeting, paper, call, **options)


def _hold(database: Database, meeting: Meeting, paper: Attached, call: Call, **options: Any) -> Done:
    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        year = BlocYear.of(connection, meeting.bloc, meeting.school_year, call)
        reasons = [*year.not_leading(), *_against(meeting, call), *paper.reasons]
        people = year.people((meeting.chair, meeting.secretary), reasons)
        refuse_if(reasons)
        kept = paper.keep(connection, call, dry_run=bool(options.get("dry_run")))
        row = year.columns | kept | {"kind": meeting.kind, "held_on": meeting.held_on}
        row |= {"place": meeting.place.strip()}
        row |= {"chair_id": people[meeting.chair], "secretary_id": people[meeting.secretary]}
        row |= {"recorded_by_id": call.actor_id, "recorded_at": call.now}
        made = int(connection.execute(insert(MEETING), row).inserted_primary_key[0])
        payload: dict[str, Any] = {
            "meeting": made,
            "kind": meeting.kind,
            "held_on": meeting.held_on.isoformat(),
            "chair": row["chair_id"],
            "secretary": row["secretary_id"],
        }
        if paper.sha256 is not None:
            payload["sha256"] = paper.sha256
            met = _meet(year, meeting, kept, call)
            if met is not None:
                payload["met"] = met
        return year.subject, payload

    asked = {"meeting": meeting, "paper": paper.sha256}
    return do_act(database, "hold_meeting", call, work, asked=asked, **options)


def _against(meeting: Meeting, call: Call) -> list[Reason]:
    reasons = []
    if meeting.kind not in MEETING_KINDS:
        reasons.append(
            Reason("unknown_meeting_kind", {"name": meeting.kind, "possible": list(MEETING_KINDS)})
        )
    if meeting.held_on > call.day:
        reasons.append(Reason("done_in_the_future", {"day": meeting.held_on.isoformat()}))
    if not meeting.place.strip():
        reasons.append(Reason("meeting_without_place"))
    return reasons


def _meet(year: BlocYear, meeting: Meeting, kept: dict[str, Any], call: Call) -> dict[str, str] | None:
    """Give the bloc's word on the milestone of the meeting's kind, where one is owed and it may be given."""
    milestone = MILESTONE_OF[meeting.kind]
    for calendar in calendars_published(year.connection):
        planned = calendar.milestones.get(milestone)
        if planned is None or calendar.school_year != year.school_year or planned.owed_by != "bloc":
            continue
        if FULFIL not in planned.met_by:
            continue
        # Met before by hand, or by an earlier meeting: that word stands, and the meeting is recorded all the same.
        against = against_fulfilling(year.connection, planned, year.id, call)
        if against or against_word(year.connection, calendar, planned, year.id, call):
            return None
        row = {
            "unit_id": year.id,
            "calendar": calendar.name,
            "milestone": milestone,
            "done_on": meeting.held_on,
            "fulfilled_by_id": call.actor_id,
            "fulfilled_at": call.now,
        }
        year.connection.execute(insert(FULFILMENT), row | kept)
        met = {"calendar": calendar.name, "milestone": milestone}
        told = met | {"done_on": meeting.held_on.isoformat(), "sha256": kept["paper_sha256"]}
        append_entry(year.connection, f"unit:{year.id}", "fulfil", told, call.part("fulfil"))
        return met
    return None
