"""Giving and ending duties, and lending one's own duty to a colleague for some days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, true, update

from casework.access import DELEGATION, DUTY, administrators_only
from casework.act import Done, do_act
from casework.call import Call
from casework.outbox import enqueue, new_item
from casework.people import person_by_code
from casework.routing import unit_by_code
from kit.database import Database
from rules.reasons import Reason, Refused, refuse_if
from states.vocabulary import DUTIES


def duties_subject(person: int) -> str:
    """The name of the chain of a person's duties."""
    return f"duties:{person}"


def grant_duty(
    database: Database,
    person: str,
    unit: str,
    duty: str,
    since: date,
    until: date | None,
    call: Call,
    **options: Any,
) -> Done:
    """Give a person a duty at a unit, from ``since`` to ``until`` (both included).

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        reasons = administrators_only(connection, call)
        if duty not in DUTIES:
            reasons.append(Reason("unknown_duty", {"name": duty}))
        if until is not None and until < since:
            reasons.append(Reason("ends_before_it_begins"))
        who, where = _both(connection, reasons, person, unit)
        reasons += not_erased(who)
        held = connection.execute(
            select(DUTY.c.id).where(
                DUTY.c.person_id == who["id"],
                DUTY.c.unit_id == where["id"],
                DUTY.c.duty == duty,
                or_(DUTY.c.until.is_(None), DUTY.c.until >= since),
                DUTY.c.since <= (until or date.max),
            )
        ).first()
        if held is not None:
            reasons.append(Reason("duty_already_held", {"duty": duty}))
        refuse_if(reasons)
        row = {"person_id": who["id"], "unit_id": where["id"], "duty": duty, "since": since, "until": until}
        made = int(connection.execute(insert(DUTY), row).inserted_primary_key[0])
        payload = {"duty_row": made, "duty": duty, "unit": where["id"], "since": since.isoformat()}
        payload["until"] = until.isoformat() if until else None
        return duties_subject(who["id"]), payload

    asked = {"person": person, "unit": unit, "duty": duty, "since": since, "until": until}
    return do_act(database, "grant_duty", call, work, asked=asked, **options)


def end_duty(
    database: Database,
    person: str,
    unit: str,
    duty: str,
    last_day: date,
    call: Call,
    *,
    spell: int | None = None,
    **options: Any,
) -> Done:
    """End a person's duty at a unit; ``last_day`` is the last on which it counts.

    Where the person holds it for several spells of time from that day on, ``spell`` says which is meant.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        reasons = administrators_only(connection, call)
        who, where = _both(connection, reasons, person, unit)
        found = _spells(connection, who["id"], where["id"], duty, last_day, None)
        spells = [row for row in found if spell in (None, row.id)]
        row = spells[0] if spells else None
        if row is None:
            reasons.append(Reason("duty_not_found", {"duty": duty}))
        elif len(spells) > 1:
            reasons.append(_several(duty, spells))
        elif last_day < row.since:
            reasons.append(Reason("ends_before_it_begins"))
        if row is None or reasons:
            raise Refused(reasons)
        connection.execute(update(DUTY).where(DUTY.c.id == row.id).values(until=last_day))
        return duties_subject(who["id"]), {"duty_row": row.id, "duty": duty, "until": last_day.isoformat()}

    asked = {"person": person, "unit": unit, "duty": duty, "last_day": last_day, "spell": spell}
    return do_act(database, "end_duty", call, work, asked=asked, **options)


def not_erased(person: Mapping[str, Any]) -> list[Reason]:
    """Nothing, or the reason that nothing new is given to somebody whose personal data were erased."""
    return [Reason("person_erased", {"person": person["code"]})] if person["erased_at"] is not None else []


def _spells(
    connection: Connection, person: int | None, unit: int, duty: str, since: date, until: date | None
) -> Sequence[Row[Any]]:
    """The spells of time of a duty that share a day with a period, the earliest first."""
    begun = DUTY.c.since <= until if until is not None else true()
    return connection.execute(
        select(DUTY)
        .where(
            DUTY.c.person_id == person,
            DUTY.c.unit_id == unit,
            DUTY.c.duty == duty,
            or_(DUTY.c.until.is_(None), DUTY.c.until >= since),
            begun,
        )
        .order_by(DUTY.c.since, DUTY.c.id)
    ).all()


