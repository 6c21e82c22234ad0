"""Recording the grades of a unit's people for a school year, as one decision says them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert

from casework.act import Done
from casework.call import Call
from casework.career.columns import FileRow, headings
from casework.career.complete import career_subject
from casework.career.import_file import changed_keys
from casework.career.in_turn import act_in_turn
from casework.career.look import look
from casework.career.reach import graders_reach
from casework.career.seen import TAKEN, Choices, SeenFile
from casework.career.tables import GRADE
from casework.effects.numbers import text_reasons
from casework.law.reopen import facts_changed
from casework.routing import unit_by_code
from casework.views.staff import bare
from kit.database import Database
from rules.reasons import Reason, refuse_if
from rules.school_years import against_unreadable

#: rows of one list: no unit employs more
MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class GradeDecision:
    """The decision by which grades of a school year were given, as printed."""

    school_year: str
    number: str
    decided_on: date
    issued_by: str


@dataclass(frozen=True, slots=True)
class TypedGrade:
    """A row as it came: staff code or name (or the unit itself), birth date where one stands, and the grade."""

    who: str
    grade: str
    birth_date: str = ""


def typed_grades(rows: Sequence[Sequence[str]]) -> list[TypedGrade]:
    """Rows of a table as typed grades. A first row of headings says which column is which; without one they are who,
    grade, birth date."""
    listed = [list(row) for row in rows]
    columns = ["name", "grade", "birth_date"]
    if listed:
        heads = [headings().get(bare(cell), "") for cell in listed[0]]
        if "grade" in heads:
            columns, listed = heads, listed[1:]
    found = []
    for row in listed:
        cells = {column: cell for column, cell in zip(columns, row, strict=False) if column}
        who = cells.get("code") or cells.get("name") or cells.get("unit", "")
        if who or cells.get("grade"):
            found.append(TypedGrade(who, cells.get("grade", ""), cells.get("birth_date", "")))
    return found


def look_at_grades(
    connection: Connection,
    unit: str,
    decision: GradeDecision,
    rows: Sequence[TypedGrade],
    call: Call,
    choices: Choices | None = None,
) -> SeenFile:
    """What each row means and why it would be refused; nothing is written. Lines are the places of rows, from 1.

    Raises:
        Refused: there is no such unit.
    """
    row = unit_by_code(connection, unit)
    reach, reasons = graders_reach(connection, call, int(str(row["id"])), decision.school_year)
    reasons += text_reasons("decision_number", decision.number, GRADE.c.number)
    reasons += text_reasons("issued_by", decision.issued_by, GRADE.c.issued_by)
    reasons += against_unreadable(decision.school_year)
    if len(rows) > MOST_LISTED:
        reasons.append(Reason("career_too_many_rows", {"most": MOST_LISTED}))
    if reasons or not rows:
        return SeenFile("grades", (), tuple(reasons))
    codes = reach.by_code()
    told = {
        "school_year": decision.school_year,
        "number": decision.number,
        "decided_on": decision.decided_on.isoformat(),
        "body": decision.issued_by,
    }
    listed = [
        FileRow(
            place,
            {
                **told,
                ("code" if one.who.casefold() in codes else "name"): one.who,
                "birth_date": one.birth_date,
                "grade": one.grade,
            },
        )
        for place, one in enumerate(rows, 1)
    ]
    # In a list of one unit a name of which there is one only is enough, unlike in a file of a whole district.
    names = reach.by_name()
    given = choices or Choices()
    alone = {
        row.line: same[0].code
        for row in listed
        if (same := names.get(" ".join(row.cell("name").casefold().split()), []))
        and len(same) == 1
        and not row.cell("birth_date")
    }
    sure = Choices({**alone, **given.people}, given.left_out)
    return look(connection, "grades", listed, reach, call.day, choices=sure, actor=call.actor_id)


def record_grades(
    database: Database,
    unit: str,
    decision: GradeDecision,
    rows: Sequence[TypedGrade],
    call: Call,
    *,
    choices: Choices | None = None,
    **options: Any,
) -> Done:
    """Record the grades of a list, all or none; what stands already in the same way stays as it is.

    Raises:
        Refused: every reason against every row at once.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen = look_at_grades(connection, unit, decision, rows, call, choices)
        reasons = [*seen.reasons, *(reason for row in seen.rows for reason in row.reasons)]
        waiting = [row.line for row in seen.of("doubtful")]
        if waiting:
            reasons.append(Reason("career_doubtful", {"count": len(waiting), "lines": waiting[:20]}))
        taken = seen.of(TAKEN)
        if not reasons and not taken:
            reasons.append(Reason("career_nothing_to_write"))
        refuse_if(reasons)
        values = [
            {
                **row.values,
                "person_id": row.holder[0],
                "unit_id": row.holder[1],
                "recorded_by_id": call.actor_id,
                "recorded_at": call.now,
            }
            for row in taken
        ]
        connection.execute(insert(GRADE), values)
        facts_changed(connection, changed_keys(connection, "grades", taken), call)
        number = int(str(unit_by_code(connection, unit)["id"]))
        told = {
            "unit": number,
            "school_year": decision.school_year,
            "number": decision.number.strip(),
            "decided_on": decision.decided_on.isoformat(),
            "graded": [[row.holder[0], row.values["grade"]] for row in taken],
        }
        return career_subject(None, number), told

    given = choices or Choices()
    asked = {
        "unit": unit,
        "decision": decision,
        "rows": list(rows),
        "people": {str(line): code for line, code in given.people.items()},
        "left_out": given.left_out,
    }
    return act_in_turn(database, "record_grades", call, work, asked=asked, **options)
