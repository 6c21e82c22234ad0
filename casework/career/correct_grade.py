"""Correcting one grade: another decision takes the place of the one that stands (NĐ 233/2026 Điều 15(4))."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from casework.act import Done
from casework.call import Call
from casework.career.complete import career_subject
from casework.career.in_turn import act_in_turn
from casework.career.keys import grade_key, holder_of, member_keys
from casework.career.reach import keeper_reasons
from casework.career.record_grades import GradeDecision
from casework.career.tables import GRADE
from casework.effects.numbers import text_reasons
from casework.history import make_note, write_notes
from casework.law.reopen import facts_changed
from casework.people import person_by_code
from casework.routing import unit_by_code
from kit.database import Database
from rules.reasons import Reason, Refused, refuse_if


def correct_grade(
    database: Database,
    holder: str,
    grade: str,
    decision: GradeDecision,
    reason: str,
    call: Call,
    *,
    of_unit: bool = False,
    **options: Any,
) -> Done:
    """Put another grade in the place of the one that stands for a person (or ``of_unit`` a unit) and a school year.

    The old row stays, with the instant and the reason of its end.

    Raises:
        Refused: no grade stands for that year, the new one is the same, the decision lies ahead or before the one that
            stands; every reason at once.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = unit_by_code(connection, holder) if of_unit else person_by_code(connection, holder)
        number = int(str(row["id"]))
        person, unit = (None, number) if of_unit else (number, None)
        reasons = keeper_reasons(connection, call, person=person, unit=unit)
        reasons += text_reasons("decision_number", decision.number, GRADE.c.number)
        reasons += text_reasons("issued_by", decision.issued_by, GRADE.c.issued_by)
        if not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        if decision.decided_on > call.day:
            reasons.append(Reason("decision_in_future", {"decided_on": decision.decided_on.isoformat()}))
        column = GRADE.c.unit_id if of_unit else GRADE.c.person_id
        stands = connection.execute(
            select(GRADE).where(
                column == number,
                GRADE.c.school_year == decision.school_year,
                GRADE.c.replaced_at.is_(None),
            )
        ).first()
        if stands is None:
            raise Refused([*reasons, Reason("grade_not_recorded", {"school_year": decision.school_year})])
        if stands.grade == grade:
            reasons.append(Reason("grade_is_the_same", {"grade": grade}))
        if decision.decided_on < stands.decided_on:
            days = {
                "decided_on": decision.decided_on.isoformat(),
                "stands": stands.decided_on.isoformat(),
            }
            reasons.append(Reason("grade_decided_before", days))
        refuse_if(reasons)
        note, told = make_note(reason.strip())
        write_notes(connection, [note])
        connection.execute(
            update(GRADE).where(GRADE.c.id == stands.id).values(replaced_at=call.now, note_id=note["id"])
        )
        made = connection.execute(
            insert(GRADE).values(
                person_id=person,
                unit_id=unit,
                school_year=decision.school_year,
                grade=grade,
                number=decision.number.strip(),
                decided_on=decision.decided_on,
                issued_by=decision.issued_by.strip(),
                recorded_by_id=call.actor_id,
                recorded_at=call.now,
            )
        )
        keys = {grade_key(holder_of(person, unit), decision.school_year)}
        if person is not None:
            keys |= member_keys(connection, [(person, decision.school_year)])
        facts_changed(connection, keys, call)
        payload = {
            "school_year": decision.school_year,
            "grade": grade,
            "was": stands.grade,
            "replaces": stands.id,
            "row": int(made.inserted_primary_key[0]),
            "number": decision.number.strip(),
            "decided_on": decision.decided_on.isoformat(),
            "reason": told,
        }
        return career_subject(person, unit), payload

    asked = {"holder": holder, "grade": grade, "decision": decision, "reason": reason, "unit": of_unit}
    return act_in_turn(database, "correct_grade", call, work, asked=asked, **options)