def _several(duty: str, spells: Sequence[Row[Any]]) -> Reason:
    listed = [
        f"{row.id} ({row.since.isoformat()} – {row.until.isoformat() if row.until else '…'})"
        for row in spells
    ]
    return Reason("duty_in_several_spells", {"duty": duty, "spells": listed})


def _both(
    connection: Connection, reasons: list[Reason], person: str, unit: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for find, code in ((person_by_code, person), (unit_by_code, unit)):
        try:
            rows.append(find(connection, code))
        except Refused as refusal:
            reasons += refusal.reasons
    if len(rows) < 2:
        raise Refused(reasons)
    return rows[0], rows[1]


def delegate(
    database: Database, unit: str, duty: str, to: str, since: date, until: date, call: Call, **options: Any
) -> Done:
    """Lend one's own duty to a colleague, from ``since`` to ``until`` (both included). A lent duty is not lent on.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        reasons: list[Reason] = []
        receiver, where = _both(connection, reasons, to, unit)
        reasons += not_erased(receiver)
        spells = _spells(connection, call.actor_id, where["id"], duty, since, until)
        whole = [row for row in spells if row.since <= since and (row.until is None or row.until >= until)]
        own = next(iter([*whole, *spells]), None)
        if not whole and len(spells) > 1:
            reasons.append(_several(duty, spells))
        elif own is None:
            reasons.append(Reason("duty_not_held", {"duties": [duty], "unit": where["id"]}))
        elif since < own.since or (own.until is not None and until > own.until):
            ends = own.until.isoformat() if own.until else None
            reasons.append(Reason("lent_beyond_duty", {"since": own.since.isoformat(), "until": ends}))
        if until < since:
            reasons.append(Reason("ends_before_it_begins"))
        if until < call.day:
            reasons.append(Reason("ends_in_the_past", {"until": until.isoformat()}))
        if receiver["id"] == call.actor_id:
            reasons.append(Reason("not_for_oneself", {"person": receiver["id"]}))
        overlapping = connection.execute(
            select(DELEGATION.c.id).where(
                and_(
                    DELEGATION.c.duty_id == (own.id if own is not None else None),
                    DELEGATION.c.to_person_id == receiver["id"],
                    DELEGATION.c.ended_at.is_(None),
                    DELEGATION.c.since <= until,
                    DELEGATION.c.until >= since,
                )
            )
        ).first()
        if overlapping is not None:
            reasons.append(Reason("already_delegated", {"person": receiver["id"]}))
        if own is None or reasons:
            raise Refused(reasons)
        row = {"duty_id": own.id, "to_person_id": receiver["id"], "since": since, "until": until}
        made = int(connection.execute(insert(DELEGATION), row).inserted_primary_key[0])
        payload = {
            "delegation": made,
            "duty_row": own.id,
            "to": receiver["id"],
            "since": since.isoformat(),
            "until": until.isoformat(),
        }
        subject = duties_subject(int(own.person_id))
        told = {"delegation": str(made)}
        enqueue(connection, [new_item("delegation", subject, made, receiver["id"], told, call.now)])
        return subject, payload

    asked = {"unit": unit, "duty": duty, "to": to, "since": since, "until": until}
    return do_act(database, "delegate", call, work, asked=asked, **options)


def end_delegation(database: Database, delegation: int, call: Call, **options: Any) -> Done:
    """Take a delegation back before its end. The one who lent the duty may, and an administrator.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = (
            connection.execute(
                select(DELEGATION, DUTY.c.person_id)
                .join(DUTY, DUTY.c.id == DELEGATION.c.duty_id)
                .where(DELEGATION.c.id == delegation)
            )
            .mappings()
            .first()
        )
        if row is None or row["ended_at"] is not None:
            raise Refused([Reason("delegation_not_found", {"delegation": delegation})])
        if row["person_id"] != call.actor_id:
            refuse_if(administrators_only(connection, call))
        connection.execute(update(DELEGATION).where(DELEGATION.c.id == delegation).values(ended_at=call.now))
        return duties_subject(row["person_id"]), {"delegation": delegation}

    return do_act(database, "end_delegation", call, work, asked={"delegation": delegation}, **options)
