"""Carrying out the planned acts about grades."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casework.call import Call
from casework.career.record_grades import GradeDecision, TypedGrade, record_grades
from rehearsal.plan import PlannedAct

if TYPE_CHECKING:
    from rehearsal.deeds import Stage


def _record(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    decision = GradeDecision(words["school_year"], words["number"], words["decided_on"], words["body"])
    rows = [TypedGrade(person, grade) for person, grade in words["graded"]]
    record_grades(stage.database, words["unit"], decision, rows, call)


GRADE_DEEDS = {"record_grades": _record}
