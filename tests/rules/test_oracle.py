"""The rulebooks and rules/ say of thousands of made-up histories what an independent reading of the law says."""

from collections import Counter
from random import Random

import pytest

from rules.lawbook import Asked
from rules.verdict import verdict
from tests.rules.law_histories import BOOKS, Question, book_of, history, question, record_of
from tests.rules.law_oracle import LINES, opinion

#: histories of each rule of each rulebook; each is a matter of its number
OF_EACH = 40


def differing(asked: Question, told: dict):
    found = verdict(book_of(asked.book).law, Asked(asked.title, asked.year, asked.day), record_of(told))
    expected = opinion(asked.book, asked.title, asked.subject, asked.year, asked.day, told)
    return found.outcome, expected


@pytest.mark.parametrize("book", BOOKS)
def test_verdicts_are_those_of_an_independent_reading_of_the_law(book):
    faults, outcomes = [], {}
    for title, subject in sorted(book_of(book).law.rules):
        for seed in range(OF_EACH):
            dice = Random(f"{book} {title} {subject} {seed}")
            asked = question(dice)
            while asked.book != book:
                asked = question(dice)
            asked = Question(book, title, subject, asked.year, asked.day)
            told = history(dice, subject, asked.year, asked.day)
            found, expected = differing(asked, told)
            outcomes.setdefault((title, subject), Counter())[expected] += 1
            if found != expected:
                faults.append((title, subject, seed, found, expected))
    assert not faults, f"{len(faults)}: {faults[:8]}"
    # Histories that all answer alike would prove nothing: of a rule that can be met and missed, both are among them.
    lines = LINES[book]
    one_sided = [
        whose for whose, seen in outcomes.items() if lines[whose].__name__ in _TWO_SIDED and len(seen) < 3
    ]
    assert not one_sided, {whose: outcomes[whose] for whose in one_sided}


#: lines of which a history can meet, miss and leave open
_TWO_SIDED = ("e01", "e02", "e03", "e05", "e06", "e07", "e09", "e10", "e14", "e22", "e23", "bloc")


@pytest.mark.parametrize("book", BOOKS)
def test_every_title_of_a_rulebook_has_its_line_and_every_line_its_title(book):
    assert set(LINES[book]) == set(book_of(book).law.rules)


@pytest.mark.hard
@pytest.mark.drawn(2)
@pytest.mark.parametrize("part", range(10))
def test_verdicts_are_those_of_an_independent_reading_of_the_law_at_length(part):
    for seed in range(part * 20_000, (part + 1) * 20_000):
        dice = Random(seed)
        asked = question(dice)
        told = history(dice, asked.subject, asked.year, asked.day)
        found, expected = differing(asked, told)
        assert found == expected, f"seed {seed}: {asked}"
