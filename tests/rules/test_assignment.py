"""Who scores whom: balanced, nobody oneself, no favours for a favour where that can be, the same draw again."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.assignment import assign, mutual_pairs, scorers_of_each


def schools(number: int) -> list[str]:
    return [f"th-mau-{n}" for n in range(number)]


@pytest.mark.parametrize("number", range(2, 31))
def test_each_scores_k_others_and_is_scored_by_k_and_as_few_pairs_as_can_be_score_each_other(number: int):
    for asked in range(1, number):
        for seed in ("2025", "khác", ""):
            pairs = assign(schools(number), asked, seed)
            assert set(Counter(scorer for scorer, _ in pairs).values()) == {asked}
            assert set(Counter(scored for _, scored in pairs).values()) == {asked}
            assert len(pairs) == len(set(pairs)) == number * asked
            assert all(scorer != scored for scorer, scored in pairs)
            # Of n·k arrows at most one fits between each two schools before the first pair is mutual.
            fewest = max(0, number * asked - number * (number - 1) // 2)
            assert len(mutual_pairs(pairs)) == fewest
            assert number < 2 * asked + 1 or fewest == 0


@given(st.permutations(schools(11)), st.text(max_size=8))
def test_the_draw_does_not_depend_on_the_order_of_the_list(listed: list[str], seed: str):
    assert assign(listed, 3, seed) == assign(schools(11), 3, seed)


def test_another_seed_is_another_draw():
    draws = {assign(schools(11), 3, str(seed)) for seed in range(50)}
    assert len(draws) > 40


def test_a_draw_is_the_same_in_every_year_of_the_program():
    # Written down: a seed in a chain must give this draw for good.
    drawn = " ".join(scorer + scored for scorer, scored in assign("abcde", 2, "2024-2025"))
    assert drawn == "ab ae bc bd ca cd da de eb ec"


def test_a_small_bloc_scores_as_many_as_there_are():
    assert [scorers_of_each(number, 3) for number in (0, 1, 2, 3, 4, 5)] == [0, 0, 1, 2, 3, 3]
    assert assign(["a", "b"], 3, "x") == (("a", "b"), ("b", "a"))
    assert assign(["a"], 3, "x") == ()
