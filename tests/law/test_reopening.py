"""A fact is corrected: exactly the verdicts that were built on it are taken again, and the desks are told once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from casework.career.annul_discipline import annul_discipline
from casework.career.close_matter import close_matter
from casework.career.complete import state_complete, state_whole, unstate_complete
from casework.career.correct_grade import correct_grade
from casework.career.mark_served import mark_served
from casework.career.open_matter import open_matter
from casework.career.record_discipline import record_discipline
from casework.career.record_grades import GradeDecision, TypedGrade, record_grades
from casework.career.take_back import take_back_import
from casework.correct_score import correct_score
from casework.inputs import RecoveryInput, ScoreInput
from casework.letters.compose import Composer, compose_letters
from casework.nominate import NomineeInput, nominate
from casework.people import PERSON
from casework.publish import publish
from kit.database import Database
from kit.settings import Settings
from tests.build import Office, decision, main_way, noon
from tests.career.files import INITIATIVES, TITLES, given, imported, initiative, title
from tests.casework.telling import broken_links, rows
from tests.law.lawful import (
    TABLES,
    award,
    basis,
    discipline,
    grade,
    judged_anew,
    kept,
    newest,
    publish_books,
    text_of,
)
from tests.law.test_records import MERGED

DAY = "2025-06-25"
OF_YEAR = GradeDecision("2024-2025", "15/QĐ", date(2025, 6, 24), "Hiệu trưởng")
Correction = Callable[[Office], Any]


@pytest.fixture
def office(office: Office) -> Office:
    """Two schools' people asked for many titles; every dossier lies with the education office, appraised there."""
    publish_books(office)
    for person in ("teacher", "teacher-2", "clerk"):
        grade(office, person, "HTTNV")
        for year in (2021, 2022, 2023):
            grade(office, person, "HTXSNV", year)
            award(office, person, "CSTDCS", year)
    grade(office, "th-mau-1", "HTXSNV")
    discipline(office, "teacher-2", "canh_cao", "2022-10-01", "2023-09-30")
    imported(office, given("titles", TITLES, title("teacher", "2020-2021")), day="2025-04-01")
    for level, asked in (
        ("local", [("teacher", "CSTDCS"), ("teacher-2", "CSTDCS"), ("clerk", "LDTT"), (None, "TTLDTT")]),
        ("province", [("teacher", "CSTDT"), ("teacher-2", "BKT-TX"), (None, "COTINH")]),
    ):
        _appraised(office, level, asked)
    return office


def _appraised(office: Office, level: str, asked: list[tuple[str | None, str]]) -> str:
    code = office.open(level)
    nominees = [NomineeInput(title, person) for person, title in asked]
    nominate(office.database, code, nominees, office.call("clerk", "2024-09-12"))
    office.papers(code, "submission_letter", "achievement_report", "council_minutes", "publicity_notice")
    office.walk(code, "at_education_office")
    office.step(code, "appraise", "appraiser", "2025-06-20", support_rest=True)
    return code


def grade_corrected(office: Office, day: str = DAY) -> Any:
    call = office.call("appraiser", day)
    return correct_grade(office.database, "teacher", "HTNV", OF_YEAR, "xếp nhầm", call)


def same_grade_for_the_rule(office: Office) -> Any:
    call = office.call("appraiser", DAY)
    return correct_grade(office.database, "clerk", "HTXSNV", OF_YEAR, "xếp nhầm", call)


def unit_s_grade_corrected(office: Office) -> Any:
    call = office.call("appraiser", DAY)
    return correct_grade(office.database, "th-mau-1", "KHTNV", OF_YEAR, "xếp nhầm", call, of_unit=True)


def grade_of_a_first_time(office: Office) -> Any:
    typed = [TypedGrade("principal", "HTTNV")]
    return record_grades(office.database, "th-mau-1", OF_YEAR, typed, office.call("appraiser", DAY))


def discipline_recorded(office: Office) -> Any:
    when = date(2025, 1, 10)
    call = office.call("appraiser", DAY)
    return record_discipline(office.database, "teacher", "canh_cao", "8/QĐ", when, call)


def discipline_annulled(office: Office) -> Any:
    return annul_discipline(office.database, 1, "hủy theo kết luận", office.call("appraiser", DAY))


def discipline_served(office: Office) -> Any:
    discipline(office, "clerk", "khien_trach", "2024-10-01")
    return mark_served(office.database, 2, date(2025, 1, 1), office.call("appraiser", DAY))


