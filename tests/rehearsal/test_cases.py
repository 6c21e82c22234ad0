"""docs/cases.md is true: the sample answers what stands there, for the reason given there; no rule is left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casework.home_clock import business_now
from casework.law.who import ALL
from casework.views.eligibility_asked import asked_of, explain
from kit.database import Database
from published.rulebooks import read_rulebook
from rehearsal.run import SampleStanding
from rehearsal.sample_files import REGULATIONS, rows_of
from rules.windows import local_day
from tests.build import ROOT
from tests.played import settings_in

_ROW = re.compile(r"^\| \d+ \| `")


@dataclass(frozen=True, slots=True)
class Case:
    """A line of the page."""

    place: int
    who: str
    title: str
    year: str
    day: date | None
    answer: str
    rule: str
    article: str


def listed() -> list[Case]:
    found = []
    for line in (ROOT / "docs" / "cases.md").read_text(encoding="utf-8").splitlines():
        if _ROW.match(line):
            place, who, title, year, day, answer, rule, article, why = (
                cell.strip().strip("`") for cell in line.strip("|").split("|")
            )
            assert why, line
            on = date.fromisoformat(day) if day else None
            found.append(Case(int(place), who, title, year, on, answer, rule, article))
    return found


def leaves(findings: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The conditions themselves, without groups and without what leads to another title."""
    for finding in findings:
        if not finding["parts"]:
            yield finding
        yield from leaves(finding["parts"])


@pytest.fixture(scope="module")
def answers(driven: tuple[Path, SampleStanding]) -> list[tuple[Case, Mapping[str, Any]]]:
    database = Database(settings_in(driven[0]).url)
    with database.read() as connection:
        today = local_day(business_now(connection))
        told: list[tuple[Case, Mapping[str, Any]]] = [
            (
                case,
                explain(
                    connection,
                    asked_of(connection, case.who, case.title, case.year, case.day or today),
                    "vi",
                    knows=ALL,
                ),
            )
            for case in listed()
        ]
    database.close()
    return told


def test_every_case_is_answered_as_the_page_says(answers: list[tuple[Case, Mapping[str, Any]]]) -> None:
    assert len(answers) >= 30
    for case, told in answers:
        held = ", on_hold" if told["matters"] else ""
        assert (told["outcome"] + held, told["rule"]) == (case.answer, case.rule), case


def test_the_article_is_of_a_condition_that_makes_it_so(
    answers: list[tuple[Case, Mapping[str, Any]]],
) -> None:
    for case, told in answers:
        outcome = case.answer.split(",")[0]
        reasons = {one["article"] for one in leaves(told["findings"]) if one["outcome"] == outcome}
        if outcome == "unknown" and not told["awaited"]:
            # What only people can judge is unknown to the program.
            reasons |= {one["article"] for one in leaves(told["findings"]) if one["outcome"] == "judged"}
        assert case.article in reasons, (case, reasons)


def test_every_rule_that_can_be_asked_occurs() -> None:
    rules = set()
    for path in sorted((REGULATIONS / "rulebooks").glob("*.yaml")):
        book, _ = read_rulebook(path.read_bytes())
        assert book is not None
        rules |= {rule.id for rule in book.law.rules.values()}
    assert rules == {case.rule for case in listed()}


def test_cases_are_numbered_and_asked_once_and_of_each_answer_there_are_several() -> None:
    cases = listed()
    assert [case.place for case in cases] == list(range(1, len(cases) + 1))
    assert len({(case.who, case.title, case.year, case.day) for case in cases}) == len(cases)
    assert min(Counter(case.answer.split(",")[0] for case in cases).values()) >= 10


def test_what_is_unpleasant_is_of_people_and_schools_that_are_plainly_invented() -> None:
    folder = ROOT / "data" / "sample" / "cases"
    units = rows_of("units", folder)
    assert all(row["invented"] == "true" and row["name"].startswith("Trường Tiểu học Mẫu") for row in units)
    people = {row["code"]: row for row in rows_of("people", folder)}
    assert all(row["name"].startswith("Mẫu ") for row in people.values())
    assert {row["code"] for row in rows_of("disciplines", folder)} <= people.keys()
    assert {row["who"] for row in rows_of("acts", folder) if row["act"] == "open_matter"} <= people.keys()
    # Of real schools nobody is told what she lacks by name, but for the sample's own dossiers.
    mau = {row["code"] for row in rows_of("people") if row["unit"].startswith("th-mau-")}
    assert all(case.who.startswith("th-mau-") or case.who in {*people, *mau} for case in listed())


def test_of_the_merged_school_and_its_heir_the_years_make_one_chain(
    answers: list[tuple[Case, Mapping[str, Any]]],
) -> None:
    [told] = [told for case, told in answers if (case.who, case.year) == ("th-mau-2", "2023-2024")]
    rows = [row for one in leaves(told["findings"]) for row in one["evidence"]]
    assert any("2022-2023" in row for row in rows) and any("2023-2024" in row for row in rows)


def test_what_is_used_up_waits_and_is_corrected_is_told(
    answers: list[tuple[Case, Mapping[str, Any]]],
) -> None:
    told = {(case.who, case.title, case.year): one for case, one in answers}
    used = [one["found"] for one in leaves(told["gv-0398", "CSTDCS", "2024-2025"]["findings"])]
    assert any("1" in text and "sáng kiến" in text for text in used)
    assert told["gv-0352", "BKT-TX", "2024-2025"]["awaited"] == ["th-mau-1.2425.1"]
    [grade] = [
        row for one in leaves(told["gv-9003", "LDTT", "2022-2023"]["findings"]) for row in one["evidence"]
    ]
    assert "58/QĐ" in grade
