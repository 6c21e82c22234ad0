"""Votes on all members, against whole numbers that were written out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rules.ballots import MORE_THAN_HALF, needed, outcome, quorum, read_share

# How many must agree in councils of 1, 2, 3 … 25 members. Written out, not computed: 90 % of 15 is 13.5, so 14.
NEEDED = {
    "9/10": (1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 18, 19, 20, 21, 22, 23),
    "4/5": (1, 2, 3, 4, 4, 5, 6, 7, 8, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 16, 17, 18, 19, 20, 20),
    "2/3": (1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8, 9, 10, 10, 11, 12, 12, 13, 14, 14, 15, 16, 16, 17),
    "more_than_half": (1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13),
}
# (how many parts of, how many parts): what the table says, told in whole numbers.
PARTS = {"9/10": (9, 10), "4/5": (4, 5), "2/3": (2, 3)}


def shared(text):
    share = read_share(text)
    assert share is not None
    return share


@pytest.mark.parametrize("text", NEEDED)
def test_every_council_of_up_to_25_needs_what_the_table_says(text: str) -> None:
    assert len(NEEDED[text]) == 25
    for members, least in enumerate(NEEDED[text], start=1):
        assert needed(members, shared(text)) == least, (text, members)


@pytest.mark.parametrize("text", NEEDED)
def test_every_presence_and_every_number_of_agreeing_votes(text: str) -> None:
    asked = 0
    for members, least in enumerate(NEEDED[text], start=1):
        for present in range(members + 1):
            for agree in range(present + 1):
                found = outcome(
                    members=members,
                    present=present,
                    aside=0,
                    issued=present,
                    cast=["yes"] * agree + ["no"] * (present - agree),
                    share=shared(text),
                )
                # Whoever is absent is in the base all the same.
                assert found.passed == (agree >= least), (text, members, present, agree)
                if text in PARTS:
                    top, bottom = PARTS[text]
                    assert found.passed == (agree * bottom >= members * top)
                else:
                    assert found.passed == (agree + agree > members)
                assert (found.base, found.needed, found.absent) == (members, least, members - present)
                asked += 1
    # The sum of (n + 1)(n + 2) / 2 for n from 1 to 25.
    assert asked == 3275


def test_fourteen_of_fifteen_and_eight_of_nine() -> None:
    assert needed(15, Fraction(9, 10)) == 14
    assert needed(9, Fraction(4, 5)) == 8
    assert needed(15, Fraction(4, 5)) == 12


def test_a_share_that_binary_fractions_would_miss() -> None:
    # 0.9 * 10 and 0.8 * 5 in binary fractions may come out a hair too high: one vote more would be asked for.
    for tens in range(1, 400):
        assert needed(10 * tens, Fraction(9, 10)) == 9 * tens
        assert needed(5 * tens, Fraction(4, 5)) == 4 * tens


def test_written_opinions_count_as_votes_and_stand_by_themselves() -> None:
    found = outcome(
        members=15,
        present=13,
        aside=0,
        issued=13,
        cast=["yes"] * 12 + ["abstain"],
        written=["yes", "yes"],
        share=Fraction(9, 10),
    )
    assert (found.agree, found.needed, found.written, found.passed) == (14, 14, 2, True)
    assert (found.returned, found.valid, found.abstained, found.against) == (13, 13, 1, 0)
    assert found.share == Fraction(14, 15)


def test_votes_in_the_box_and_on_paper_are_counted_together_and_one_who_stands_aside_beside_them() -> None:
    found = outcome(
        members=6,
        present=4,
        aside=1,
        issued=4,
        cast=["no", "yes", "abstain"],
        written=["no", "abstain"],
        share=Fraction(1, 6),
    )
    assert (found.agree, found.against, found.abstained, found.passed) == (1, 2, 2, True)


def test_nobody_is_present_by_a_written_opinion() -> None:
    assert not quorum(15, 9, Fraction(2, 3)).met
    assert quorum(15, 10, Fraction(2, 3)).met
    assert (quorum(15, 11, Fraction(4, 5)).needed, quorum(15, 11, Fraction(4, 5)).met) == (12, False)


@pytest.mark.parametrize(
    ("base", "counted", "least", "passed"), [("stays", 10, 9, False), ("shrinks", 8, 8, True)]
)
def test_whoever_stands_aside_counts_in_the_base_or_not(
    base: str, counted: int, least: int, passed: bool
) -> None:
    found = outcome(
        members=10, present=10, aside=2, issued=8, cast=["yes"] * 8, share=Fraction(9, 10), base=base
    )
    assert (found.base, found.needed, found.passed) == (counted, least, passed)


def test_where_everybody_stands_aside_nobody_can_agree() -> None:
    for base in ("stays", "shrinks"):
        found = outcome(
            members=3, present=3, aside=3, issued=0, cast=[], share=shared(MORE_THAN_HALF), base=base
        )
        assert not found.passed
        assert found.share == 0


def test_an_invalid_ballot_came_back_and_agrees_with_nothing() -> None:
    found = outcome(
        members=5, present=5, aside=0, issued=5, cast=["yes"] * 4 + ["both"], share=Fraction(4, 5)
    )
    assert (found.returned, found.valid, found.invalid, found.agree, found.passed) == (5, 4, 1, 4, True)


def test_a_ballot_that_did_not_come_back_is_missing_in_the_figures() -> None:
    found = outcome(members=5, present=5, aside=0, issued=5, cast=["yes"] * 3, share=Fraction(4, 5))
    assert (found.issued, found.returned, found.agree, found.passed) == (5, 3, 3, False)


@pytest.mark.parametrize(
    ("figures", "why"),
    [
        ({"members": 3, "present": 4, "aside": 0, "issued": 3, "cast": []}, "more people than members"),
        (
            {"members": 3, "present": 3, "aside": 0, "issued": 2, "cast": ["yes"] * 3},
            "more ballots than people",
        ),
        ({"members": 3, "present": 3, "aside": 1, "issued": 3, "cast": ["yes"] * 3}, "stood aside has voted"),
        (
            {
                "members": 4,
                "present": 2,
                "aside": 1,
                "issued": 2,
                "cast": ["yes"] * 2,
                "written": ["yes"] * 2,
            },
            "stood aside has voted",
        ),
        (
            {"members": 3, "present": 2, "aside": 0, "issued": 2, "cast": [], "written": ["yes", "yes"]},
            "more ballots than people",
        ),
        (
            {"members": 3, "present": 2, "aside": 0, "issued": 2, "cast": [], "written": ["perhaps"]},
            "written opinion that says nothing",
        ),
        ({"members": 3, "present": 2, "aside": -1, "issued": 2, "cast": []}, "more people than members"),
        (
            {"members": 3, "present": 2, "aside": 0, "issued": 2, "cast": [], "base": "grows"},
            "the base: grows",
        ),
    ],
)
def test_figures_that_cannot_be_are_not_made_to_fit(figures: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        outcome(**{"share": Fraction(1, 2), **figures})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9/10", Fraction(9, 10)),
        ("90/100", Fraction(9, 10)),
        ("1/1", Fraction(1)),
        ("more_than_half", MORE_THAN_HALF),
        ("0.9", None),
        ("90%", None),
        ("0/5", None),
        ("6/5", None),
        ("1/0", None),
        ("-1/2", None),
        ("1/", None),
        ("/2", None),
        ("x/2", None),
        ("1/x", None),
        ("1", None),
        ("1234/5678", Fraction(1234, 5678)),
        ("1/10000", None),
        ("10000/10001", None),
        ("½", None),
        ("", None),
    ],
)
def test_shares_are_written_as_fractions(text: str, read: object) -> None:
    assert read_share(text) == read
