"""Carrying out the planned acts about grades, and about a matter that is looked into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from casework.call import Call
from casework.career.close_matter import close_matter
from casework.career.open_matter import MATTER, open_matter
from casework.career.record_grades import GradeDecision, TypedGrade, record_grades
from casework.people import PERSON
from rehearsal.plan import PlannedAct

if TYPE_CHECKING:
    from rehearsal.deeds import Stage


def _record(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    decision = GradeDecision(words["school_year"], words["number"], words["decided_on"], words["body"])
    rows = [TypedGrade(person, grade) for person, grade in words["graded"]]
    record_grades(stage.database, words["unit"], decision, rows, call)


def _open(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    open_matter(stage.database, words["person"], "complaint", words["since"], words["text"], call)


def _close(stage: Stage, act: PlannedAct, call: Call) -> None:
    with stage.database.read() as connection:
        about = select(PERSON.c.id).where(PERSON.c.code == act.words["person"]).scalar_subquery()
        standing = select(MATTER.c.id).where(MATTER.c.person_id == about, MATTER.c.closed_on.is_(None))
        number = connection.execute(standing).scalar_one()
    close_matter(stage.database, number, act.day, "clean", call)


GRADE_DEEDS = {"record_grades": _record, "open_matter": _open, "close_matter": _close}
