"""Who may ask the rules about whom, and who is told what is in the way."""

from __future__ import annotations

from datetime import date

import pytest

from casework.law.records import records
from casework.law.who import ALL, NOTHING, OWN, knows_of, may_read
from casework.sight import sight_of
from casework.views.eligibility_asked import asked_of, explain, sheet_of
from notifications.words import LANGS
from rules.reasons import Reason
from tests.build import Office
from tests.casework.telling import reasons
from tests.law.lawful import discipline, grade, publish_books, wanted

DAY = date(2025, 6, 20)
SCHOOL = {"clerk", "principal", "school-council"}


def readers(office: Office) -> set[str]:
    """Who may ask about the teacher."""
    with office.database.read() as connection:
        return {
            code
            for code, number in office.people.items()
            if may_read(connection, sight_of(connection, number, DAY), DAY, person=office.people["teacher"])
        }


def test_the_person_her_school_administrators_and_those_to_whom_a_nomination_came_may_ask(
    office: Office,
) -> None:
    # Whoever may see the history may ask: those who judge the people below them as well.
    before = readers(office)
    assert before >= {"teacher", "admin", "appraiser", "appraiser-2", "office-head", "reviewer", *SCHOOL}
    strangers = {"teacher-2", "clerk-2", "bloc-head", "bloc-deputy", "party"}
    assert before.isdisjoint(strangers)
    office.dossier_at("at_bloc", "local", "teacher")
    assert readers(office) == before | {"bloc-head", "bloc-deputy"}


def test_whom_one_may_not_ask_about_looks_like_nobody(office: Office) -> None:
    with office.database.read() as connection:

        def told(who: str, title: str, year: str) -> list[Reason]:
            found = reasons(asked_of, connection, who, title, year, DAY, lambda person, unit: False)
            return [Reason(r.code, {k: "?" if v == who else v for k, v in r.params.items()}) for r in found]

        for title, year in (
            ("LDTT", "2024-2025"),
            ("TTLDTT", "2024-2025"),
            ("none", "2024"),
            ("LDTT", "2024-2026"),
        ):
            assert (
                told("teacher", title, year) == told("nobody", title, year) == told("th-mau-1", title, year)
            )


@pytest.mark.parametrize(
    ("person", "expected"),
    [("teacher", OWN), ("appraiser", ALL), ("office-head", ALL), ("principal", NOTHING), ("admin", NOTHING)],
)
def test_disciplines_are_named_to_those_who_judge_and_to_the_person_alone(
    office: Office, person: str, expected: object
) -> None:
    publish_books(office)
    grade(office, "teacher", "HTTNV")
    discipline(office, "teacher", "canh_cao", "2024-10-01", "2025-08-01")
    code = office.dossier_at("at_education_office", "local", "teacher")
    with office.database.read() as connection:
        sight = sight_of(connection, office.people[person], DAY)
        knows = knows_of(connection, sight, DAY, person=office.people["teacher"])
        assert knows == expected
        for lang in LANGS:
            one = explain(connection, wanted(office, "teacher"), lang, knows=knows)
            (row,) = sheet_of(connection, office.row(code), DAY, lang, sight)
            for told in (one, row):
                assert told["outcome"] == "not_met"
                evidence = [text for part in told["findings"][0]["parts"] for text in part["evidence"]]
                assert len(evidence) == (2 if expected != NOTHING else 1), evidence


def test_what_is_asked_by_name_is_the_nomination_on_its_way_and_none_of_a_dossier_at_rest(
    office: Office,
) -> None:
    publish_books(office)
    first = office.open()
    (standing,) = office.nominate(first, "teacher")
    office.step(first, "withdraw", "clerk", "2024-09-14", reason="Không tham gia nữa.")
    second = office.open()
    office.nominate(second, "teacher")
    office.step(second, "withdraw", "clerk", "2024-09-15", reason="Không tham gia nữa.")
    with office.database.read() as connection:
        assert asked_of(connection, "teacher", "LDTT", "2024-2025", DAY).nomination is None
    office.step(first, "restore", "clerk", "2024-09-16", reason="Rút nhầm.")
    with office.database.read() as connection:
        asked = asked_of(connection, "teacher", "LDTT", "2024-2025", DAY)
        (known,) = records(connection, [asked])
    # The later one rests: taken for the one that is asked, it would leave the first as a title to be waited for.
    assert (asked.nomination, known.record.held) == (standing, ())
