"""How many may have the highest grade, and whether the head stands above the unit: exact, with the base named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.answers import MET, NOT_MET, UNKNOWN
from rules.grading import (
    PEOPLE,
    UNITS,
    Few,
    GradeCap,
    Graded,
    GradeLaw,
    HeadRule,
    look_at_people,
    look_at_units,
)
from rules.lawbook import Cited

SINCE = date(2026, 7, 1)
_12 = Cited("NĐ 233/2026/NĐ-CP, Điều 12(6)", "DX:233-2026", False)
C01 = GradeCap("C01", PEOPLE, "HTXSNV", Fraction(1, 5), ("HTTNV",), _12, or_share=Fraction(1, 4), since=SINCE)
C02 = replace(C01, id="C02", subject=UNITS, few=Few(below=5, most=1))
C03 = HeadRule("C03", Cited("NĐ 233/2026/NĐ-CP, Điều 12(7)", "DX:233-2026", False), since=SINCE)
LAW = GradeLaw("rs-2025", caps=(C01, C02), heads=(C03,))


def graded(excellent: int, good: int, *, group: str = "", others: int = 0) -> list[Graded]:
    """So many of each grade, in one task group."""
    grades = ["HTXSNV"] * excellent + ["HTTNV"] * good + ["HTNV"] * others
    return [Graded(f"{group}{number}", grade, group) for number, grade in enumerate(grades)]


@pytest.mark.parametrize(
    ("excellent", "good", "unit", "outcome", "most"),
    [
        (4, 20, "HTTNV", MET, 4),
        (5, 20, "HTTNV", NOT_MET, 4),
        # A quarter where the unit itself has the grade.
        (5, 20, "HTXSNV", MET, 5),
        (6, 20, "HTXSNV", NOT_MET, 5),
        # A share is of those graded well, never of everybody: of 24 people a fifth were 4.8.
        (1, 4, "HTTNV", NOT_MET, 0),
        (0, 0, "HTTNV", MET, 0),
        # Whether a fifth or a quarter counts is not known; where both say the same, it need not be.
        (5, 20, None, UNKNOWN, 4),
        (4, 20, None, MET, 4),
        (6, 20, None, NOT_MET, 4),
    ],
)
def test_the_highest_grade_is_a_share_of_those_graded_well(excellent, good, unit, outcome, most):
    (found,) = look_at_people(LAW, SINCE, graded(excellent, good, others=3), unit)
    assert (found.rule, found.outcome, found.have, found.most) == ("C01", outcome, excellent, most)
    assert (found.base, found.of, found.grade) == (good, ("HTTNV",), "HTXSNV")
    assert len(found.keys) == excellent


def test_a_head_is_graded_by_the_body_above_and_counts_in_no_share_of_the_unit():
    people = [*graded(1, 5), Graded("head", "HTXSNV", head=True)]
    share, head = look_at_people(LAW, SINCE, people, "HTXSNV")
    assert (share.rule, share.have, share.base, share.outcome) == ("C01", 1, 5, MET)
    assert (head.rule, head.outcome) == ("C03", MET)


def test_each_task_group_has_its_own_share():
    people = [*graded(2, 10, group="teachers"), *graded(1, 2, group="heads")]
    found = look_at_people(LAW, SINCE, people, "HTTNV")
    assert [(f.group, f.outcome, f.most) for f in found] == [("heads", NOT_MET, 0), ("teachers", MET, 2)]


def test_before_its_day_the_rule_asks_nothing():
    assert look_at_people(LAW, date(2026, 6, 30), graded(9, 1), "HTTNV") == ()


@pytest.mark.parametrize(
    ("excellent", "good", "manager", "outcome", "most"),
    [
        (1, 2, "HTTNV", MET, 1),
        (1, 3, None, MET, 1),
        (2, 2, "HTXSNV", NOT_MET, 1),
        (1, 5, "HTTNV", MET, 1),
        (2, 5, "HTTNV", NOT_MET, 1),
        (2, 8, "HTXSNV", MET, 2),
    ],
)
def test_of_fewer_than_five_units_one_may_have_it(excellent, good, manager, outcome, most):
    (found,) = look_at_units(LAW, SINCE, graded(excellent, good), manager)
    assert (found.rule, found.outcome, found.most) == ("C02", outcome, most)
    assert (found.few is not None) == (excellent + good < 5)


@pytest.mark.parametrize(
    ("head", "unit", "outcome"),
    [
        ("HTXSNV", "HTTNV", NOT_MET),
        ("HTTNV", "HTTNV", MET),
        ("HTNV", "HTXSNV", MET),
        ("HTXSNV", None, UNKNOWN),
    ],
)
def test_the_head_does_not_stand_above_the_unit(head, unit, outcome):
    found = look_at_people(replace(LAW, caps=()), SINCE, [Graded("h", head, head=True)], unit)
    assert [(f.rule, f.outcome, f.keys) for f in found] == [("C03", outcome, ("h",))]


@given(excellent=st.integers(0, 60), good=st.integers(0, 300))
def test_the_share_is_exact(excellent, good):
    people = [*graded(excellent, good), Graded("other", "HTNV")]
    (found,) = look_at_people(LAW, SINCE, people, "HTTNV")
    assert (found.outcome == MET) == (5 * excellent <= good)
