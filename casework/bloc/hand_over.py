"""The deputy's school becomes the head: the duties of both end and begin, and next year's deputy is named."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from casework.access import DUTY, EMPLOYMENT, in_force
from casework.act import Done, do_act
from casework.bloc.year import HEADS, BlocYear, holders_on
from casework.call import Call
from casework.duties import duties_subject
from casework.history import append_entry
from kit.database import Database
from models.base import values_of
from models.bloc_year import BlocLead
from rules.reasons import Reason, Refused
from rules.school_years import later

LEAD = BlocLead.__table__
_ONE_DAY = timedelta(days=1)


def hand_over(
    database: Database, bloc: str, school_year: str, deputy: str, since: date, call: Call, **options: Any
) -> Done:
    """Hand a bloc over at the end of ``school_year``: from ``since`` on (local day) its deputy's school is the head.

    ``deputy`` is the code of the school that becomes the deputy. The duties bloc_head and bloc_deputy at the bloc
    end the day before; the principals of the two schools get them. By the head.

    Raises:
        Refused: with every reason; no duty is changed.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        year = BlocYear.of(connection, bloc, school_year, call)
        reasons = year.not_heading()
        following = later(school_year)
        if since <= call.day:
            reasons.append(Reason("hand_over_too_early", {"day": since.isoformat()}))
        named = connection.execute(
            select(LEAD.c.id).where(LEAD.c.bloc_id == year.id, LEAD.c.school_year == following)
        ).first()
        if named is not None:
            reasons.append(Reason("handed_over_already", {"unit": year.id, "school_year": following}))
        row = year.school(deputy, reasons)
        head = _deputy_school(year, reasons)
        if row is not None:
            reasons += year.not_in_bloc(row)
            if head is not None and row["id"] == head:
                reasons.append(Reason("deputy_is_head", {"unit": head}))
        schools = {"bloc_head": head, "bloc_deputy": row["id"] if row is not None else None}
        people = {duty: _principal(year, school, since, reasons) for duty, school in schools.items()}
        reasons += _later(year, since)
        if reasons or row is None or head is None:
            raise Refused(reasons)
        values = {"bloc_id": year.id, "school_year": following, "since": since}
        values |= {"head_school_id": head, "deputy_school_id": row["id"]}
        values |= {"handed_over_by_id": call.actor_id, "handed_over_at": call.now}
        connection.execute(insert(LEAD), values)
        ended = _end(year, since - _ONE_DAY)
        granted = [_grant(year, person, duty, since) for duty, person in people.items() if person is not None]
        payload = {"head": head, "deputy": row["id"], "since": since.isoformat(), "school_year": following}
        return year.subject, payload | {"ended": ended, "granted": granted}

    asked = {"bloc": bloc, "school_year": school_year, "deputy": deputy, "since": since}
    return do_act(database, "hand_over", call, work, asked=asked, **options)


def leading_schools(year: BlocYear, day: date) -> dict[str, list[int]]:
    """``bloc_head`` and ``bloc_deputy`` → their schools in the year: as handed over, or as those people work."""
    known = ("leading_schools", day)
    if known not in year.kept:
        year.kept[known] = _leading_schools(year, day)
    found: dict[str, list[int]] = year.kept[known]
    return found


def _leading_schools(year: BlocYear, day: date) -> dict[str, list[int]]:
    lead = year.connection.execute(select(LEAD).where(year.mine(LEAD))).mappings().first()
    if lead is not None:
        return {"bloc_head": [lead["head_school_id"]], "bloc_deputy": [lead["deputy_school_id"]]}
    found: dict[str, list[int]] = {}
    for duty in HEADS:
        people = [holder["person_id"] for holder in holders_on(year.connection, year.id, duty, day)]
        query = select(EMPLOYMENT.c.unit_id).where(
            EMPLOYMENT.c.person_id.in_(people), in_force(EMPLOYMENT, day)
        )
        units = set(year.connection.execute(query).scalars())
        found[duty] = sorted(units & set(year.members))
    return found


def _deputy_school(year: BlocYear, reasons: list[Reason]) -> int | None:
    found = leading_schools(year, year.call.day)["bloc_deputy"]
    if len(found) != 1:
        reasons.append(Reason("deputy_school_unclear", {"unit": year.id, "count": len(found)}))
        return None
    if found[0] not in year.members:
        reasons.append(Reason("school_left_bloc", {"unit": found[0], "bloc": year.bloc["name"]}))
    return found[0]


def _principal(year: BlocYear, school: int | None, day: date, reasons: list[Reason]) -> int | None:
    if school is None:
        return None
    holders = holders_on(year.connection, school, "principal", day)
    if not holders:
        reasons.append(Reason("no_principal", {"unit": school, "day": day.isoformat()}))
        return None
    return int(holders[0]["person_id"])


def _later(year: BlocYear, since: date) -> list[Reason]:
    """A reason for each of the two duties that was given from a later day on: the two would be held at once."""
    query = select(DUTY.c.person_id, DUTY.c.duty, DUTY.c.since).where(
        DUTY.c.unit_id == year.id, DUTY.c.duty.in_(HEADS), DUTY.c.since >= since
    )
    return [
        Reason("duty_begins_later", {"person": row.person_id, "duty": row.duty, "day": row.since.isoformat()})
        for row in year.connection.execute(query.order_by(DUTY.c.id))
    ]


def _end(year: BlocYear, last_day: date) -> list[int]:
    """End what is held of both duties; gives the rows that ended."""
    query = select(DUTY).where(
        DUTY.c.unit_id == year.id,
        DUTY.c.duty.in_(HEADS),
        DUTY.c.since <= last_day,
        or_(DUTY.c.until.is_(None), DUTY.c.until > last_day),
    )
    ended = []
    for row in [values_of(found) for found in year.connection.execute(query.order_by(DUTY.c.id))]:
        year.connection.execute(update(DUTY).where(DUTY.c.id == row["id"]).values(until=last_day))
        told = {"duty_row": row["id"], "duty": row["duty"], "until": last_day.isoformat()}
        part = year.call.part(f"end/{row['id']}")
        append_entry(year.connection, duties_subject(row["person_id"]), "end_duty", told, part)
        ended.append(row["id"])
    return ended


def _grant(year: BlocYear, person: int, duty: str, since: date) -> int:
    row = {"person_id": person, "unit_id": year.id, "duty": duty, "since": since, "until": None}
    made = int(year.connection.execute(insert(DUTY), row).inserted_primary_key[0])
    told = {"duty_row": made, "duty": duty, "unit": year.id, "since": since.isoformat(), "until": None}
    append_entry(year.connection, duties_subject(person), "grant_duty", told, year.call.part(f"grant/{duty}"))
    return made