def title_imported(office: Office) -> Any:
    return imported(office, given("titles", TITLES, title("teacher-2", "2020-2021", "CSTĐCS")), day=DAY)


def import_taken_back(office: Office) -> Any:
    title_imported(office)
    return take_back_import(office.database, 2, "sai tệp", office.call("appraiser", DAY))


def initiative_imported(office: Office) -> Any:
    return imported(office, given("initiatives", INITIATIVES, initiative(year="2023-2024")), day=DAY)


def initiatives_taken_back(office: Office) -> Any:
    initiative_imported(office)
    return take_back_import(office.database, 2, "sai tệp", office.call("appraiser", DAY))


def matter_opened(office: Office) -> Any:
    call = office.call("appraiser", DAY)
    return open_matter(office.database, "teacher", "complaint", date(2025, 6, 22), "đơn thư", call)


def matter_closed(office: Office) -> Any:
    matter_opened(office)
    return close_matter(office.database, 1, date(2025, 6, 24), "clean", office.call("appraiser", DAY))


def year_stated_complete(office: Office) -> Any:
    return state_complete(office.database, "th-mau-1", "titles", [2022, 2023], office.call("appraiser", DAY))


def disciplines_stated_complete(office: Office) -> Any:
    return state_complete(office.database, "th-mau-1", "disciplines", [2023], office.call("appraiser", DAY))


def statement_taken_back(office: Office) -> Any:
    year_stated_complete(office)
    return unstate_complete(office.database, "th-mau-1", "titles", [2022], office.call("appraiser", DAY))


def career_stated_whole(office: Office) -> Any:
    return state_whole(office.database, "teacher-2", office.call("appraiser", DAY))


def rulebook_in_a_new_version(office: Office) -> Any:
    text = text_of("rs-2024").replace(
        b"word: grade_at_least, grade: HTTNV", b"word: grade_at_least, grade: HTXSNV"
    )
    return publish(office.database, "rulebook", text, office.call(None, DAY))


def local_dossier_decided(office: Office) -> Any:
    code = next(row["code"] for row in rows(office, "dossier") if row["level"] == "local")
    office.step(code, "file", "clerk", "2025-07-02", receipt="H01.2025.0001")
    office.step(code, "appraise", "reviewer", "2025-07-10", support_rest=True)
    office.step(code, "record_council", "council-secretary", "2025-07-18", support_rest=True)
    return office.step(code, "decide", "chairman", "2025-07-25", decision=decision())


def local_dossier_withdrawn(office: Office) -> Any:
    code = next(row["code"] for row in rows(office, "dossier") if row["level"] == "local")
    return office.step(code, "withdraw", "clerk", DAY, reason="Xin rút.")


CORRECTIONS: tuple[Correction, ...] = (
    grade_corrected,
    same_grade_for_the_rule,
    unit_s_grade_corrected,
    grade_of_a_first_time,
    discipline_recorded,
    discipline_annulled,
    discipline_served,
    title_imported,
    import_taken_back,
    initiative_imported,
    initiatives_taken_back,
    matter_opened,
    matter_closed,
    year_stated_complete,
    disciplines_stated_complete,
    statement_taken_back,
    career_stated_whole,
    rulebook_in_a_new_version,
    local_dossier_decided,
    local_dossier_withdrawn,
)


@pytest.mark.parametrize("correct", CORRECTIONS, ids=lambda one: one.__name__)
def test_after_a_correction_every_verdict_is_what_it_would_be_anew(
    office: Office, correct: Correction
) -> None:
    before = kept(office)
    assert before == judged_anew(office)
    facts = basis(office)
    numbers = {nomination: row["number"] for nomination, row in newest(office).items()}
    correct(office)
    assert kept(office) == judged_anew(office)
    again: dict[int, list[dict[str, Any]]] = {}
    for row in rows(office, "verdict"):
        if row["taken_at"] == "again" and row["number"] > numbers[row["nomination_id"]]:
            again.setdefault(row["nomination_id"], []).append(row)
    # Whoever has another answer was looked at again; whoever was looked at had looked at the fact that it names.
    assert {n for n, answer in kept(office).items() if answer != before[n]} <= again.keys()
    for nomination, found in again.items():
        assert found[0]["reopened_by"] in facts[nomination]
        assert [row["number"] for row in found] == list(
            range(found[0]["number"], found[0]["number"] + len(found))
        )
    # The old ones stay as they were.
    assert {(row["nomination_id"], row["number"]) for row in rows(office, "verdict")} >= set(numbers.items())
    assert broken_links(office.database) == []


