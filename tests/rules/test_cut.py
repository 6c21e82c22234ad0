"""Where passed nominations are more than places."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from rules.cut import Candidate, Cut, cut, places


def listed(*votes: int, preferred: frozenset[int] = frozenset()) -> list[Candidate]:
    return [Candidate(number, count, number in preferred) for number, count in enumerate(votes, start=1)]


def test_a_share_leaves_the_part_of_a_whole_away() -> None:
    # 15 % of 40 is 6; of 39 it is 5.85, and a sixth would be more than 15 %.
    assert places(40, share=Fraction(3, 20)) == 6
    assert places(39, share=Fraction(3, 20)) == 5
    assert places(6, share=Fraction(3, 20)) == 0
    assert places(6, number=4) == 4


def test_of_nobody_a_share_is_nobody_and_a_number_stays() -> None:
    assert places(0, share=Fraction(3, 20)) == 0
    assert places(0, number=4) == 4
    assert places(1, share=Fraction(1)) == 1
    with pytest.raises(ValueError, match="a cap is a share of a base, or a number"):
        places(-1, share=Fraction(1, 2))
    with pytest.raises(ValueError, match="a cap is"):
        places(-1, number=4)


@pytest.mark.parametrize("given", [{}, {"share": Fraction(1, 2), "number": 2}])
def test_a_cap_is_one_of_two_things(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a cap is"):
        places(4, **given)  # type: ignore[arg-type]


def test_nothing_is_cut_where_all_have_a_place() -> None:
    assert cut(listed(5, 9, 7), 3) == Cut(3, (2, 3, 1), (), (), 0, {})


def test_from_the_highest_votes_down_and_the_marginal_ones_are_named() -> None:
    found = cut(listed(12, 15, 13, 14), 2)
    assert (found.inside, found.outside, found.settled) == ((2, 4), (3, 1), True)
    assert (found.last_in, found.first_out) == (4, 3)


def test_equal_at_the_cut_stays_equal_until_somebody_decides() -> None:
    found = cut(listed(15, 13, 13, 12), 2)
    assert (found.inside, found.tied, found.free, found.outside) == ((1,), (2, 3), 1, (4,))
    assert not found.settled


def test_the_legal_preference_decides_among_equals_only() -> None:
    found = cut(listed(15, 13, 13, 12, preferred=frozenset({3, 4})), 2)
    assert (found.inside, found.outside, found.by) == ((1, 3), (2, 4), {3: "preference", 2: "preference"})


def test_the_preference_may_leave_some_equal() -> None:
    more = cut(listed(13, 13, 13, preferred=frozenset({1, 2})), 1)
    assert (more.tied, more.free, more.outside, more.by) == ((1, 2), 1, (3,), {3: "preference"})
    fewer = cut(listed(13, 13, 13, preferred=frozenset({2})), 2)
    assert (fewer.inside, fewer.tied, fewer.free) == ((2,), (1, 3), 1)


def test_without_the_preference_in_the_rules_it_decides_nothing() -> None:
    found = cut(listed(13, 13, preferred=frozenset({2})), 1, ties=("votes", "chair"))
    assert found.tied == (1, 2)


def test_the_chair_decides_what_is_still_equal() -> None:
    found = cut(listed(15, 13, 13, 13), 3, chosen={2, 4})
    assert (found.inside, found.outside) == ((1, 2, 4), (3,))
    assert found.by == {2: "chair", 3: "chair", 4: "chair"}


@pytest.mark.parametrize("chosen", [{2}, {2, 3, 4}, {1, 2}, {2, 99}])
def test_a_word_of_the_chair_that_does_not_fit_decides_nothing(chosen: set[int]) -> None:
    found = cut(listed(15, 13, 13, 13), 3, chosen=chosen)
    assert (found.tied, found.free) == ((2, 3, 4), 2)


def test_without_the_chair_in_the_rules_the_tie_stands() -> None:
    assert cut(listed(13, 13), 1, ties=("votes",), chosen={2}).tied == (1, 2)


def test_no_place_leaves_everybody_out() -> None:
    assert cut(listed(13, 13), 0) == Cut(0, (), (1, 2), (), 0, {})


def test_every_list_of_up_to_five_is_whole_and_never_lets_fewer_votes_in_before_more() -> None:
    for size in range(1, 6):
        for votes in product(range(3), repeat=size):
            for most in range(size + 1):
                for mask in range(2**size):
                    preferred = frozenset(n for n in range(1, size + 1) if mask >> (n - 1) & 1)
                    found = cut(listed(*votes, preferred=preferred), most)
                    parts = [*found.inside, *found.tied, *found.outside]
                    assert sorted(parts) == list(range(1, size + 1))
                    assert len(found.inside) + found.free == most or (len(found.inside) == size <= most)
                    assert not found.tied or len(found.tied) > found.free > 0
                    got = [votes[n - 1] for n in found.inside]
                    missed = [votes[n - 1] for n in found.outside]
                    assert not got or not missed or min(got) >= max(missed)
                    for one in found.inside:
                        for other in (*found.outside, *found.tied):
                            if votes[one - 1] == votes[other - 1]:
                                assert one in preferred
                                assert other not in preferred
