"""A kept verdict adds up to its answer by its rulebook, whatever the record was; a changed one does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from casework.doctor.adding_up import Kept, NotItsAnswers, add_up, kept_answers
from casework.law.keeping import findings_json
from rules.answers import OUTCOMES
from rules.lawbook import Asked
from rules.verdict import Verdict, verdict
from tests.rules.law_histories import Question, book_of, history, question, record_of


def taken(count: int) -> Iterator[tuple[Question, Verdict]]:
    """Verdicts on made-up histories, with what was asked."""
    for number in range(count):
        dice = Random(f"adding up {number}")
        asked = question(dice)
        told = history(dice, asked.subject, asked.year, asked.day)
        law = book_of(asked.book).law
        yield asked, verdict(law, Asked(asked.title, asked.year, asked.day), record_of(told))


def again(asked: Question, rule: str, kept: Sequence[Kept]) -> tuple[str, str]:
    return add_up(book_of(asked.book).law, (asked.title, asked.subject), rule, asked.day, kept)


def kept_of(found: Verdict) -> list[Kept]:
    kept = kept_answers(findings_json(found))
    assert kept is not None
    return kept


def test_whatever_the_rules_answer_adds_up_to_the_same_again() -> None:
    seen = set()
    for asked, found in taken(3000):
        assert again(asked, found.rule, kept_of(found)) == (found.outcome, found.why)
        seen.add((found.outcome, found.why))
    # The sample of histories is one: met, not met, and unknown for several reasons.
    assert {outcome for outcome, _ in seen} == set(OUTCOMES) and len(seen) >= 6


def test_an_answer_that_is_left_out_or_put_twice_is_not_of_its_rule() -> None:
    for asked, found in taken(300):
        kept = kept_of(found)
        for other in (kept[1:], [*kept, kept[-1]] if kept else [Kept(1, "met", "")]):
            if other == kept:
                continue
            with pytest.raises(NotItsAnswers):
                again(asked, found.rule, other)


def test_a_rule_that_the_rulebook_has_not_is_none() -> None:
    of_title = Question("rs-2024", "LDTT", "individual", 2024, date(2025, 6, 10))
    for rule in ("E99", ""):
        with pytest.raises(NotItsAnswers):
            again(of_title, rule, [])
    of_none = replace(of_title, title="SKCS")
    assert again(of_none, "", []) == ("unknown", "no_rule")
    with pytest.raises(NotItsAnswers):
        again(of_none, "", [Kept(1, "met", "")])


@pytest.mark.parametrize(
    "findings",
    (
        "",
        "{}",
        "[1]",
        '[[1,"met",""]]',
        '[["1","met","",[],{},[]]]',
        '[[1,"perhaps","",[],{},[]]]',
        '[[1,"met",null,[],{},[]]]',
        '[[1,"met","",[1],{},[]]]',
        '[[1,"met","",[],[],[]]]',
        '[[1, "met","",[],{},[]]]',
    ),
)
def test_findings_that_are_not_written_as_findings_are_cannot_be_read(findings: str) -> None:
    assert kept_answers(findings) is None
    assert kept_answers('[[1,"met","",["grade:1"],{"have":1},[]]]') == [Kept(1, "met", "")]
