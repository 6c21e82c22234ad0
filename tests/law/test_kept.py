"""Verdicts that are kept at hand-in, appraisal and decision, and by which rulebook each was taken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casework.bulk import take_steps
from casework.career.record_grades import GradeDecision, TypedGrade, record_grades
from casework.inputs import Inputs
from casework.law.judging import turned_by
from casework.record_step import subject_of
from casework.regulations import rulebook_named
from tests.build import Office
from tests.casework.telling import broken_links, rows
from tests.law.lawful import (
    award,
    basis,
    entry_of,
    grade,
    judged,
    judged_anew,
    kept,
    publish_books,
    wanted,
)


def walked(office: Office, until: str, *people: str, level: str = "local") -> str:
    """A dossier that was handed in, appraised, decided: as far as asked."""
    return office.dossier_at(until, level, *people)


def taken(office: Office) -> list[tuple[int, int, str]]:
    return [(row["nomination_id"], row["number"], row["taken_at"]) for row in rows(office, "verdict")]


def test_at_each_hand_in_appraisal_and_decision_one_verdict_for_each_nomination_is_kept(
    office: Office,
) -> None:
    publish_books(office)
    grade(office, "teacher", "HTTNV")
    code = walked(office, "decided")
    first, second = office.nominations(code)
    events = ["hand_in", "hand_in", "appraise", "appraise", "decide"]
    of_first = [(number, what) for nomination, number, what in taken(office) if nomination == first]
    assert of_first[:5] == list(enumerate(events, 1))
    found = [row for row in rows(office, "verdict") if row["nomination_id"] == second]
    # The year was closed by the decision: what looked at whether it is complete was looked at again.
    assert [row["taken_at"] for row in found] == [*events, "again"]
    assert [row["number"] for row in found] == [1, 2, 3, 4, 5, 6]
    assert {row["outcome"] for row in found} == {"unknown"} and {row["why"] for row in found} == {"silent"}
    assert {row["rule"] for row in found} == {"E01"}
    # The version is the dossier's once the act is recorded.
    dossier = office.row(code)
    assert found[-2]["version"] == dossier["version"]
    told = entry_of(office, subject_of(dossier["id"]), "decide")["verdicts"]
    assert told == [[first, "met", "E01"], [second, "unknown", "E01"]]
    # The grade itself is in the findings, by its row.
    kept_of_first = next(row for row in rows(office, "verdict") if row["nomination_id"] == first)
    assert '["grade:1"]' in kept_of_first["findings"]
    assert broken_links(office.database) == []
    assert kept(office) == judged_anew(office)


def test_only_the_newest_verdict_of_a_nomination_has_a_basis(office: Office) -> None:
    publish_books(office)
    code = walked(office, "at_education_office", "teacher")
    (number,) = office.nominations(code)
    holder = f"p{office.people['teacher']}"
    assert basis(office) == {
        number: {
            f"grade:{holder}:2024",
            f"complete:{holder}:2024",
            f"discipline:{holder}",
            f"matter:{holder}",
            "rulebook:rs-2024",
        }
    }
    assert len(taken(office)) == 2


def test_where_no_rulebook_is_published_nothing_is_kept_and_nothing_is_said(office: Office) -> None:
    code = walked(office, "decided", "teacher")
    assert rows(office, "verdict") == [] and rows(office, "verdict_basis") == []
    assert "verdicts" not in entry_of(office, subject_of(office.row(code)["id"]), "decide")


def test_where_no_rulebook_has_the_day_nothing_is_kept(office: Office) -> None:
    publish_books(office, "rs-2026")
    walked(office, "at_education_office", "teacher")
    assert rows(office, "verdict") == []


def test_many_appraised_at_once_have_the_verdicts_of_each_appraised_alone(office: Office) -> None:
    publish_books(office)
    grade(office, "teacher", "HTXSNV")
    alone, others = walked(office, "at_education_office", "teacher"), []
    for title in ("CSTDCS", "GK"):
        code = office.open()
        office.nominate(code, "teacher", "teacher-2", title=title)
        office.papers(code, "submission_letter", "achievement_report", "council_minutes", "publicity_notice")
        office.walk(code, "at_education_office")
        others.append(code)

    def told(*codes: str) -> set[tuple[Any, ...]]:
        numbers = {n for code in codes for n in office.nominations(code)}
        return {
            (r["nomination_id"], r["number"], r["outcome"], r["why"], r["rule"], r["findings"], r["chosen"])
            for r in rows(office, "verdict")
            if r["nomination_id"] in numbers and r["taken_at"] == "appraise"
        }

    office.step(alone, "appraise", "appraiser", "2025-06-20", support_rest=True)
    call = office.call("appraiser", "2025-06-20")
    done = take_steps(office.database, others, "appraise", call, Inputs(support_rest=True))
    assert [one.reasons for one in done] == [(), ()]
    assert len(told(alone)) == 1 and len(told(*others)) == 4
    assert kept(office) == judged_anew(office)
    assert {key for keys in basis(office).values() for key in keys if key.startswith("rulebook")} == {
        "rulebook:rs-2024"
    }


@pytest.mark.parametrize(
    ("day", "book", "legal"),
    [
        ("2023-12-31", "rs-2017", "2023-12-31"),
        ("2024-01-01", "rs-2024", "2024-01-01"),
        ("2025-06-30", "rs-2024", "2025-06-30"),
        ("2025-07-01", "rs-2025", "2025-07-01"),
        ("2026-09-30", "rs-2025", "2026-09-30"),
        ("2026-10-01", "rs-2026", "2026-10-01"),
    ],
)
def test_the_rulebook_is_that_of_the_day_of_the_decision(
    office: Office, day: str, book: str, legal: str
) -> None:
    publish_books(office)
    (one,) = judged(office, wanted(office, "teacher", on=day))
    assert one.choice is not None
    assert (one.choice.rulebook.name, one.choice.legal_day) == (book, date.fromisoformat(legal))
    assert one.choice.chosen == "by_decision"


def test_in_a_transition_the_earlier_rulebook_goes_on_unless_the_later_is_more_favourable(
    office: Office,
) -> None:
    publish_books(office, transition=True)
    before, after = "2025-07-04", "2025-07-05"
    asked = wanted(office, "teacher", on="2025-07-25")
    (one,) = judged(office, asked, received=before)
    assert one.choice is not None and one.choice.rulebook.name == "rs-2024"
    assert (one.choice.chosen, one.choice.legal_day) == ("the_better", date(2025, 6, 30))
    # Both had a say: a new version of either is looked at again.
    assert one.books == {"rs-2024", "rs-2025"}
    (late,) = judged(office, asked, received=after)
    assert late.choice is not None and (late.choice.rulebook.name, late.choice.chosen) == (
        "rs-2025",
        "by_decision",
    )


def test_a_verdict_of_a_transition_taken_again_is_chosen_among_the_same_rulebooks(office: Office) -> None:
    """Asked on the legal day of the earlier rulebook, the later one would not have been tried any more."""
    publish_books(office, transition=True)
    code = walked(office, "decided", "teacher")
    of = GradeDecision("2024-2025", "15/QĐ", date(2025, 7, 28), "Hiệu trưởng")
    record_grades(
        office.database, "th-mau-1", of, [TypedGrade("teacher", "HTTNV")], office.call("clerk", "2025-07-30")
    )
    found = [row for row in rows(office, "verdict") if row["nomination_id"] == office.nominations(code)[0]]
    decided, again = found[-2], found[-1]
    assert (decided["asked_on"], again["asked_on"]) == (date(2025, 7, 25), date(2025, 7, 25))
    assert decided["chosen"] == again["chosen"] == "the_better"
    assert (decided["outcome"], again["outcome"]) == ("unknown", "met")
    assert {"rulebook:rs-2024", "rulebook:rs-2025"} <= basis(office)[office.nominations(code)[0]]
    assert kept(office) == judged_anew(office)


def test_a_title_by_a_chain_rests_on_its_rows_and_waits_for_what_is_on_its_way(office: Office) -> None:
    publish_books(office)
    for year in (2022, 2023):
        award(office, "teacher", "CSTDCS", year)
    (silent,) = judged(office, wanted(office, "teacher", "CSTDT"))
    assert silent.verdict is not None and (silent.verdict.outcome, silent.verdict.why) == (
        "unknown",
        "silent",
    )
    code = office.open()
    office.nominate(code, "teacher", title="CSTDCS")
    (one,) = judged(office, wanted(office, "teacher", "CSTDT"))
    assert one.verdict is not None and one.verdict.awaited == (code,)


def test_what_another_rulebook_would_turn_is_named(office: Office) -> None:
    publish_books(office)
    office.nominate(office.open(), "teacher")
    grade(office, "teacher", "HTTNV")
    with office.database.read() as connection:
        old, new = (rulebook_named(connection, name) for name in ("rs-2017", "rs-2024"))
        turned = list(turned_by(connection, old, new, "2024-2025", date(2025, 6, 10)))
        assert list(turned_by(connection, new, new, "2024-2025", date(2025, 6, 10))) == []
    assert [
        (one.person, after.outcome) for one, before, after in turned if before.outcome != after.outcome
    ] == [(office.people["teacher"], "met")]


def test_a_step_is_never_refused_because_of_a_verdict(office: Office) -> None:
    publish_books(office)
    grade(office, "teacher", "KHTNV")
    code = walked(office, "decided", "teacher")
    assert [row["outcome"] for row in rows(office, "verdict") if row["taken_at"] == "decide"] == ["not_met"]
    assert office.row(code)["state"] == "decided"
