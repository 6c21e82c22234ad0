"""Faults in histories, imports and verdicts of the lively office (tests/doctor/law_told.py), each under its code."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import and_, delete, select

from casework.career.tables import COMPLETE, DISCIPLINE, GRADE, IMPORTED, SERVICE
from casework.decided import AWARD
from casework.history import ENTRY, NOTE
from casework.law.keeping import BASIS, VERDICT
from casework.load import NOMINATION
from casework.regulations import REGULATION
from tests.build import noon
from tests.doctor.bed import DECIDED, NONE, Bed, Plant

# The imports of the lively office.
OF_TITLES, OF_GRADES, OF_SERVICE, TAKEN_BACK = 1, 2, 4, 5


def _imported(bed: Bed, table: Any, kind: str, *where: Any) -> dict[str, Any]:
    """A row that a file brought."""
    brought = select(IMPORTED.c.row_id).where(IMPORTED.c.kind == kind)
    return bed.row(table, table.c.id.in_(brought), *where)


def _of(bed: Bed, table: Any, person: str, *where: Any) -> dict[str, Any]:
    return bed.row(table, table.c.person_id == bed.office.people[person], *where)


# --- Careers ---


def grade_stands_twice(bed: Bed) -> str:
    # The database itself lets no second one stand.
    bed.connection.exec_driver_sql("DROP INDEX uq_grade_person_year")
    old = _imported(bed, GRADE, "grade", GRADE.c.replaced_at.is_not(None))
    bed.change(GRADE, GRADE.c.id == old["id"], replaced_at=None, note_id=None)
    standing = _of(bed, GRADE, "teacher", GRADE.c.school_year == "2022-2023", GRADE.c.id != old["id"])
    return f"grade:{standing['id']}"


def grade_outside_its_year(bed: Bed) -> str:
    row = _of(bed, GRADE, "clerk", GRADE.c.school_year == "2024-2025")
    bed.change(GRADE, GRADE.c.id == row["id"], decided_on=date(2024, 7, 31))
    return f"grade:{row['id']}"


def grade_replaced_by_nothing(bed: Bed) -> str:
    old = _imported(bed, GRADE, "grade", GRADE.c.replaced_at.is_not(None))
    bed.change(GRADE, GRADE.c.id == old["id"], replaced_at=noon("2025-06-08"))
    return f"grade:{old['id']}"


def discipline_twice(bed: Bed) -> str:
    row = _imported(bed, DISCIPLINE, "discipline")
    return f"discipline:{bed.copy(DISCIPLINE, DISCIPLINE.c.id == row['id'])}"


def history_days_out_of_order(bed: Bed) -> str:
    row = bed.row(DISCIPLINE, DISCIPLINE.c.number == "9/QĐ")
    bed.change(DISCIPLINE, DISCIPLINE.c.id == row["id"], served_on=date(2025, 2, 28))
    return f"discipline:{row['id']}"


def service_overlaps(bed: Bed) -> str:
    row = _imported(bed, SERVICE, "service", SERVICE.c.kind == "hard_area")
    return f"service:{bed.copy(SERVICE, SERVICE.c.id == row['id'], since=row['until'], until=None)}"


def ended_without_act(bed: Bed) -> str:
    row = bed.row(DISCIPLINE, DISCIPLINE.c.number == "9/QĐ")
    note = bed.row(NOTE)["id"]
    bed.change(DISCIPLINE, DISCIPLINE.c.id == row["id"], annulled_at=noon("2025-06-08"), note_id=note)
    return f"discipline:{row['id']}"


def complete_year_not_over(bed: Bed) -> str:
    row = _of(bed, COMPLETE, "teacher", COMPLETE.c.school_year == "2022-2023", COMPLETE.c.what == "titles")
    bed.change(COMPLETE, COMPLETE.c.id == row["id"], school_year="2025-2026")
    return f"complete_year:{row['id']}"


def complete_year_twice(bed: Bed) -> str:
    row = _of(bed, COMPLETE, "teacher", COMPLETE.c.what == "whole")
    return f"complete_year:{bed.copy(COMPLETE, COMPLETE.c.id == row['id'])}"


# --- Against the acts ---


def recorded_without_act(bed: Bed) -> str:
    row = _imported(bed, SERVICE, "service", SERVICE.c.kind == "hard_area")
    earlier = {"since": date(1999, 9, 1), "until": date(2000, 8, 31), "recorded_at": noon("2025-06-08")}
    return f"service:{bed.copy(SERVICE, SERVICE.c.id == row['id'], **earlier)}"


def grade_differs_from_history(bed: Bed) -> str:
    row = _of(bed, GRADE, "teacher", GRADE.c.school_year == "2024-2025")
    bed.change(GRADE, GRADE.c.id == row["id"], grade="HTXSNV")
    return f"grade:{row['id']}"


def service_differs_from_history(bed: Bed) -> str:
    row = _of(bed, SERVICE, "clerk")
    bed.change(SERVICE, SERVICE.c.id == row["id"], until=date(2025, 5, 30))
    return f"service:{row['id']}"


def chain_of_no_career(bed: Bed) -> str:
    subject = f"discipline:{NONE}"
    bed.copy(ENTRY, ENTRY.c.subject == "career-import:1", subject=subject, request_key="strange")
    return subject


# --- Imports ---


def imported_row_gone(bed: Bed) -> str:
    row = _imported(bed, SERVICE, "service")
    bed.connection.execute(delete(SERVICE).where(SERVICE.c.id == row["id"]))
    return f"career-import:{OF_SERVICE}"


def taken_back_import_has_rows(bed: Bed) -> str:
    bed.add(IMPORTED, import_id=TAKEN_BACK, kind="award", row_id=NONE, line=2)
    return f"career-import:{TAKEN_BACK}"


def row_of_two_imports(bed: Bed) -> str:
    row = _imported(bed, GRADE, "grade")
    bed.add(IMPORTED, import_id=OF_SERVICE, kind="grade", row_id=row["id"], line=2)
    return f"career-import:{OF_SERVICE}"


def import_differs_from_history(bed: Bed) -> str:
    noted = and_(IMPORTED.c.import_id == OF_TITLES, IMPORTED.c.kind == "award")
    row = bed.row(IMPORTED, noted)
    bed.connection.execute(delete(IMPORTED).where(noted, IMPORTED.c.row_id == row["row_id"]))
    return f"career-import:{OF_TITLES}"


def imported_title_outside_its_year(bed: Bed) -> str:
    row = _imported(bed, AWARD, "award", AWARD.c.person_id == bed.office.people["teacher-2"])
    bed.change(AWARD, AWARD.c.id == row["id"], school_year="2018-2019")
    return f"award:{row['id']}"


def imported_title_twice(bed: Bed) -> str:
    row = _imported(bed, AWARD, "award", AWARD.c.person_id == bed.office.people["teacher-2"])
    bed.change(AWARD, AWARD.c.id == row["id"], person_id=bed.office.people["teacher"])
    return f"award:{row['id']}"


# --- Verdicts ---


def _on_record(bed: Bed, *where: Any) -> dict[str, Any]:
    """The newest verdict of what was decided: taken again since a grade was corrected."""
    again = bed.row(VERDICT, VERDICT.c.reopened_by.startswith("grade:"), *where)
    newest = and_(VERDICT.c.nomination_id == again["nomination_id"], VERDICT.c.number > again["number"])
    assert bed.connection.execute(select(VERDICT).where(newest)).first() is None
    return again


def _change_it(bed: Bed, **values: Any) -> str:
    row = _on_record(bed)
    here = and_(VERDICT.c.nomination_id == row["nomination_id"], VERDICT.c.number == row["number"])
    bed.change(VERDICT, here, **values)
    return f"nomination:{row['nomination_id']}"


def _on_its_way(bed: Bed) -> dict[str, Any]:
    """The nomination whose newest verdict is that of a dossier on its way: a matter held it."""
    number = bed.row(VERDICT, VERDICT.c.reopened_by.startswith("matter:"))["nomination_id"]
    return bed.row(NOMINATION, NOMINATION.c.id == number)


def verdict_numbers_broken(bed: Bed) -> str:
    return _change_it(bed, number=_on_record(bed)["number"] + 1)


def verdict_on_nothing(bed: Bed) -> str:
    row = bed.row(NOMINATION, NOMINATION.c.initiative_id.is_not(None), NOMINATION.c.outcome == "awarded")
    key = f"initiatives:u{row['unit_id']}"
    bed.add(
        VERDICT,
        **_on_record(bed) | {"nomination_id": row["id"], "number": 1, "version": 1, "reopened_by": key},
    )
    bed.add(BASIS, nomination_id=row["id"], key=key)
    return f"nomination:{row['id']}"


def verdict_by_no_rulebook(bed: Bed) -> str:
    return _change_it(bed, rulebook_sha256=bed.row(REGULATION, REGULATION.c.kind == "titles")["sha256"])


def verdict_beyond_version(bed: Bed) -> str:
    return _change_it(bed, version=500)


def verdict_findings_unreadable(bed: Bed) -> str:
    return _change_it(bed, findings=_on_record(bed)["findings"].replace(",", ", ", 1))


def verdict_does_not_add_up(bed: Bed) -> str:
    return _change_it(bed, outcome="not_met")


def verdict_differs_from_history(bed: Bed) -> str:
    number = _on_record(bed)["nomination_id"]
    here = and_(VERDICT.c.nomination_id == number, VERDICT.c.taken_at == "decide")
    bed.change(VERDICT, here, taken_at="appraise")
    return f"nomination:{number}"


def basis_without_verdict(bed: Bed) -> str:
    row = bed.nomination(DECIDED)
    bed.add(BASIS, nomination_id=row["id"], key=f"grade:p{row['person_id']}:2024")
    return f"nomination:{row['id']}"


def verdict_without_basis(bed: Bed) -> str:
    number = _on_its_way(bed)["id"]
    bed.connection.execute(delete(BASIS).where(BASIS.c.nomination_id == number))
    return f"nomination:{number}"


def basis_key_impossible(bed: Bed) -> str:
    number = _on_record(bed)["nomination_id"]
    here = and_(BASIS.c.nomination_id == number, BASIS.c.key.startswith("grade:"))
    bed.change(BASIS, here, key=f"grade:p{NONE}:2024")
    return f"nomination:{number}"


def basis_keys_differ(bed: Bed) -> str:
    number = _on_its_way(bed)["id"]
    gone = and_(BASIS.c.nomination_id == number, BASIS.c.key.startswith("grade:"))
    assert bed.connection.execute(delete(BASIS).where(gone)).rowcount == 1
    return f"nomination:{number}"


def verdict_answers_otherwise(bed: Bed) -> str:
    row = _on_its_way(bed)
    here = and_(GRADE.c.person_id == row["person_id"], GRADE.c.school_year == "2024-2025")
    bed.change(GRADE, here, grade="HTNV")
    return f"nomination:{row['id']}"


PLANTED: tuple[Plant, ...] = (
    grade_stands_twice,
    grade_outside_its_year,
    grade_replaced_by_nothing,
    discipline_twice,
    history_days_out_of_order,
    service_overlaps,
    ended_without_act,
    complete_year_not_over,
    complete_year_twice,
    recorded_without_act,
    grade_differs_from_history,
    service_differs_from_history,
    chain_of_no_career,
    imported_row_gone,
    taken_back_import_has_rows,
    row_of_two_imports,
    import_differs_from_history,
    imported_title_outside_its_year,
    imported_title_twice,
    verdict_numbers_broken,
    verdict_on_nothing,
    verdict_by_no_rulebook,
    verdict_beyond_version,
    verdict_findings_unreadable,
    verdict_does_not_add_up,
    verdict_differs_from_history,
    basis_without_verdict,
    verdict_without_basis,
    basis_key_impossible,
    basis_keys_differ,
    verdict_answers_otherwise,
)
ALSO: dict[str, set[str]] = {
    "row_of_two_imports": {"import_differs_from_history"},
}
