"""Grades, disciplines, matters and service recorded and corrected by hand; verdicts built on them are opened again."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select

from casework.act import Done
from casework.career import annul_discipline as annulling
from casework.career import complete as completing
from casework.career import import_file
from casework.career import record_discipline as recording
from casework.career import record_service as serving
from casework.career.annul_discipline import annul_discipline
from casework.career.close_matter import close_matter
from casework.career.columns import MOST_ROWS
from casework.career.complete import state_complete, state_whole
from casework.career.correct_grade import correct_grade
from casework.career.end_service import end_service
from casework.career.mark_served import mark_served
from casework.career.open_matter import open_matter
from casework.career.reach import JUDGES, employers_of, may_know
from casework.career.record_discipline import record_discipline
from casework.career.record_grades import MOST_LISTED, GradeDecision, TypedGrade, record_grades
from casework.career.record_service import record_service
from casework.career.seen import Choices
from casework.correct_score import correct_score
from casework.initiatives import change_initiative
from casework.inputs import RecoveryInput, ScoreInput
from casework.publish import publish
from models.base import metadata
from tests.at_once import at_once, codes_told
from tests.build import PEOPLE, ROOT, Office, decision, main_way, noon
from tests.career.files import DAY, TITLES, given, imported, title
from tests.casework.telling import broken_links, codes, refused_without_trace, rows
from tests.initiatives.lists import Lists, initiative

TABLES = metadata.tables
RULEBOOKS = sorted((ROOT / "regulations" / "rulebooks").glob("*.yaml"))
OF_YEAR = GradeDecision("2024-2025", "15/QĐ-TH", date(2025, 5, 28), "Hiệu trưởng Trường Mẫu 1")


@pytest.fixture
def office(office: Office) -> Office:
    """The small office, its rulebooks published."""
    for path in RULEBOOKS:
        publish(office.database, "rulebook", path.read_bytes(), office.call(None, "2024-08-02"))
    return office


def graded(office: Office, *typed: tuple[str, str], person: str = "clerk", **more: Any) -> Done:
    """A list of grades that somebody records."""
    of = more.pop("of", OF_YEAR)
    unit = more.pop("unit", "th-mau-1")
    list_ = [TypedGrade(who, grade) for who, grade in typed]
    return record_grades(office.database, unit, of, list_, office.call(person, more.pop("day", DAY)), **more)


def verdict_on(office: Office, *keys: str) -> int:
    """A nomination on which a verdict was taken that looked at some facts; gives its id."""
    with office.database.write() as connection:
        nominations = TABLES["nomination"]
        there = connection.execute(select(nominations).order_by(nominations.c.id)).mappings().all()
        # Of a title of its own, so that there may be many.
        other = {"id": len(there) + 100, "title": f"T{len(there)}", "outcome": "not_awarded"}
        connection.execute(insert(nominations), {**there[0], **other})
        sha256 = connection.execute(select(TABLES["regulation"].c.sha256).limit(1)).scalar()
        row = {
            "nomination_id": other["id"],
            "number": 1,
            "version": 2,
            "taken_at": "hand_in",
            "outcome": "unknown",
            "rulebook_sha256": sha256,
            "chosen": "by_decision",
            "asked_on": date(2025, 5, 1),
            "legal_day": date(2025, 5, 1),
            "findings": "[]",
            "recorded_at": noon("2025-05-01"),
        }
        connection.execute(insert(TABLES["verdict"]), row)
        basis = [{"nomination_id": other["id"], "key": key} for key in keys]
        connection.execute(insert(TABLES["verdict_basis"]), basis)
    return int(other["id"])


def reopened(office: Office) -> dict[int, str]:
    """The nominations of `verdict_on` whose verdicts were taken again, and because of which fact."""
    return {
        row["nomination_id"]: row["reopened_by"]
        for row in rows(office, "verdict")
        if row["taken_at"] == "again" and row["nomination_id"] > 100
    }


def test_a_school_records_the_grades_that_its_head_decides(office: Office) -> None:
    done = graded(office, ("teacher", "HTXSNV"), ("Người teacher-2", "hoàn thành tốt nhiệm vụ"))
    assert done.subject == f"career:u{office.units['th-mau-1']}"
    found = [(row["person_id"], row["grade"], row["number"]) for row in rows(office, "grade")]
    people = office.people
    assert found == [(people["teacher"], "HTXSNV", "15/QĐ-TH"), (people["teacher-2"], "HTTNV", "15/QĐ-TH")]
    # The same list again changes nothing; another grade of the year is corrected, not recorded.
    assert refused_without_trace(office, graded, office, ("teacher", "HTXSNV")) == ["career_nothing_to_write"]
    assert refused_without_trace(office, graded, office, ("teacher", "HTNV")) == ["career_grade_known"]
    assert broken_links(office.database) == []


def test_a_school_does_not_grade_its_head_itself_or_other_years(office: Office) -> None:
    assert codes(graded, office, ("principal", "HTTNV")) == ["career_nobody"]
    assert codes(graded, office, ("th-mau-1", "HTTNV")) == ["career_unit_unknown"]
    assert codes(graded, office, ("clerk", "HTTNV")) == ["career_about_yourself"]
    graded(office, ("clerk", "HTTNV"), person="principal")
    old = GradeDecision("2022-2023", "1/QĐ", date(2023, 5, 28), "Hiệu trưởng")
    assert codes(graded, office, ("teacher", "HTTNV"), of=old) == ["grades_of_other_year"]
    office_records = [("principal", "HTXSNV"), ("th-mau-1", "HTTNV"), ("teacher", "HTTNV")]
    graded(office, *office_records, of=old, person="appraiser")
    for person in ("teacher", "clerk-2", "admin", "bloc-head", "school-council", "reviewer"):
        assert refused_without_trace(office, graded, office, ("teacher-2", "HTTNV"), person=person) == [
            "duty_not_held"
        ]


def test_a_list_of_grades_is_refused_with_every_reason(office: Office) -> None:
    typed = [("teacher", "giỏi"), ("teacher-2", "HTTNV"), ("teacher-2", "HTNV"), ("ai đó", "HTTNV")]
    ahead = GradeDecision("2024-2025", "15/QĐ", date(2025, 6, 30), "Hiệu trưởng")
    assert codes(graded, office, *typed) == ["career_grade_twice", "career_grade_unknown", "career_nobody"]
    assert codes(graded, office, ("teacher", "HTTNV"), of=ahead) == ["career_day_ahead"]
    unreadable = GradeDecision("2024-2026", "", date(2025, 5, 30), "")
    assert codes(graded, office, ("teacher", "HTTNV"), of=unreadable, person="appraiser") == [
        "input_missing",
        "input_missing",
        "school_year_unreadable",
    ]
    many = [("teacher", "HTTNV")] * (MOST_LISTED + 1)
    assert codes(graded, office, *many) == ["career_too_many_rows"] and MOST_LISTED < MOST_ROWS
    only = Choices(left_out=frozenset({1}))
    done = graded(office, ("ai đó", "HTTNV"), ("teacher", "HTTNV"), choices=only)
    assert done.payload["graded"] == [[office.people["teacher"], "HTTNV"]]


def test_a_corrected_grade_keeps_the_old_one_with_the_reason(office: Office) -> None:
    graded(office, ("teacher", "HTXSNV"))
    office.nominate(office.open(), "teacher")
    holder, unit = f"p{office.people['teacher']}", f"u{office.units['th-mau-1']}"
    touched = [verdict_on(office, f"grade:{holder}:2024"), verdict_on(office, f"members:{unit}:2024")]
    verdict_on(office, f"grade:{holder}:2023", f"grade:p{office.people['clerk']}:2024")
    again = GradeDecision("2024-2025", "20/QĐ", date(2025, 6, 9), "Hiệu trưởng")

    def correct(
        grade: str = "HTNV", of: GradeDecision = again, reason: str = "nhầm", person: str = "appraiser"
    ):
        call = office.call(person, DAY)
        return correct_grade(office.database, "teacher", grade, of, reason, call)

    assert codes(correct, "HTXSNV", reason=" ") == ["grade_is_the_same", "input_missing"]
    early = GradeDecision("2024-2025", "20/QĐ", date(2025, 5, 1), "Hiệu trưởng")
    assert codes(correct, of=early) == ["grade_decided_before"]
    none = GradeDecision("2021-2022", "20/QĐ", date(2025, 5, 1), "Hiệu trưởng")
    assert codes(correct, of=none) == ["grade_not_recorded"]
    assert codes(correct, person="principal") == ["duty_not_held"]
    assert reopened(office) == {}
    correct()
    old, new = rows(office, "grade")
    assert (old["grade"], old["replaced_at"] is not None, old["note_id"] is not None) == (
        "HTXSNV",
        True,
        True,
    )
    assert (new["grade"], new["replaced_at"]) == ("HTNV", None)
    assert reopened(office) == dict(
        zip(touched, (f"grade:{holder}:2024", f"members:{unit}:2024"), strict=True)
    )


def test_a_discipline_is_recorded_served_and_annulled_by_those_who_keep_it(office: Office) -> None:
    office.nominate(office.open(), "teacher")
    verdict = verdict_on(office, f"discipline:p{office.people['teacher']}")
    when = date(2024, 3, 1)

    def record(person: str = "appraiser", **more: Any) -> Done:
        call = office.call(person, DAY)
        return record_discipline(office.database, "teacher", "canh_cao", "7/QĐ", when, call, **more)

    assert codes(record, served_on=date(2024, 2, 1)) == ["served_out_of_range"]
    assert codes(record, "principal") == ["duty_not_held"]
    done = record()
    assert done.payload == {"discipline": 1} and reopened(office) == {
        verdict: f"discipline:p{office.people['teacher']}"
    }
    assert codes(record) == ["discipline_recorded"]
    # To whoever may know nothing of it, nothing is said of whether it is there.
    assert codes(record, "clerk") == ["duty_not_held"]
    call = office.call
    assert codes(mark_served, office.database, 1, date(2024, 9, 1), call("clerk", DAY)) == [
        "discipline_unknown"
    ]
    assert codes(mark_served, office.database, 1, date(2024, 2, 1), call("appraiser", DAY)) == [
        "served_out_of_range"
    ]
    mark_served(office.database, 1, date(2024, 9, 1), call("appraiser-2", DAY))
    assert codes(mark_served, office.database, 1, date(2024, 9, 1), call("appraiser", DAY)) == [
        "discipline_served"
    ]
    assert codes(annul_discipline, office.database, 1, "", call("appraiser", DAY)) == ["input_missing"]
    annul_discipline(office.database, 1, "hủy theo kết luận", call("appraiser", DAY))
    assert codes(annul_discipline, office.database, 1, "x", call("appraiser", DAY)) == ["discipline_annulled"]
    assert codes(annul_discipline, office.database, 9, "x", call("appraiser", DAY)) == ["discipline_unknown"]
    record()
    own = codes(
        record_discipline, office.database, "appraiser", "canh_cao", "1", when, call("appraiser", DAY)
    )
    assert own == ["about_yourself"]


def test_a_matter_is_opened_and_closed_with_a_conclusion(office: Office) -> None:
    office.nominate(office.open(), "teacher")
    verdict = verdict_on(office, f"matter:p{office.people['teacher']}")
    call = office.call
    since = date(2025, 6, 1)

    def opened(person: str, day: date = since, text: str = "đơn thư") -> Done:
        return open_matter(office.database, "teacher", "complaint", day, text, call(person, DAY))

    assert codes(opened, "appraiser", date(2025, 7, 1), " ") == ["input_missing", "matter_ahead"]
    assert codes(opened, "clerk") == ["duty_not_held"]
    opened("appraiser")
    open_matter(office.database, "th-mau-1", "press", since, "báo nêu", call("appraiser", DAY), of_unit=True)
    assert list(reopened(office)) == [verdict]
    close = (office.database, 1, date(2025, 6, 9), "clean")
    assert codes(close_matter, *close, call("principal", DAY)) == ["matter_unknown"]
    early = (office.database, 1, date(2025, 5, 9), "clean")
    assert codes(close_matter, *early, call("appraiser", DAY)) == ["matter_closed_out_of_range"]
    close_matter(*close, call("appraiser", DAY))
    assert codes(close_matter, *close, call("appraiser", DAY)) == ["matter_closed"]
    assert [(row["unit_id"], row["conclusion"]) for row in rows(office, "open_matter")] == [
        (None, "clean"),
        (office.units["th-mau-1"], ""),
    ]


def test_service_is_recorded_in_spans_that_do_not_overlap(office: Office) -> None:
    call = office.call

    def serve(kind: str, since: str, until: str | None = None, person: str = "appraiser") -> Done:
        days = date.fromisoformat(since), date.fromisoformat(until) if until else None
        return record_service(office.database, "teacher", kind, *days, call(person, DAY))

    serve("trade", "2001-09-01")
    serve("hard_area", "2005-09-01", "2010-08-31")
    assert codes(serve, "trade", "2010-09-01") == ["service_overlaps"]
    assert codes(serve, "hard_area", "2012-09-01", "2011-08-31") == ["ends_before_it_begins"]
    assert codes(serve, "hard_area", "2012-09-01", "2026-08-31") == ["service_ahead"]
    assert codes(serve, "hard_area", "2012-09-01", person="clerk") == ["duty_not_held"]
    assert codes(end_service, office.database, 1, date(2000, 1, 1), call("appraiser", DAY)) == [
        "ends_before_it_begins"
    ]
    end_service(office.database, 1, date(2025, 5, 31), call("appraiser", DAY))
    assert codes(end_service, office.database, 1, date(2025, 5, 31), call("appraiser", DAY)) == [
        "service_ended"
    ]
    assert codes(end_service, office.database, 1, date(2025, 5, 31), call("clerk", DAY)) == [
        "service_unknown"
    ]
    serve("trade", "2025-06-01")


@pytest.mark.parametrize("person", PEOPLE)
def test_only_those_who_judge_the_people_below_them_know_of_disciplines(office: Office, person: str) -> None:
    about = office.people["teacher"]
    duty = PEOPLE[person][2]
    with office.database.read() as connection:
        knows = may_know(connection, office.people[person], "person", about, date(2025, 6, 10))
    # A desk that stands above no school judges nobody's school people by its place.
    above = person not in ("ministry", "state", "party", "clerk-2")
    assert knows == (duty in JUDGES and above)


def test_an_import_and_a_statement_of_completeness_open_verdicts_again(office: Office) -> None:
    office.nominate(office.open(), "teacher")
    holder, unit = f"p{office.people['teacher']}", f"u{office.units['th-mau-1']}"
    first = verdict_on(office, f"title:{holder}:2022:LDTT")
    ever = verdict_on(office, f"title:{holder}:ever:LDTT")
    members = verdict_on(office, f"members:{unit}:2022")
    silent = verdict_on(office, f"complete:{holder}:2021")
    verdict_on(office, f"title:{holder}:2022:CSTDCS", f"complete:{holder}:2022", f"members:{unit}:2021")
    imported(office, given("titles", TITLES, title()))
    assert set(reopened(office)) == {first, ever, members}
    state_complete(office.database, "th-mau-1", "grades", [2021], office.call("appraiser", DAY))
    assert silent in reopened(office)


def test_what_other_acts_change_opens_verdicts_again(office: Office) -> None:
    """Decisions, their reopening and revocation, ranks and initiatives are facts too."""
    text = (ROOT / "regulations" / "procedures" / "initiative-2024.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None, "2024-08-01"))
    code = office.open()
    office.nominate(code, "teacher")
    office.papers(code, "submission_letter", "achievement_report", "council_minutes", "publicity_notice")
    holder, unit = f"p{office.people['teacher']}", f"u{office.units['th-mau-1']}"
    rank = verdict_on(office, f"rank:{unit}:2024")
    held = verdict_on(office, f"title:{holder}:2024:LDTT")
    office.walk(code, "decided")
    assert set(reopened(office)) == {rank, held}
    again = verdict_on(office, f"title:{holder}:ever:LDTT")
    other = verdict_on(office, f"title:p{office.people['teacher-2']}:ever:LDTT")
    back = RecoveryInput(710_000, "giấy chứng nhận")
    revoking = {
        "reason": "kê khai gian dối",
        "recovery": back,
        "decision": decision("99/QĐ-UBND", "2025-09-01"),
    }
    office.step(code, "revoke", "chairman", "2025-09-01", **revoking)
    assert again in reopened(office) and other not in reopened(office)
    lists = Lists(office)
    (listed,) = lists.add(initiative("Góc đọc"), day="2025-03-05")
    author = verdict_on(office, f"initiatives:{holder}")
    words = initiative("Góc đọc mở", ("teacher-2", 10_000))
    change_initiative(office.database, listed, words, office.call("clerk", "2025-03-06"))
    assert author in reopened(office)


def test_a_corrected_rank_opens_verdicts_again(office: Office) -> None:
    code = office.open()
    office.nominate(code, "teacher")
    office.papers(code, "submission_letter", "achievement_report")
    for event, person, day, inputs in main_way("local")[:3]:
        office.step(code, event, person, day, **inputs)
    verdict = verdict_on(office, f"rank:u{office.units['th-mau-1']}:2024")
    call = office.call("bloc-head", "2025-05-21")
    correct_score(office.database, code, ScoreInput(Decimal("900"), 2), "cộng nhầm", call)
    assert list(reopened(office)) == [verdict]


def test_between_two_employers_a_history_is_kept_where_the_last_one_was(office: Office) -> None:
    table, person = TABLES["employment"], office.people["teacher"]

    def employers(*spans: tuple[str, date, date | None]) -> frozenset[int]:
        with office.database.write() as connection:
            connection.execute(table.delete().where(table.c.person_id == person))
            for unit, since, until in spans:
                row = {"person_id": person, "unit_id": office.units[unit], "since": since, "until": until}
                connection.execute(insert(table), row)
        with office.database.read() as connection:
            return employers_of(connection, person, date(2025, 6, 10))

    first, second = frozenset({office.units["th-mau-1"]}), frozenset({office.units["th-mau-2"]})
    left = ("th-mau-1", date(2020, 9, 1), date(2025, 5, 31))
    to_come = ("th-mau-2", date(2025, 9, 1), None)
    assert employers(left) == first
    # Somebody who will be employed elsewhere in September is not employed there in June.
    assert employers(left, to_come) == first
    assert employers(("th-mau-2", date(2015, 9, 1), date(2020, 8, 31)), left, to_come) == first
    # Of whom nobody employed yet, the first employer to come.
    assert employers(to_come, ("th-mau-1", date(2026, 9, 1), None)) == second


@pytest.mark.parametrize("what", ["file", "discipline", "service", "complete", "whole", "annulled"])
def test_what_two_record_in_the_same_moment_stands_once(
    office: Office, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    acts = {
        "file": lambda: imported(office, given("titles", TITLES, title("teacher", "2020-2021"))),
        "discipline": lambda: record_discipline(
            office.database, "teacher", "canh_cao", "7/QĐ", date(2023, 3, 1), office.call("appraiser")
        ),
        "service": lambda: record_service(
            office.database, "teacher", "trade", date(2001, 9, 1), None, office.call("appraiser")
        ),
        "complete": lambda: state_complete(
            office.database, "th-mau-1", "titles", [2022], office.call("appraiser")
        ),
        "whole": lambda: state_whole(office.database, "teacher", office.call("appraiser")),
        "annulled": lambda: annul_discipline(office.database, 1, "Ghi nhầm", office.call("appraiser")),
    }
    if what == "annulled":
        acts["discipline"]()
    both = threading.Barrier(2, timeout=1.0)
    module, looks = {
        "file": (import_file, "_looked"),
        "discipline": (recording, "keeper_reasons"),
        "service": (serving, "keeper_reasons"),
        "complete": (completing, "keeper_reasons"),
        "whole": (completing, "keeper_reasons"),
        "annulled": (annulling, "keeper_reasons"),
    }[what]
    looked = getattr(module, looks)

    def together(*args: Any, **more: Any) -> Any:
        # Where nobody waits, both look before either writes.
        with suppress(threading.BrokenBarrierError):
            both.wait()
        return looked(*args, **more)

    monkeypatch.setattr(module, looks, together)
    told = codes_told(at_once(*[acts[what]] * 2))
    again = {
        "file": "career_nothing_to_write",
        "discipline": "discipline_recorded",
        "service": "service_overlaps",
        "complete": "complete_already",
        "whole": "complete_already",
        "annulled": "discipline_annulled",
    }
    assert told == [[], [again[what]]]
    assert broken_links(office.database) == []