def letters(office: Office) -> list[tuple[str, str]]:
    """Who is told of verdicts that have turned, and about which dossier."""
    people = {number: code for code, number in office.people.items()}
    return sorted(
        (people[row["person_id"]], row["facts"]["dossier"])
        for row in rows(office, "outbox_item")
        if row["kind"] == "verdict_changed"
    )


def test_whoever_holds_the_dossier_is_told_once_where_the_outcome_turned(office: Office) -> None:
    local = next(row["code"] for row in rows(office, "dossier") if row["level"] == "local")
    office.step(local, "file", "clerk", "2025-07-02", receipt="H01.2025.0001")
    before = kept(office)
    grade_corrected(office, "2025-07-05")
    turned = {n for n, answer in kept(office).items() if answer[0] != before[n][0]}
    assert len(turned & set(office.nominations(local))) >= 1
    told = letters(office)
    assert ("reviewer", local) in told and len(told) == len(set(told))
    assert {person for person, _ in told} <= {"reviewer", "clerk", "principal"}


def test_the_letter_says_which_dossier_and_when_the_verdict_turned(office: Office) -> None:
    """With the templates that are in use: what they need is there."""
    with office.database.write() as connection:
        connection.execute(update(PERSON).values(email=PERSON.c.code + "@mau.example"))
    local = next(row["code"] for row in rows(office, "dossier") if row["level"] == "local")
    office.step(local, "file", "clerk", "2025-07-02", receipt="H01.2025.0001")
    grade_corrected(office, "2025-07-05")
    done = Composer(office.database, Settings()).compose(noon("2025-07-05"), noon("2025-07-05"))
    assert done.faults == []
    (letter,) = [
        row
        for row in rows(office, "letter", kind="verdict_changed")
        if row["person_id"] == office.people["reviewer"]
    ]
    assert (letter["standing"], letter["trouble"]) == ("queued", "")
    assert letter["subject"].startswith("Kết luận đã đổi ngày 5/7: hồ sơ " + local)


def test_the_letter_names_the_day_and_a_dossier_once_however_many_verdicts_on_it_turned(
    office: Office,
) -> None:
    now = office.call("appraiser", "2025-07-05").now
    before = kept(office)
    unit_s_grade_corrected(office)
    grade_corrected(office, "2025-07-04")
    turned = {n for n, answer in kept(office).items() if answer[0] != before[n][0]}
    dossiers = {row["dossier_id"] for row in rows(office, "nomination") if row["id"] in turned}
    assert len(turned) > len(dossiers) > 0
    with office.database.write() as connection:
        connection.execute(TABLES["person"].update().values(email="can.bo@thidua.example"))
    done = compose_letters(office.database, Settings(), now, wall=now)
    made = [row for row in rows(office, "letter") if row["kind"] == "verdict_changed"]
    assert made and done.faults == []
    assert {row["trouble"] for row in made} == {""}
    for row in made:
        items = [one for one in rows(office, "outbox_item") if one["letter_id"] == row["id"]]
        told = [one["subject"] for one in items if one["standing"] == "queued"]
        assert len(told) == len(set(told)) == len({one["subject"] for one in items})
        assert row["subject"].startswith("Kết luận đã đổi ngày ")


def test_nobody_is_told_where_the_outcome_stays(office: Office) -> None:
    before = kept(office)
    same_grade_for_the_rule(office)
    again = [row for row in rows(office, "verdict") if row["taken_at"] == "again"]
    assert again and {n: a[0] for n, a in kept(office).items()} == {n: a[0] for n, a in before.items()}
    assert letters(office) == []


def test_of_a_decided_dossier_the_desk_that_decided_is_told(office: Office) -> None:
    local_dossier_decided(office)
    local = next(row["code"] for row in rows(office, "dossier") if row["level"] == "local")
    told = letters(office)
    call = office.call("appraiser", "2025-08-01")
    correct_grade(office.database, "clerk", "KHTNV", OF_YEAR, "xếp nhầm", call)
    assert [one for one in letters(office) if one not in told] == [
        ("chairman", local),
        ("vice-chairman", local),
    ]


