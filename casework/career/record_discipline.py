"""Recording a discipline of a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from casework.act import Done
from casework.call import Call
from casework.career.in_turn import act_in_turn
from casework.career.keys import discipline_key, holder_of, member_keys
from casework.career.reach import keeper_reasons
from casework.career.tables import DISCIPLINE
from casework.effects.numbers import text_reasons
from casework.law.reopen import facts_changed
from casework.people import person_by_code
from kit.database import Database
from rules.reasons import Reason, refuse_if
from rules.school_years import name_of, year_of


def record_discipline(
    database: Database,
    person: str,
    form: str,
    number: str,
    decided_on: date,
    call: Call,
    *,
    served_on: date | None = None,
    **options: Any,
) -> Done:
    """Record a discipline, and the day on which it had been served where that is known.

    Raises:
        Refused: the caller does not keep what is known of this person, a day lies ahead, it is on record; every
            reason at once.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        who = int(person_by_code(connection, person)["id"])
        reasons = keeper_reasons(connection, call, person=who)
        reasons += text_reasons("decision_number", number, DISCIPLINE.c.number)
        if decided_on > call.day:
            reasons.append(Reason("decision_in_future", {"decided_on": decided_on.isoformat()}))
        reasons += served_reasons(decided_on, served_on, call.day)
        there = connection.execute(
            select(DISCIPLINE.c.id).where(
                DISCIPLINE.c.person_id == who,
                DISCIPLINE.c.number == number.strip(),
                DISCIPLINE.c.decided_on == decided_on,
                DISCIPLINE.c.annulled_at.is_(None),
            )
        ).first()
        if there is not None and not reasons:
            # Who may know nothing of it is not told that it is there.
            reasons.append(Reason("discipline_recorded", {"number": number.strip()}))
        refuse_if(reasons)
        row = {
            "person_id": who,
            "form": form,
            "number": number.strip(),
            "decided_on": decided_on,
            "served_on": served_on,
            "recorded_by_id": call.actor_id,
            "recorded_at": call.now,
        }
        made = int(connection.execute(insert(DISCIPLINE), row).inserted_primary_key[0])
        facts_changed(connection, discipline_facts(connection, who, decided_on), call)
        return discipline_subject(made), {"discipline": made}

    asked = {
        "person": person,
        "form": form,
        "number": number,
        "decided_on": decided_on,
        "served_on": served_on,
    }
    return act_in_turn(database, "record_discipline", call, work, asked=asked, **options)


def discipline_subject(number: int) -> str:
    """The name of the chain of a discipline. It says neither of whom nor of which form: histories are looked through by
    people who may not know; who may reads it in the row."""
    return f"discipline:{number}"


def served_reasons(decided_on: date, served_on: date | None, today: date) -> list[Reason]:
    """Why a day cannot be the one on which a discipline had been served."""
    if served_on is None or decided_on <= served_on <= today:
        return []
    days = {"served_on": served_on.isoformat(), "decided_on": decided_on.isoformat()}
    return [Reason("served_out_of_range", days)]


def discipline_facts(connection: Connection, person: int, decided_on: date) -> set[str]:
    """The facts that a discipline of a person touches."""
    of_year = member_keys(connection, [(person, name_of(year_of(decided_on)))])
    return {discipline_key(holder_of(person, None))} | of_year
