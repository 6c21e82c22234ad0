"""Settling and ranking: exact, fair to names, and a point more never costs a rank."""

from __future__ import annotations

from fractions import Fraction
from statistics import median as known_median

from hypothesis import given
from hypothesis import strategies as st

from rules.ranking import (
    Standing,
    exact_text,
    exact_value,
    mean,
    median,
    ranks,
    trimmed_mean,
)

scores = st.lists(st.integers(0, 300).map(lambda n: Fraction(n, 4)), min_size=1, max_size=9)
few = st.integers(0, 6).map(Fraction)
blocs = st.dictionaries(
    st.sampled_from("abcdefghijk"), st.builds(Standing, few, st.tuples(few, few)), min_size=1
)


@given(scores)
def test_the_median_is_the_one_that_everybody_knows(given_scores: list[Fraction]):
    assert median(given_scores) == known_median(given_scores)


@given(scores)
def test_what_is_settled_lies_between_the_lowest_and_the_highest(given_scores: list[Fraction]):
    for rule in (median, mean, trimmed_mean):
        assert min(given_scores) <= rule(given_scores) <= max(given_scores)


def test_a_mean_is_a_fraction_and_the_trimmed_one_leaves_out_both_ends():
    three = [Fraction(n) for n in (10, 20, 21)]
    assert mean(three) == Fraction(17)
    assert mean([Fraction(1), Fraction(1), Fraction(2)]) == Fraction(4, 3)
    assert trimmed_mean(three) == 20
    assert trimmed_mean([Fraction(1), Fraction(2)]) == Fraction(3, 2)


def test_equal_ones_share_a_rank_and_the_next_is_left_out():
    found = ranks({name: Standing(Fraction(total)) for name, total in zip("abcd", (9, 8, 8, 7), strict=True)})
    assert found == {"a": 1, "b": 2, "c": 2, "d": 4}


def test_a_third_of_a_point_decides():
    assert ranks({"a": Standing(Fraction(2791, 3)), "b": Standing(Fraction(93033, 100))}) == {"a": 1, "b": 2}


@given(blocs, st.randoms(use_true_random=False))
def test_other_names_for_the_schools_permute_the_ranking(bloc: dict[str, Standing], random):
    names = list(bloc)
    others = random.sample("lmnopqrstuv", len(names))
    renamed = dict(zip(names, others, strict=True))
    order = random.sample(names, len(names))
    found = ranks({renamed[name]: bloc[name] for name in order})
    assert found == {renamed[name]: rank for name, rank in ranks(bloc).items()}


@given(blocs, st.data())
def test_a_point_more_never_lowers_a_rank(bloc: dict[str, Standing], data):
    name = data.draw(st.sampled_from(sorted(bloc)))
    more = data.draw(st.integers(1, 4))
    was = bloc[name]
    # The point counts in the total and, where its group breaks ties, there as well.
    where = data.draw(st.sampled_from([None, 0, 1]))
    breaks = tuple(value + (more if place == where else 0) for place, value in enumerate(was.breaks))
    assert ranks({**bloc, name: Standing(was.total + more, breaks)})[name] <= ranks(bloc)[name]


@given(blocs)
def test_leaving_the_tie_breaks_out_changes_only_ties(bloc: dict[str, Standing]):
    with_breaks = ranks(bloc)
    without = ranks({name: Standing(standing.total) for name, standing in bloc.items()})
    for one, mine in bloc.items():
        for other, theirs in bloc.items():
            if mine.total > theirs.total:
                assert with_breaks[one] < with_breaks[other] and without[one] < without[other]
            if mine.total == theirs.total:
                assert without[one] == without[other]


@given(st.fractions())
def test_a_fraction_comes_back_as_it_was_written(value: Fraction):
    assert exact_value(exact_text(value)) == value