def test_of_a_withdrawn_dossier_nobody_is_told(office: Office) -> None:
    local_dossier_withdrawn(office)
    local = next(row["code"] for row in rows(office, "dossier") if row["level"] == "local")
    grade_corrected(office)
    assert local not in {dossier for _, dossier in letters(office)}


def test_a_revoked_title_turns_what_was_built_on_it(office: Office) -> None:
    local_dossier_decided(office)
    local = next(row["code"] for row in rows(office, "dossier") if row["level"] == "local")
    before = kept(office)
    back = RecoveryInput(None, "", "")
    revoking = {"reason": "khai gian", "recovery": back, "decision": decision("99/QĐ-UBND", "2025-09-01")}
    office.step(local, "revoke", "chairman", "2025-09-01", **revoking)
    assert kept(office) == judged_anew(office) != before


def test_a_corrected_rank_turns_the_flag_that_rests_on_it(office: Office) -> None:
    """The score stands already; before anybody has judged by it, it may be corrected."""
    code = office.open("province")
    office.nominate(code, "principal", title="CSTDT")
    nominate(office.database, code, [NomineeInput("COTINH")], office.call("clerk", "2024-09-12"))
    office.papers(code, "submission_letter", "achievement_report")
    with office.database.write() as connection:
        connection.execute(TABLES["bloc_score"].delete())
        others = TABLES["dossier"].c.code != code
        connection.execute(TABLES["dossier"].update().where(others).values(school_year="2023-2024"))
    for event, person, day, inputs in main_way("province")[:3]:
        office.step(code, event, person, day, **inputs)
    flag = office.nominations(code)[-1]
    assert "rank:" in " ".join(basis(office)[flag])
    number = newest(office)[flag]["number"]
    call = office.call("bloc-head", "2025-05-21")
    correct_score(office.database, code, ScoreInput(Decimal("900"), 2), "cộng nhầm", call)
    found = newest(office)[flag]
    assert (found["number"], found["outcome"]) == (number + 1, "not_met")
    assert found["reopened_by"] == f"rank:u{office.units['th-mau-1']}:2024"
    assert ("bloc-head", code) not in letters(office)


def test_what_is_known_of_a_merged_school_is_corrected_for_its_heir_too(office: Office) -> None:
    publish(office.database, "succession", MERGED.encode(), office.call(None, "2024-08-03"))
    before = basis(office)
    flag = next(n for n, keys in before.items() if any(key.startswith("grade:u") for key in keys))
    number = newest(office)[flag]["number"]
    typed = [TypedGrade("th-mau-2", "HTTNV")]
    call = office.call("appraiser", DAY)
    record_grades(office.database, "th-mau-2", OF_YEAR, typed, call)
    assert newest(office)[flag]["number"] == number + 1
    assert kept(office) == judged_anew(office)


def test_two_corrections_at_once_end_in_the_verdict_of_both(office: Office) -> None:
    url = office.database.engine.url.render_as_string(hide_password=False)
    gate, troubles = threading.Barrier(2), []

    def act(correct: Correction) -> None:
        database = Database(url, synchronous="NORMAL")
        mine = Office(database, office.units, office.people)
        try:
            gate.wait()
            correct(mine)
        except Exception as trouble:  # noqa: BLE001 - whatever it is fails the test below
            troubles.append(trouble)
        finally:
            database.close()

    racers = [threading.Thread(target=act, args=(one,)) for one in (grade_corrected, discipline_recorded)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert troubles == []
    assert kept(office) == judged_anew(office)
    for nomination in newest(office):
        found = [row["number"] for row in rows(office, "verdict") if row["nomination_id"] == nomination]
        assert found == list(range(1, len(found) + 1))
    assert broken_links(office.database) == []


def test_an_initiative_of_an_earlier_year_turns_the_verdicts_of_its_authors_alone(office: Office) -> None:
    before = {number: row["number"] for number, row in newest(office).items()}
    initiative_imported(office)
    again = {number: row for number, row in newest(office).items() if row["number"] > before[number]}
    key = f"initiatives:p{office.people['teacher']}"
    assert again and {row["reopened_by"] for row in again.values()} == {key}
    assert {number for number, keys in basis(office).items() if key in keys} == set(again)
    initiatives = {number: row["number"] for number, row in newest(office).items()}
    take_back_import(office.database, 2, "sai tệp", office.call("appraiser", DAY))
    back = {number for number, row in newest(office).items() if row["number"] > initiatives[number]}
    assert back == set(again)
