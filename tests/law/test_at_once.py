"""A fact is corrected while an act is being judged: no verdict rests on what is not so any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event as heard_by

from casework.bulk import take_steps
from casework.career.correct_grade import correct_grade
from casework.career.record_grades import GradeDecision
from casework.inputs import Inputs
from casework.law import taking
from casework.nominate import NomineeInput, nominate
from casework.take_step import take_step
from kit.database import Database
from models.dossier import FINAL_KINDS
from states.procedure import read_procedure
from tests.build import ROOT, Office
from tests.casework.telling import broken_links
from tests.law.lawful import award, grade, judged_anew, kept, newest, publish_books

OF_YEAR = GradeDecision("2024-2025", "15/QĐ", date(2025, 6, 24), "Hiệu trưởng")
#: seconds that the one who judges leaves to the other to pass by: a correction takes a tenth of it
PAUSE = 1.5
DAY = "2025-06-25"


@pytest.fixture
def office(office: Office) -> Office:
    publish_books(office)
    grade(office, "teacher", "HTXSNV")
    for year in (2022, 2023):
        grade(office, "teacher", "HTXSNV", year)
        award(office, "teacher", "LDTT", year)
    return office


def handed_in(office: Office) -> str:
    """A dossier at the education office, whose nomination was not judged yet: it came before any rulebook."""
    code = office.open("local")
    nominate(office.database, code, [NomineeInput("LDTT", "teacher")], office.call("clerk", "2024-09-12"))
    office.papers(code, "submission_letter", "achievement_report", "council_minutes", "publicity_notice")
    office.walk(code, "at_education_office")
    with office.database.write() as connection:
        for table in ("verdict_basis", "verdict"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    return code


def alone(office: Office, database: Database, code: str) -> Any:
    call = office.call("appraiser", DAY)
    return take_step(database, code, "appraise", call, Inputs(support_rest=True))


def in_bulk(office: Office, database: Database, code: str) -> Any:
    call = office.call("appraiser", DAY)
    return take_steps(database, [code], "appraise", call, Inputs(support_rest=True))


@pytest.mark.parametrize("appraise", [alone, in_bulk])
def test_a_first_verdict_does_not_miss_a_correction_of_the_same_moment(
    office: Office, monkeypatch: pytest.MonkeyPatch, appraise: Callable[..., Any]
) -> None:
    code = handed_in(office)
    judged, corrected = threading.Event(), threading.Event()
    troubles: list[Exception] = []
    judge = taking.judge

    def slowly(*args: Any, **options: Any) -> Any:
        found = judge(*args, **options)
        judged.set()
        # Whoever corrects now either waits for this act, or is done before it is written.
        corrected.wait(PAUSE)
        return found

    def correct() -> None:
        url = office.database.engine.url.render_as_string(hide_password=False)
        other = Database(url, synchronous="NORMAL")
        judged.wait(30)
        try:
            correct_grade(other, "teacher", "KHTNV", OF_YEAR, "xếp nhầm", office.call("appraiser", DAY))
        except Exception as trouble:  # noqa: BLE001 - whatever it is fails the test below
            troubles.append(trouble)
        finally:
            corrected.set()
            other.close()

    monkeypatch.setattr(taking, "judge", slowly)
    racer = threading.Thread(target=correct)
    racer.start()
    appraise(office, office.database, code)
    racer.join()
    assert troubles == []
    (nomination,) = newest(office)
    assert newest(office)[nomination]["outcome"] == "not_met"
    assert kept(office) == judged_anew(office)
    assert broken_links(office.database) == []


def test_which_dossiers_are_still_waited_for_is_counted_once_the_facts_are_held(office: Office) -> None:
    """Counted before, those that others withdraw in the same moment would all be taken for waiting still."""
    code = office.open("local")
    nominate(office.database, code, [NomineeInput("LDTT", "teacher")], office.call("clerk", "2024-09-12"))
    said: list[str] = []

    def heard(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    heard_by.listen(office.database.engine, "before_cursor_execute", heard)
    office.step(code, "withdraw", "clerk", DAY, reason="Xin rút.")
    heard_by.remove(office.database.engine, "before_cursor_execute", heard)
    (counted,) = (n for n, one in enumerate(said) if "GROUP BY dossier.unit_id" in " ".join(one.split()))
    hold = "BEGIN IMMEDIATE" if office.database.is_sqlite else "pg_advisory_xact_lock("
    assert any(hold in one for one in said[:counted])


@pytest.mark.parametrize(
    "path", sorted((ROOT / "regulations" / "procedures").glob("*.yaml")), ids=lambda p: p.stem
)
def test_what_is_judged_with_others_changes_no_fact_itself(path: Any) -> None:
    """Two who share the hold and then both want it alone would wait for each other for ever."""
    procedure, faults = read_procedure(path.read_bytes())
    assert procedure is not None and faults == []
    for name, state in procedure.states.items():
        for level in procedure.levels:
            for event in taking.SHARING:
                step = procedure.step_of(name, event, level)
                if step is None:
                    continue
                assert state.kind not in FINAL_KINDS
                assert step.target is None or procedure.states[step.target].kind not in FINAL_KINDS
                assert not {"decision", "score", "results"} & set(step.provides)
